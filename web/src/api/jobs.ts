// Long computations, and the sites that some of them choose.

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, client, once } from './client';
import { factsKey } from './queries';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Job = Schemas['Job'];
export type SitingAsk = Schemas['SitingAsk'];
export type SitingCase = Schemas['SitingCase'];
export type Sited = Schemas['Sited'];

const jobsKey = ['jobs'] as const;
const watchMilliseconds = 2_000;

export const isOpen = (job: Pick<Job, 'state'>) => job.state === 'queued' || job.state === 'running';

/** All jobs; asked again and again only while one of them goes on. */
export const jobsQuery = queryOptions({
  queryKey: jobsKey,
  queryFn: ({ signal }) => answer(client.GET('/api/v1/jobs', { params: { query: { limit: 200 } }, signal })),
  refetchInterval: (query) => (query.state.data?.jobs.some(isOpen) ? watchMilliseconds : false),
});

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: [...jobsKey, id],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/jobs/{id}', { params: { path: { id } }, signal })),
  });

export const cancelJob = (id: string) => answer(client.DELETE('/api/v1/jobs/{id}', { params: { path: { id } } }));

/** What a question for sites comes to; newer facts answer it anew. */
export const preflightQuery = (ask: SitingAsk) =>
  queryOptions({
    queryKey: [...factsKey, 'preflight', ask],
    queryFn: ({ signal }) => answer(client.POST('/api/v1/sitings/preflight', { body: ask, signal })),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const runSiting = (ask: SitingAsk) => answer(client.POST('/api/v1/sitings', { body: ask }));

export const sitedQuery = (id: string) =>
  queryOptions({
    queryKey: [...factsKey, 'sited', id],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/sitings/{id}', { params: { path: { id } }, signal })),
  });

/** Follows a job until it ends; returns what stops following. */
export function followJob(id: string, onJob: (job: Job) => void): () => void {
  const source = new EventSource(`/api/v1/jobs/${encodeURIComponent(id)}/events`);
  source.addEventListener('job', (event: MessageEvent<string>) => {
    const job = JSON.parse(event.data) as Job;
    onJob(job);
    if (!isOpen(job)) source.close();
  });
  return () => { source.close(); };
}

/** Streets change with the facts, and seldom. */
export const networksQuery = queryOptions({
  queryKey: [...factsKey, 'networks'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/networks', { signal })),
  staleTime: 60_000,
});

/** A draft project for each site of a run: nobody has decided it. */
export const sitingProjects = (id: string) => answer(client.GET('/api/v1/sitings/{id}/projects', { params: { path: { id } } }));

/** Keeps the sites of a run as a scenario; a key sent again makes no second one. */
export const keepSiting = (id: string, name: string, key: string) =>
  answer(client.POST('/api/v1/sitings/{id}/scenario', { params: { path: { id }, header: once(key) }, body: { name } }));
