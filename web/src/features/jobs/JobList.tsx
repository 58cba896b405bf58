import { useQuery } from '@tanstack/react-query';
import { jobsQuery } from '../../api/jobs';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { StepLink } from '../../components/StepLink';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { JobProgress } from './JobLine';

/** Every long computation, the latest first; they survive a reload of the page and a restart of the server. */
export function JobList({ shell }: { shell: Shell }) {
  const { t, name, dateTime, error: errorText } = useTexts();
  const { data, error, refetch } = useQuery(jobsQuery);
  if (data === undefined) {
    return error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={errorText(error)} retryLabel={t('status.retry')} onRetry={() => { void refetch(); }} />
    );
  }
  const areaName = (code: string) => {
    const area = shell.areas.find((known) => known.code === code);
    return area === undefined ? code : name(area.name);
  };
  return (
    <section className="card jobs" aria-label={t('jobs.title')}>
      <h3>{t('jobs.title')}</h3>
      {data.jobs.length === 0 && <p className="empty">{t('jobs.empty')}</p>}
      <ul>
        {data.jobs.map((job) => {
          const step = { screen: 'siting', area: job.area, row: job.id } as const;
          return (
            <li key={job.id}>
              <p>
                {job.kind === 'siting' ? (
                  <StepLink href={shell.linkTo(step)} onFollow={() => { shell.go(step); }} current={false}>
                    {codeText(t, 'jobKind', job.kind)} · {areaName(job.area)}
                  </StepLink>
                ) : (
                  [codeText(t, 'jobKind', job.kind), areaName(job.area)].filter(Boolean).join(' · ')
                )}{' '}
                <span className="muted number">{dateTime(job.created)}</span> <span className="muted">{job.actor}</span>
              </p>
              <JobProgress job={job} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
