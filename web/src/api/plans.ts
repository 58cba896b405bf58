// The plan packages as they are written, and what another number would change.

import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import { answer, client } from './client';
import { factsKey } from './queries';
import type { components } from './schema';

type Schemas = components['schemas'];
export type PlanPackage = Schemas['PlanPackage'];
export type PlanNumber = Schemas['PlanNumber'];
export type PlanFinding = Schemas['PlanFinding'];

export const planPackagesQuery = queryOptions({
  queryKey: ['plan-packages'],
  queryFn: ({ signal }) => answer(client.GET('/api/v1/plan-packages', { signal })),
  staleTime: Infinity, // a running program reads its packages once
});

/** What a supposed number would change: a step of no scenario yet. */
export const suppositionQuery = (area: string, step: Schemas['Step'] | null) =>
  queryOptions({
    queryKey: [...factsKey, 'supposition', area, step],
    queryFn: step === null ? skipToken : ({ signal }) => answer(client.POST('/api/v1/what-if', { body: { area, steps: [step] }, signal })),
    placeholderData: keepPreviousData,
    retry: false,
  });
