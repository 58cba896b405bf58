// Taking a list in: sent once, then looked into, tried and taken in.

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, client, once, seen } from './client';
import { fromThrown, toApiError } from './problem';
import { factsKey } from './queries';
import type { components } from './schema';

type Schemas = components['schemas'];
export type Taking = Schemas['Taking'];
export type Tryout = Schemas['Tryout'];
export type ImportForm = Schemas['ImportForm'];
export type Looked = Schemas['Looked'];
export type Upload = Schemas['Upload'];

export interface ListName {
  register: string;
  area: string;
}

export const importFormQuery = ({ register, area }: ListName) =>
  queryOptions({
    queryKey: ['import-form', register, area],
    queryFn: ({ signal }) =>
      answer(client.GET('/api/v1/imports/forms/{register}', { params: { path: { register }, query: { area } }, signal })),
    staleTime: Infinity,
  });

export const templateHref = ({ register, area }: ListName) =>
  `/api/v1/imports/forms/${encodeURIComponent(register)}/template?area=${encodeURIComponent(area)}`;

export const lookQuery = (upload: string, { register, area }: ListName, sheet: string) =>
  queryOptions({
    queryKey: ['look', upload, register, area, sheet],
    queryFn: ({ signal }) =>
      answer(
        client.GET('/api/v1/imports/{upload}', {
          params: { path: { upload }, query: { register, area, ...(sheet === '' ? {} : { sheet }) } },
          signal,
        }),
      ),
    retry: false,
  });

/** A try is a reading: it keeps nothing, and newer facts answer it anew. */
export const tryImportQuery = (upload: string, taking: Taking) =>
  queryOptions({
    queryKey: [...factsKey, 'try-import', upload, taking],
    queryFn: ({ signal }) => answer(client.POST('/api/v1/imports/{upload}/try', { params: { path: { upload } }, body: taking, signal })),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Sends a file as it is; `onSent` is told the part that is on its way, from 0 to 1. */
export function sendFile(file: File, onSent: (part: number) => void): Promise<Upload> {
  // fetch tells nothing of the progress of a body.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/imports?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.addEventListener('progress', (event) => { onSent(event.total > 0 ? event.loaded / event.total : 0); });
    request.addEventListener('error', () => { reject(fromThrown(new TypeError('the line broke off'))); });
    request.addEventListener('load', () => {
      if (request.status === 200) resolve(request.response as Upload);
      else reject(toApiError(request.status, request.response));
    });
    request.send(file);
  });
}

export async function takeIn(upload: string, taking: Taking, key: string): Promise<Schemas['TakenIn']> {
  const taken = await answer(client.POST('/api/v1/imports/{upload}/take', { params: { path: { upload }, header: once(key) }, body: taking }));
  seen.see(taken.seq);
  return taken;
}

/** The refused rows as a spreadsheet. */
export async function refusedRows(upload: string, taking: Taking): Promise<Blob> {
  const response = await fetch(`/api/v1/imports/${encodeURIComponent(upload)}/refused`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(taking),
  }).catch((thrown: unknown) => { throw fromThrown(thrown); });
  if (!response.ok) throw toApiError(response.status, await response.json().catch(() => undefined));
  return response.blob();
}
