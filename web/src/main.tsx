import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/problem';
import { parseUrlState } from './lib/url-state';
import { startTexts } from './locales';
import { App, readAhead } from './pages/App';
import { startTypeSize } from './state/useTypeSize';
import './styles/base.css';
import './styles/scoreboard.css';
import './styles/detail.css';
import './styles/map.css';
import './styles/registry.css';
import './styles/trend.css';
import './styles/siting.css';
import './styles/print.css';

const mostRetries = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal is an answer; only a server that is not ready is asked again.
      retry: (failures, error) =>
        failures < mostRetries && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
});

async function start(): Promise<void> {
  startTypeSize();
  const { screen, lang } = parseUrlState(window.location.pathname, window.location.search);
  readAhead(queries, screen);
  await startTexts(lang);
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no element "root"');
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
