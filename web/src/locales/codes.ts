import type { TFunction } from 'i18next';

/** Groups of texts whose keys are codes of the server. */
export type CodeGroup =
  | 'action'
  | 'column'
  | 'crs'
  | 'duplicateReason'
  | 'error'
  | 'fault'
  | 'fieldText'
  | 'force'
  | 'jobKind'
  | 'jobState'
  | 'kind'
  | 'level'
  | 'mode'
  | 'proof'
  | 'provenance'
  | 'reason'
  | 'register'
  | 'remedy'
  | 'rowKind'
  | 'siteOrigin'
  | 'sitingLimit'
  | 'stage'
  | 'state'
  | 'targetStatus'
  | 'unit'
  | 'verdict';

/** The text of a server's code; a code newer than this client is shown as `fallback`. */
export function codeText(
  t: TFunction,
  group: CodeGroup,
  code: string,
  { fallback = code, args = {} }: { fallback?: string; args?: Readonly<Record<string, unknown>> } = {},
): string {
  if (code === '') return fallback;
  // Keys are checked by the compiler everywhere else; a code is known at run time only.
  const translate = t as unknown as (key: string, options: Record<string, unknown>) => string;
  return translate(`${group}.${code}`, { ...args, defaultValue: fallback });
}
