// What the screens ask, as TanStack queries. Everything measured lies under the
// key "facts": one write makes all of it old.

import { keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query';
import {
  getAreas,
  getBasemap,
  getChanges,
  getExplanation,
  getLayer,
  getOutlines,
  getNewPlaces,
  getPlan,
  getRanking,
  getReading,
  getResults,
  getStreets,
  getStreetLayer,
  getSurface,
  getWays,
  getWorkspace,
  tryFacility,
  type ExplanationQuestion,
  type LayerQuestion,
  type NewFacility,
  type RankingQuestion,
  type ResultsQuestion,
  type Slot,
  type WaysQuestion,
} from './client';
import { readStreets } from '../lib/street-layer';

export type { ExplanationQuestion, LayerQuestion, RankingQuestion, ResultsQuestion, Slot } from './client';

export const factsKey = ['facts'] as const;

const watchMilliseconds = 15_000;

/** The workspace is asked again and again, so that others' changes are noticed. */
export const workspaceQuery = queryOptions({
  queryKey: ['workspace'],
  queryFn: ({ signal }) => getWorkspace(signal),
  refetchInterval: watchMilliseconds,
});

/** The plan is what the server was started with. */
export const planQuery = queryOptions({
  queryKey: ['plan'],
  queryFn: ({ signal }) => getPlan(signal),
  staleTime: Infinity,
});

export const areasQuery = queryOptions({
  queryKey: ['areas'],
  queryFn: ({ signal }) => getAreas(signal),
});

export const resultsQuery = (question: ResultsQuestion) =>
  queryOptions({
    queryKey: [...factsKey, 'results', question],
    queryFn: ({ signal }) => getResults(question, signal),
    placeholderData: keepPreviousData,
  });

export const explanationQuery = (question: ExplanationQuestion) =>
  queryOptions({
    queryKey: [...factsKey, 'explanation', question],
    queryFn: ({ signal }) => getExplanation(question, signal),
  });

/** A search, so it is asked only where a promise waits for places. */
export const newPlacesQuery = (question: LayerQuestion | undefined) =>
  queryOptions({
    queryKey: [...factsKey, 'new-places', question],
    queryFn: question === undefined ? skipToken : ({ signal }) => getNewPlaces(question, signal),
  });

export const rankingQuery = (question: RankingQuestion) =>
  queryOptions({
    queryKey: [...factsKey, 'ranking', question],
    queryFn: ({ signal }) => getRanking(question, signal),
  });

export const layerQuery = (question: LayerQuestion) =>
  queryOptions({
    queryKey: [...factsKey, 'layer', question],
    queryFn: ({ signal }) => getLayer(question, signal),
  });

/** How somebody gets to the nearest places; null asks nothing. */
export const waysQuery = (question: WaysQuestion | null) =>
  queryOptions({
    queryKey: [...factsKey, 'ways', question],
    queryFn: question === null ? skipToken : ({ signal }) => getWays(question, signal),
    retry: false,
  });

/** How far it is from every position on the streets; null asks nothing. */
export const streetLayerQuery = (question: LayerQuestion | null) =>
  queryOptions({
    queryKey: [...factsKey, 'street-layer', question],
    queryFn: question === null ? skipToken : async ({ signal }) => readStreets(await getStreetLayer(question, signal)),
    retry: false,
  });

export const surfaceQuery = (question: LayerQuestion) =>
  queryOptions({
    queryKey: [...factsKey, 'surface', question],
    queryFn: ({ signal }) => getSurface(question, signal),
  });

/** The outlines of the areas of a level; they change with reforms alone. */
export const outlinesQuery = (area: string, level: string) =>
  queryOptions({
    queryKey: ['outlines', area, level],
    queryFn: ({ signal }) => getOutlines(area, level, signal),
    staleTime: 600_000,
  });

/** The ground is what the server was started with. */
export const basemapQuery = (root: string) =>
  queryOptions({
    queryKey: ['basemap', root],
    queryFn: ({ signal }) => getBasemap(root, signal),
    staleTime: Infinity,
  });

/** Streets are named by their content and do not change while a page is open. */
export const streetsQuery = (root: string) =>
  queryOptions({
    queryKey: ['streets', root],
    queryFn: ({ signal }) => getStreets(root, signal),
    staleTime: Infinity,
  });

export const readingQuery = (slot: Slot) =>
  queryOptions({
    queryKey: [...factsKey, 'reading', slot],
    queryFn: ({ signal }) => getReading(slot, signal),
  });

/** The latest changes; a log grows without end, so only its tail is asked for. */
export const changesQuery = (seq: number, count: number) =>
  queryOptions({
    queryKey: [...factsKey, 'changes', seq, count],
    queryFn: ({ signal }) => getChanges(Math.max(0, seq - count), signal),
    placeholderData: keepPreviousData,
  });

/** A trial is a reading: it changes nothing, and newer facts answer it anew. */
export const whatIfQuery = (facility: NewFacility | null) =>
  queryOptions({
    queryKey: [...factsKey, 'what-if', facility],
    queryFn: facility === null ? skipToken : ({ signal }) => tryFacility(facility, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
