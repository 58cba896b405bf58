import { useCallback, useState } from 'react';
import { emptyDraft, mappingKey, parseListDraft, type ListDraft } from '../../lib/taking';

const draftKey = (register: string) => `lifecircle.list.${register}`;
const mappingsKey = 'lifecircle.columns';

/** The list somebody works on, kept on this machine: a reload or a restart loses nothing of it. */
export function useListDraft(register: string) {
  const [draft, setDraft] = useState(() => parseListDraft(window.localStorage.getItem(draftKey(register))));
  const change = useCallback(
    (next: ListDraft) => {
      window.localStorage.setItem(draftKey(register), JSON.stringify(next));
      setDraft(next);
    },
    [register],
  );
  const clear = useCallback(() => {
    window.localStorage.removeItem(draftKey(register));
    setDraft(emptyDraft);
  }, [register]);
  return { draft, change, clear };
}

function mappings(): Record<string, Record<string, string>> {
  try {
    return JSON.parse(window.localStorage.getItem(mappingsKey) ?? '{}') as Record<string, Record<string, string>>;
  } catch {
    return {};
  }
}

/** Where the columns of such a list were sent the last time. */
export const rememberedColumns = (register: string, heading: readonly string[]): Record<string, string> =>
  mappings()[mappingKey(register, heading)] ?? {};

export function rememberColumns(register: string, heading: readonly string[], columns: Readonly<Record<string, string>>): void {
  window.localStorage.setItem(mappingsKey, JSON.stringify({ ...mappings(), [mappingKey(register, heading)]: columns }));
}
