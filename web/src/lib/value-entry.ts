// What can be wrong with a value before it is sent. Whether the number itself is
// one is the server's to say: it has the exact arithmetic.

export interface ValueEntry {
  value: string;
  source: string;
  reason: string;
  choose: boolean;
}

export type EntryFault = 'required' | 'reasonRequired';
export type EntryFaults = Partial<Record<'value' | 'source' | 'reason', EntryFault>>;

/** Whether a choice between sources has to be made: another one speaks of the same thing. */
export function needsChoice(entry: ValueEntry, sources: readonly string[]): boolean {
  return sources.some((source) => source !== entry.source.trim());
}

export function findEntryFaults(entry: ValueEntry, sources: readonly string[]): EntryFaults {
  const faults: EntryFaults = {};
  if (entry.value.trim() === '') faults.value = 'required';
  if (entry.source.trim() === '') faults.source = 'required';
  if (needsChoice(entry, sources) && entry.choose && entry.reason.trim() === '') faults.reason = 'reasonRequired';
  return faults;
}
