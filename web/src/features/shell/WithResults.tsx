import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { resultsQuery } from '../../api/queries';
import type { Evaluation } from '../../api/types';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { useTexts } from '../texts';
import type { Shell } from './shell';

interface Props {
  shell: Shell;
  /** Draws the results once there are some. */
  children: (evaluation: Evaluation, readAt: number) => ReactNode;
}

/** Reads the results of the area at hand and says so when they are late, old or refused. */
export function WithResults({ shell, children }: Props) {
  const { t, time, error: errorText } = useTexts();
  const { area, period, indicator } = shell.state;
  const { data, error, refetch, dataUpdatedAt } = useQuery(resultsQuery({ area, period, below: false }));
  const retry = () => { void refetch(); };
  if (data === undefined) {
    return error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={`${t('status.failed')}${t('colon')}${errorText(error)}`} retryLabel={t('status.retry')} onRetry={retry} />
    );
  }
  return (
    <>
      {error !== null && (
        <Failure
          message={t('status.stale', { error: errorText(error), time: time(dataUpdatedAt) })}
          retryLabel={t('status.retry')}
          onRetry={retry}
        />
      )}
      {indicator !== '' && data.results.length > 0 && !data.results.some((result) => result.indicator === indicator) && (
        <p className="warning" role="status">{t('status.noPromise', { id: indicator })}</p>
      )}
      {data.results.length === 0 ? <p className="empty">{t('status.noResults')}</p> : children(data, dataUpdatedAt)}
    </>
  );
}
