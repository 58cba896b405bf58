import { JobList } from '../features/jobs/JobList';
import { NetworkList } from '../features/jobs/NetworkList';
import type { Shell } from '../features/shell/shell';
import { useTexts } from '../features/texts';
import { StepLink } from '../components/StepLink';

const tabs = ['jobs', 'networks'] as const;

/** What the work rests on: long computations and street networks. */
export function AdminPage({ shell }: { shell: Shell }) {
  const { t } = useTexts();
  const open = tabs.find((tab) => tab === shell.state.tab) ?? 'jobs';
  return (
    <div className="admin">
      <h2>{t('nav.admin')}</h2>
      <nav className="actions" aria-label={t('nav.admin')}>
        {tabs.map((tab) => (
          <StepLink key={tab} href={shell.linkTo({ tab })} onFollow={() => { shell.go({ tab }); }} current={tab === open} className="button">
            {t(`admin.${tab}`)}
          </StepLink>
        ))}
      </nav>
      {open === 'jobs' ? <JobList shell={shell} /> : <NetworkList />}
    </div>
  );
}
