import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { areasQuery, factsKey, resultsQuery, workspaceQuery } from '../api/queries';
import { useQueryClient } from '@tanstack/react-query';
import { rootOf } from '../lib/areas';
import { defaultReading } from '../lib/scoreboard';
import { ChangeLog } from '../features/changes/ChangeLog';
import { NoticeBar } from '../features/changes/NoticeBar';
import { useCommit, type Notice } from '../features/changes/useCommit';
import { Detail } from '../features/detail/Detail';
import { Header } from '../features/header/Header';
import { Headline } from '../features/scoreboard/Headline';
import { TargetTable } from '../features/scoreboard/TargetTable';
import { useTexts } from '../features/texts';
import { Failure } from '../components/Failure';
import { Loading } from '../components/Loading';
import { changeLanguage, htmlLanguage } from '../locales';
import { linkTo, useUrlState } from '../state/useUrlState';

/** The scoreboard: every promise in one table, and beside it the map and the reasons of the selected one. */
export function ScoreboardPage() {
  const { t, language, time, error: errorText } = useTexts();
  const [url, go] = useUrlState();
  const queries = useQueryClient();
  const [notice, setNotice] = useState<Notice | null>(null);
  const workspace = useQuery(workspaceQuery);
  const areas = useQuery(areasQuery);
  const roots = workspace.data?.roots ?? [];

  // What the URL leaves open: a real place before an invented one, the plan's own year.
  const area = url.area || (roots.find((root) => root.provenance === 'real') ?? roots[0])?.code || '';
  const period = url.period || workspace.data?.period || '';
  const state = { ...url, area, period };
  const watched = { area, period, below: false };
  const results = useQuery({ ...resultsQuery(watched), enabled: area !== '' && period !== '' });
  const commit = useCommit(watched, setNotice);
  const dismiss = useCallback(() => { setNotice(null); }, []);

  useEffect(() => {
    document.documentElement.lang = htmlLanguage[url.lang];
    if (url.lang !== language) void changeLanguage(url.lang);
  }, [url.lang, language]);
  useEffect(() => {
    document.title = t('app.title');
  }, [t]);

  // Somebody else's change: what is shown was measured before it.
  const seq = workspace.data?.seq ?? 0;
  const asOf = results.data?.as_of ?? 0;
  useEffect(() => {
    if (asOf > 0 && seq > asOf) void queries.invalidateQueries({ queryKey: factsKey });
  }, [seq, asOf, queries]);

  const failed = workspace.error ?? areas.error ?? results.error;
  const retry = () => {
    void workspace.refetch();
    void areas.refetch();
    if (area !== '') void results.refetch();
  };
  const rows = results.data?.results ?? [];
  const reading = defaultReading(rows, url);
  return (
    <>
      <Header workspace={workspace.data} areas={areas.data?.areas ?? []} state={state} onStep={go} />
      <main id="main" tabIndex={-1}>
        {workspace.data?.provenance === 'generated' && <p className="banner">{t('banner.generated')}</p>}
        {workspace.data?.provenance === 'estimated' && <p className="banner">{t('banner.estimated')}</p>}
        {failed !== null && results.data !== undefined && (
          <Failure
            message={t('status.stale', { error: errorText(failed), time: time(results.dataUpdatedAt) })}
            retryLabel={t('status.retry')}
            onRetry={retry}
          />
        )}
        {failed !== null && results.data === undefined && (
          <Failure message={`${t('status.failed')}: ${errorText(failed)}`} retryLabel={t('status.retry')} onRetry={retry} />
        )}
        {failed === null && results.data === undefined && (workspace.data === undefined || area !== '') && (
          <Loading label={t('status.loading')} />
        )}
        {workspace.data !== undefined && area === '' && <p className="empty">{t('status.empty')}</p>}
        {results.data !== undefined && (
          <div className="columns">
            <div className="column-left">
              <Headline results={rows} demonstration={workspace.data?.provenance === 'generated'} />
              <NoticeBar notice={notice} onDismiss={dismiss} />
              {rows.length === 0 ? (
                <p className="empty">{t('status.noResults')}</p>
              ) : (
                <TargetTable
                  results={rows}
                  selected={{ indicator: reading?.indicator ?? '', variant: reading?.variant ?? '' }}
                  onStep={go}
                  linkTo={(step) => linkTo(state, step)}
                />
              )}
              <p className="as-of">{t('app.dataAsOf', { seq: results.data.as_of, time: time(results.dataUpdatedAt) })}</p>
            </div>
            {reading && (
              <Detail
                key={`${area} ${reading.indicator}`}
                result={reading}
                results={rows}
                root={rootOf(areas.data?.areas ?? [], area)}
                areas={areas.data?.areas ?? []}
                state={state}
                onStep={go}
                linkTo={(step) => linkTo(state, step)}
                commit={commit}
              />
            )}
            <ChangeLog seq={Math.max(seq, asOf)} commit={commit} />
          </div>
        )}
      </main>
      <footer className="footer">
        {workspace.data && t('app.version', { version: workspace.data.version, plan: `${workspace.data.plan.id} ${workspace.data.plan.version}` })}
      </footer>
    </>
  );
}
