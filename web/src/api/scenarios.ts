// Scenarios: named lines of versions over the facts, and what they would change.

import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import { answer, client, once } from './client';
import { factsKey } from './queries';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Scenario = Schemas['Scenario'];
export type ScenarioVersion = Schemas['ScenarioVersion'];
export type Step = Schemas['Step'];
export type Edit = Schemas['Edit'];
export type Tried = Schemas['WhatIfAnswer'];
export type SurfaceChange = Schemas['SurfaceChange'];
export type Shown = Schemas['Shown'];

export const scenariosKey = ['scenarios'] as const;

export const scenariosQuery = queryOptions({
  queryKey: [...scenariosKey, 'list'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/scenarios', { signal })),
  refetchInterval: 15_000,
});

/** A version of a scenario as links name it: "ID" or "ID@VERSION". */
export function parseVersion(text: string): { id: string; version: number } {
  const [id = '', version = ''] = text.split('@');
  return { id, version: Number(version) || 0 };
}

export const scenarioQuery = (text: string) => {
  const { id, version } = parseVersion(text);
  return queryOptions({
    queryKey: [...scenariosKey, 'one', id, version],
    queryFn:
      id === ''
        ? skipToken
        : ({ signal }) =>
            version === 0
              ? answer(client.GET('/api/v1/scenarios/{id}', { params: { path: { id } }, signal }))
              : answer(client.GET('/api/v1/scenarios/{id}/versions/{version}', { params: { path: { id, version } }, signal })),
    retry: false,
  });
};

export interface TrialQuestion {
  /** A scenario; "" for the facts alone. */
  scenario: string;
  version: number;
  area: string;
  steps: Step[];
  show: Shown;
}

export const trySteps = (q: TrialQuestion, signal: AbortSignal): Promise<Tried> =>
  answer(
    client.POST('/api/v1/what-if', {
      body: {
        area: q.area,
        show: q.show,
        ...(q.scenario === '' ? {} : { scenario: q.scenario }),
        ...(q.version === 0 ? {} : { version: q.version }),
        ...(q.steps.length === 0 ? {} : { steps: q.steps }),
      },
      signal,
    }),
  );

/** What a version would change; revision makes an edited scenario a new question. */
export const scenarioEffectQuery = (q: TrialQuestion | null, revision: number) =>
  queryOptions({
    queryKey: [...factsKey, 'scenario-effect', q, revision],
    queryFn: q === null ? skipToken : ({ signal }) => trySteps(q, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const comparisonQuery = (a: string, b: string, revisions: string) =>
  queryOptions({
    queryKey: [...factsKey, 'comparison', a, b, revisions],
    queryFn:
      a === '' || b === ''
        ? skipToken
        : ({ signal }) => answer(client.GET('/api/v1/comparisons', { params: { query: { a, b } }, signal })),
    retry: false,
  });

export const createScenario = (body: { area: string; name: string; steps: Step[] }, key: string) =>
  answer(client.POST('/api/v1/scenarios', { params: { header: once(key) }, body }));

const seenAs = ({ id, revision }: Scenario, key: string) => ({
  path: { id },
  header: { 'If-Match': `"${revision}"`, ...once(key) },
});

export const editScenario = (on: Scenario, edits: Edit[], key: string) =>
  answer(client.POST('/api/v1/scenarios/{id}/edits', { params: seenAs(on, key), body: { edits } }));

export const undoScenario = (on: Scenario, key: string) =>
  answer(client.POST('/api/v1/scenarios/{id}/undo', { params: seenAs(on, key) }));

export const redoScenario = (on: Scenario, key: string) =>
  answer(client.POST('/api/v1/scenarios/{id}/redo', { params: seenAs(on, key) }));

export const refreshScenario = (on: Scenario, key: string) =>
  answer(client.POST('/api/v1/scenarios/{id}/refresh', { params: seenAs(on, key) }));
