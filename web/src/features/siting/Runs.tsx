import { useQueries, useQuery } from '@tanstack/react-query';
import { jobsQuery, sitedQuery, type Job } from '../../api/jobs';
import { formatNumber } from '../../lib/format';
import { codeText } from '../../locales/codes';
import { StepLink } from '../../components/StepLink';
import { ScrollRegion } from '../../components/ScrollRegion';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

const compared = 12;

const asked = (job: Job, name: string): unknown =>
  typeof job.parameters === 'object' && job.parameters !== null ? Reflect.get(job.parameters, name) : undefined;

const text = (value: unknown) => (typeof value === 'number' ? formatNumber(value) : '—');

/** The runs for a promise in an area side by side: what was allowed, what it brings, what it costs. */
export function Runs({ indicator, shell }: { indicator: string; shell: Shell }) {
  const { t, dateTime } = useTexts();
  const { state, go, linkTo } = shell;
  const { data } = useQuery(jobsQuery);
  const jobs = (data?.jobs ?? [])
    .filter((job) => job.kind === 'siting' && job.area === state.area && asked(job, 'indicator') === indicator)
    .slice(0, compared);
  const answers = useQueries({ queries: jobs.map((job) => ({ ...sitedQuery(job.id), enabled: job.has_result })) });
  if (jobs.length === 0) return null;
  return (
    <section className="card">
      <h3>6 · {t('siting.compare')}</h3>
      <ScrollRegion label={t('siting.compare')}>
        <table className="plain runs">
          <thead>
            <tr>
              <th scope="col">{t('changes.at')}</th>
              <th scope="col">{t('table.state')}</th>
              <th scope="col" className="number">{t('siting.p')}</th>
              <th scope="col" className="number">{t('siting.budget')}</th>
              <th scope="col" className="number">{t('siting.newSites')}</th>
              <th scope="col" className="number">{t('siting.gainedColumn')}</th>
              <th scope="col" className="number">{t('siting.costColumn')}</th>
              <th scope="col" className="number">{t('jobs.gap')}</th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job, at) => {
              const answer = answers[at]?.data;
              return (
                <tr key={job.id} className={job.id === state.row ? 'row-selected' : undefined}>
                  <th scope="row">
                    <StepLink href={linkTo({ row: job.id })} onFollow={() => { go({ row: job.id }); }} current={job.id === state.row}>
                      {dateTime(job.created)}
                    </StepLink>
                  </th>
                  <td>{codeText(t, 'jobState', job.state)}</td>
                  <td className="number">{text(asked(job, 'p'))}</td>
                  <td className="number">{text(asked(job, 'budget_yuan'))}</td>
                  <td className="number">{answer ? formatNumber(answer.sites.length) : '—'}</td>
                  <td className="number">{answer ? formatNumber(answer.gained ?? 0) : '—'}</td>
                  <td className="number">{answer?.cost_yuan === undefined ? '—' : formatNumber(answer.cost_yuan)}</td>
                  <td className="number">{answer ? `${formatNumber(answer.gap * 100)} %` : '—'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}
