import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cancelJob, isOpen, jobQuery, jobsQuery, type Job } from '../../api/jobs';
import { formatNumber } from '../../lib/format';
import { codeText } from '../../locales/codes';
import { useTexts } from '../texts';

/** The number under a name in what a job shows meanwhile. */
function shown(detail: unknown, name: string): number | null {
  if (typeof detail !== 'object' || detail === null) return null;
  const value: unknown = Reflect.get(detail, name);
  return typeof value === 'number' ? value : null;
}

/** How far a job has come: part done, stage, the best so far, time left, and the way to stop it. */
export function JobProgress({ job }: { job: Job }) {
  const { t, error: errorText } = useTexts();
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelJob(job.id),
    onSuccess: (now) => {
      queries.setQueryData(jobQuery(job.id).queryKey, now);
      void queries.invalidateQueries({ queryKey: jobsQuery.queryKey, exact: true });
    },
  });
  const numbers = (['value', 'bound', 'gap'] as const).flatMap((name) => {
    const value = shown(job.detail, name);
    return value === null ? [] : [{ name, text: name === 'gap' ? `${formatNumber(value * 100)} %` : formatNumber(value) }];
  });
  const open = isOpen(job);
  return (
    <div className="job-progress">
      <p role="status">
        <b>{codeText(t, 'jobState', job.state)}</b> {open && job.stage !== '' && codeText(t, 'stage', job.stage)}{' '}
        {open && `${Math.round(job.fraction * 100)} %`}
        {open && job.seconds_left !== null && ` · ${t('jobs.left', { seconds: formatNumber(Math.ceil(job.seconds_left)) })}`}
        {job.stopping && open && ` · ${t('jobs.stopping')}`}
      </p>
      {open && <progress value={job.fraction} aria-label={t('jobs.progress')} />}
      {numbers.length > 0 && (
        <p className="number">
          {numbers.map(({ name, text }) => (
            <span key={name} className="job-number">
              {t(`jobs.${name}`)} {text}
            </span>
          ))}
        </p>
      )}
      {job.code !== '' && <p className="form-error">{codeText(t, 'error', job.code)} {job.message}</p>}
      {cancel.error && <p className="field-error" role="alert">{errorText(cancel.error)}</p>}
      {open && (
        <button type="button" disabled={cancel.isPending || job.stopping} onClick={() => { cancel.mutate(); }}>
          {t('jobs.cancel')}
        </button>
      )}
    </div>
  );
}
