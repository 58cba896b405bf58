// One function per call of the API. Each takes an AbortSignal where it reads
// and throws an ApiError where it fails.

import createClient from 'openapi-fetch';
import { readLayer, type MapLayer } from '../lib/map-layer';
import type { LonLat } from '../lib/projection';
import { bytesOf } from '../lib/surface';
import { fromThrown, toApiError } from './problem';
import type { components, paths } from './schema';
import { SeenSeq } from './seq';

type Schemas = components['schemas'];
export type PutValueBody = Schemas['PutValue'];
export type NewFacility = Schemas['NewFacility'];
type AreaLevel = Schemas['Area']['level'];

export const seen = new SeenSeq();

export const client = createClient<paths>({ baseUrl: '/' });

client.use({
  onRequest({ request }) {
    if (seen.value > 0) request.headers.set('Lifecircle-Min-Seq', String(seen.value));
    return request;
  },
  onResponse({ response }) {
    seen.seeETag(response.headers.get('ETag'));
  },
  onError: ({ error }) => fromThrown(error),
});

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

export async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (data === undefined) throw toApiError(response.status, error);
  return data;
}

export async function written<T extends { seq: number }>(call: Promise<Outcome<T>>): Promise<T> {
  const receipt = await answer(call);
  seen.see(receipt.seq);
  return receipt;
}

export const getWorkspace = (signal: AbortSignal) => answer(client.GET('/api/v1/workspace', { signal }));

export const getPlan = (signal: AbortSignal) => answer(client.GET('/api/v1/plan', { signal }));

export const getAreas = (signal: AbortSignal) => answer(client.GET('/api/v1/areas', { signal }));

export interface ResultsQuestion {
  area: string;
  period: string;
  below: boolean;
}

export const getResults = (query: ResultsQuestion, signal: AbortSignal) =>
  answer(client.GET('/api/v1/results', { params: { query }, signal }));

export interface ExplanationQuestion {
  indicator: string;
  area: string;
  period: string;
  variant: string;
  rows: number;
}

/** Leaves the variant out where the text has one reading. */
const withVariant = <Q extends object>(variant: string, query: Q) => (variant === '' ? query : { ...query, variant });

export const getExplanation = (q: ExplanationQuestion, signal: AbortSignal) =>
  answer(
    client.GET('/api/v1/explanations/{indicator}/{area}', {
      params: {
        path: { indicator: q.indicator, area: q.area },
        query: withVariant(q.variant, { period: q.period, rows: q.rows }),
      },
      signal,
    }),
  );

export const getNewPlaces = (q: LayerQuestion, signal: AbortSignal) =>
  answer(
    client.GET('/api/v1/explanations/{indicator}/{area}/places', {
      params: { path: { indicator: q.indicator, area: q.area }, query: withVariant(q.variant, {}) },
      signal,
    }),
  );

export interface RankingQuestion {
  indicator: string;
  area: string;
  period: string;
  variant: string;
  /** "" is the next level below. */
  level: string;
}

const withLevel = <Q extends object>(level: string, query: Q) => (level === '' ? query : { ...query, level: level as AreaLevel });

export const getRanking = (q: RankingQuestion, signal: AbortSignal) =>
  answer(
    client.GET('/api/v1/rankings/{indicator}/{area}', {
      params: { path: { indicator: q.indicator, area: q.area }, query: withLevel(q.level, withVariant(q.variant, { period: q.period })) },
      signal,
    }),
  );

export interface LayerQuestion {
  indicator: string;
  area: string;
  variant: string;
}

export async function getLayer(q: LayerQuestion, signal: AbortSignal): Promise<MapLayer> {
  const sent = await answer(
    client.GET('/api/v1/layers/{indicator}/{area}/map', {
      params: { path: { indicator: q.indicator, area: q.area }, query: withVariant(q.variant, {}) },
      signal,
    }),
  );
  return readLayer({ ...sent, points: { ...sent.points, classes: bytesOf(sent.points.classes) } });
}

export const getStreetLayer = (q: LayerQuestion, signal: AbortSignal) =>
  answer(
    client.GET('/api/v1/layers/{indicator}/{area}/streets', {
      params: { path: { indicator: q.indicator, area: q.area }, query: withVariant(q.variant, {}) },
      signal,
    }),
  );

export const getSurface = (q: LayerQuestion, signal: AbortSignal) =>
  answer(
    client.GET('/api/v1/surfaces/{indicator}/{area}', {
      params: { path: { indicator: q.indicator, area: q.area }, query: withVariant(q.variant, {}) },
      signal,
    }),
  );

export const getOutlines = (area: string, level: string, signal: AbortSignal) =>
  answer(client.GET('/api/v1/outlines/{area}', { params: { path: { area }, query: withLevel(level, {}) }, signal }));

export interface WaysQuestion extends LayerQuestion {
  /** A population point, or a position. */
  from: string | LonLat;
  scenario: string;
  version: number;
}

export const getWays = (q: WaysQuestion, signal: AbortSignal) =>
  answer(
    client.GET('/api/v1/ways/{indicator}/{area}', {
      params: {
        path: { indicator: q.indicator, area: q.area },
        query: withVariant(q.variant, {
          ...(typeof q.from === 'string' ? { point: q.from } : { lon: q.from.lon, lat: q.from.lat }),
          ...(q.scenario === '' ? {} : { scenario: q.scenario, version: q.version }),
        }),
      },
      signal,
    }),
  );

export const getBasemap = (root: string, signal: AbortSignal) =>
  answer(client.GET('/api/v1/basemaps/{root}', { params: { path: { root } }, signal }));

export const getStreets = (root: string, signal: AbortSignal) =>
  answer(client.GET('/api/v1/streets/{root}', { params: { path: { root } }, signal }));

export interface Slot {
  element: string;
  area: string;
  period: string;
}

export const getReading = (path: Slot, signal: AbortSignal) =>
  answer(client.GET('/api/v1/values/{element}/{area}/{period}', { params: { path }, signal }));

export const getChanges = (after: number, signal: AbortSignal) =>
  answer(client.GET('/api/v1/changes', { params: { query: { after } }, signal }));

export const tryFacility = (facility: NewFacility, signal: AbortSignal) =>
  answer(client.POST('/api/v1/what-if', { body: { changes: [{ op: 'add', facility }] }, signal }));

/** A write names itself by a key, so that sending it again does it once. */
export const once = (key: string) => ({ 'Idempotency-Key': key });

export const putValue = (path: Slot, body: PutValueBody, key: string) =>
  written(
    client.PUT('/api/v1/values/{element}/{area}/{period}', { params: { path, header: once(key) }, body }),
  );

export const addFacility = (body: NewFacility, key: string) =>
  written(client.POST('/api/v1/facilities', { params: { header: once(key) }, body }));

export const undoChange = (seq: number, key: string) =>
  written(client.POST('/api/v1/changes/{seq}/undo', { params: { path: { seq }, header: once(key) } }));
