// The registers: what exists, how it came about, and what may be doubled.

import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answer, client, once, written } from './client';
import { factsKey } from './queries';

export const areaSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['area-search', search],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/area-search', { params: { query: { search, limit: 40 } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

export const registersQuery = (area: string) =>
  queryOptions({
    queryKey: [...factsKey, 'registers', area],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/registers', { params: { query: { area } }, signal })),
    placeholderData: keepPreviousData,
  });

export interface RowsQuestion {
  register: string;
  area: string;
  kind: string;
  search: string;
}

const partOf = ({ area, kind, search }: RowsQuestion) => ({
  area,
  ...(kind === '' ? {} : { kind }),
  ...(search === '' ? {} : { search }),
});

export const rowsQuery = (question: RowsQuestion, page: { sort: string; offset: number; limit: number }) =>
  queryOptions({
    queryKey: [...factsKey, 'rows', question, page],
    queryFn: ({ signal }) =>
      answer(
        client.GET('/api/v1/registers/{register}/rows', {
          params: {
            path: { register: question.register },
            query: { ...partOf(question), ...(page.sort === '' ? {} : { sort: page.sort }), offset: page.offset, limit: page.limit },
          },
          signal,
        }),
      ),
  });

export const duplicatesQuery = (question: RowsQuestion, page: { offset: number; limit: number }) =>
  queryOptions({
    queryKey: [...factsKey, 'duplicates', question, page],
    queryFn: ({ signal }) =>
      answer(
        client.GET('/api/v1/registers/{register}/duplicates', {
          params: { path: { register: question.register }, query: { ...partOf(question), ...page } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export interface RowName {
  register: string;
  id: string;
  /** Any area of the root that the row lies in. */
  area: string;
}

const naming = ({ register, id, area }: RowName) => ({ path: { register, id }, query: { area } });

export const rowQuery = (row: RowName) =>
  queryOptions({
    queryKey: [...factsKey, 'row', row],
    queryFn: ({ signal }) => answer(client.GET('/api/v1/registers/{register}/rows/{id}', { params: naming(row), signal })),
  });

export const amendRow = (row: RowName, cells: Record<string, string>, key: string) =>
  written(client.PATCH('/api/v1/registers/{register}/rows/{id}', { params: { ...naming(row), header: once(key) }, body: { cells } }));

export const withdrawRow = (row: RowName, key: string) =>
  written(client.DELETE('/api/v1/registers/{register}/rows/{id}', { params: { ...naming(row), header: once(key) } }));

export const rowPlacesQuery = (question: RowsQuestion) =>
  queryOptions({
    queryKey: [...factsKey, 'row-places', question],
    queryFn: ({ signal }) =>
      answer(
        client.GET('/api/v1/registers/{register}/places', {
          params: { path: { register: question.register }, query: partOf(question) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
