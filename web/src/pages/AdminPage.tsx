import { JobList } from '../features/jobs/JobList';
import { NetworkList } from '../features/jobs/NetworkList';
import { PlanPackages } from '../features/plans/PlanPackages';
import type { Shell } from '../features/shell/shell';
import { useTexts } from '../features/texts';
import { StepLink } from '../components/StepLink';

const tabs = ['plans', 'jobs', 'networks'] as const;

/** What the work rests on: the plan as it is written, long computations and street networks. */
export function AdminPage({ shell }: { shell: Shell }) {
  const { t } = useTexts();
  const open = tabs.find((tab) => tab === shell.state.tab) ?? 'jobs';
  return (
    <div className="admin">
      <h2>{t('nav.admin')}</h2>
      <nav className="actions" aria-label={t('nav.admin')}>
        {tabs.map((tab) => (
          <StepLink key={tab} href={shell.linkTo({ tab, row: '', words: '' })} onFollow={() => { shell.go({ tab, row: '', words: '' }); }} current={tab === open} className="button">
            {t(`admin.${tab}`)}
          </StepLink>
        ))}
      </nav>
      {open === 'plans' && <PlanPackages shell={shell} />}
      {open === 'jobs' && <JobList shell={shell} />}
      {open === 'networks' && <NetworkList />}
    </div>
  );
}
