// Reports to hand on, made by the server when they are asked for.

import { client } from './client';
import { fromThrown, toApiError } from './problem';
import type { paths } from './schema';
import { fileNameOf } from '../lib/file-name';

type Operation = paths['/api/v1/reports/{report}/{area}']['get'];
export type ReportName = Operation['parameters']['path']['report'];
export type ReportFormat = NonNullable<NonNullable<Operation['parameters']['query']>['format']>;

export interface ReportQuestion {
  report: ReportName;
  area: string;
  period: string;
  /** Of the report of a promise: which, under which reading. */
  indicator?: string;
  variant?: string;
  lang: 'zh-CN' | 'en';
}

export interface ReportFile {
  content: Blob;
  name: string;
}

export async function getReport(question: ReportQuestion, format: ReportFormat, signal: AbortSignal): Promise<ReportFile> {
  const { report, area, ...query } = question;
  const { data, error, response } = await client
    .GET('/api/v1/reports/{report}/{area}', { params: { path: { report, area }, query: { ...query, format } }, parseAs: 'blob', signal })
    .catch((thrown: unknown) => {
      throw fromThrown(thrown);
    });
  if (data === undefined) throw toApiError(response.status, error);
  return { content: data as unknown as Blob, name: fileNameOf(response.headers.get('Content-Disposition')) ?? `${report}.${format}` };
}
