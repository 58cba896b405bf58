import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ComponentType } from 'react';
import { areasQuery, factsKey, planQuery, resultsQuery, workspaceQuery } from '../api/queries';
import { NoticeBar } from '../features/changes/NoticeBar';
import { useCommit, type Notice } from '../features/changes/useCommit';
import { Header } from '../features/shell/Header';
import type { Shell } from '../features/shell/shell';
import { useTexts } from '../features/texts';
import { Boundary } from '../components/Boundary';
import { Failure } from '../components/Failure';
import { Loading } from '../components/Loading';
import type { Screen } from '../lib/url-state';
import { changeLanguage, htmlLanguage } from '../locales';
import { linkTo, useUrlState } from '../state/useUrlState';

type PageComponent = ComponentType<{ shell: Shell }>;

interface ScreenFile {
  read: () => Promise<{ default: PageComponent }>;
  Page: PageComponent;
}

// Each screen is a file of its own, read when it is first opened.
const page = <Name extends string>(load: () => Promise<Record<Name, PageComponent>>, name: Name): ScreenFile => {
  const read = async (): Promise<{ default: PageComponent }> => ({ default: (await load())[name] });
  return { read, Page: lazy(read) };
};

const pages: Record<Screen, ScreenFile> = {
  scoreboard: page(() => import('./ScoreboardPage'), 'ScoreboardPage'),
  indicator: page(() => import('./IndicatorPage'), 'IndicatorPage'),
  ledger: page(() => import('./LedgerPage'), 'LedgerPage'),
  map: page(() => import('./MapPage'), 'MapPage'),
  registry: page(() => import('./RegistryPage'), 'RegistryPage'),
  import: page(() => import('./ImportPage'), 'ImportPage'),
  siting: page(() => import('./SitingPage'), 'SitingPage'),
  admin: page(() => import('./AdminPage'), 'AdminPage'),
  changes: page(() => import('./ChangesPage'), 'ChangesPage'),
};

/** Begins to read a screen's file, and what it asks first, while the texts are still on their way. */
export function readAhead(queries: QueryClient, screen: Screen | null): void {
  void queries.prefetchQuery(workspaceQuery);
  void queries.prefetchQuery(areasQuery);
  // A file that cannot be read is told where it is drawn.
  if (screen !== null) pages[screen].read().catch(() => undefined);
}

/** The screens that begin with the results of the area. */
const withResults: ReadonlySet<Screen> = new Set<Screen>(['scoreboard', 'indicator', 'ledger', 'map', 'siting']);

/** The frame of every screen: header, banner, what the last write did, and the page itself. */
export function App() {
  const { t, language, error: errorText } = useTexts();
  const [url, go] = useUrlState();
  const queries = useQueryClient();
  const [notice, setNotice] = useState<Notice | null>(null);
  const workspace = useQuery(workspaceQuery);
  const areas = useQuery(areasQuery);
  const roots = workspace.data?.roots ?? [];
  const plan = useQuery({ ...planQuery, enabled: roots.length > 0 });

  // What the URL leaves open: a real place before an invented one, the plan's own year.
  const area = url.area || (roots.find((root) => root.provenance === 'real') ?? roots[0])?.code || '';
  const period = url.period || workspace.data?.period || '';
  const state = { ...url, area, period };
  const early = area !== '' && period !== '' && url.screen !== null && withResults.has(url.screen);
  useEffect(() => {
    if (early) void queries.prefetchQuery(resultsQuery({ area, period, below: false }));
  }, [queries, early, area, period]);
  const commit = useCommit({ area, period, below: false }, setNotice);
  const dismiss = useCallback(() => { setNotice(null); }, []);

  useEffect(() => {
    document.documentElement.lang = htmlLanguage[url.lang];
    if (url.lang !== language) void changeLanguage(url.lang);
  }, [url.lang, language]);
  const screen = url.screen === null ? t('nav.unknown') : t(`nav.${url.screen}`);
  useEffect(() => {
    document.title = `${screen} · ${t('app.title')}`;
  }, [screen, t]);

  // Somebody else's change: what is shown was measured before it.
  const seq = workspace.data?.seq ?? 0;
  const seen = useRef(0);
  useEffect(() => {
    const earlier = seen.current;
    seen.current = seq;
    if (earlier > 0 && seq > earlier) void queries.invalidateQueries({ queryKey: factsKey });
  }, [seq, queries]);

  const failed = workspace.error ?? areas.error ?? plan.error;
  const retry = () => {
    void workspace.refetch();
    void areas.refetch();
    void plan.refetch();
  };
  const Page = url.screen === null ? null : pages[url.screen].Page;
  const empty = workspace.data !== undefined && roots.length === 0;
  const ready = workspace.data !== undefined && areas.data !== undefined && plan.data !== undefined;
  return (
    <>
      <Header workspace={workspace.data} areas={areas.data?.areas ?? []} state={state} onStep={go} linkTo={(step) => linkTo(state, step)} />
      <main id="main" tabIndex={-1}>
        {workspace.data?.provenance === 'generated' && <p className="banner">{t('banner.generated')}</p>}
        {workspace.data?.provenance === 'estimated' && <p className="banner">{t('banner.estimated')}</p>}
        <NoticeBar notice={notice} onDismiss={dismiss} />
        {failed !== null && (
          <Failure message={`${t('status.failed')}${t('colon')}${errorText(failed)}`} retryLabel={t('status.retry')} onRetry={retry} />
        )}
        {failed === null && !ready && !empty && <Loading label={t('status.loading')} />}
        {Page === null && (
          <p className="empty">
            {t('nav.lost')} <a href={linkTo(state, { screen: 'scoreboard' })}>{t('nav.scoreboard')}</a>
          </p>
        )}
        {empty && <p className="empty">{t('status.empty')}</p>}
        {ready && Page !== null && area !== '' && (
          <Boundary
            key={url.screen}
            // A file of the program could not be read; reading the page again brings both to one version.
            otherwise={<Failure message={t('status.brokenPage')} retryLabel={t('status.reload')} onRetry={() => { window.location.reload(); }} />}
          >
            <Suspense fallback={<Loading label={t('status.loading')} />}>
              <Page
                shell={{
                  workspace: workspace.data,
                  plan: plan.data,
                  areas: areas.data.areas,
                  state,
                  go,
                  linkTo: (step) => linkTo(state, step),
                  commit,
                }}
              />
            </Suspense>
          </Boundary>
        )}
      </main>
      <footer className="footer">
        {workspace.data && t('app.version', { version: workspace.data.version, plan: `${workspace.data.plan.id} ${workspace.data.plan.version}` })}
      </footer>
    </>
  );
}
