export type FieldValue = boolean | number | string | readonly string[] | null;

export interface FieldHead {
  id: string;
  type: string;
}

/** The fields of a row with values of the kinds that rows have; anything else is left out. */
export function fieldsOf(fields: Readonly<Record<string, unknown>>): Record<string, FieldValue> {
  const known: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    const found = fieldValue(value);
    if (found !== null) known[name] = found;
  }
  return known;
}

export function fieldValue(value: unknown): FieldValue {
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value;
  return null;
}

/** The fields worth a column: the numbers that most of the rows at hand say, then the truths. */
export function columnsOf<H extends FieldHead>(heads: readonly H[], rows: readonly Readonly<Record<string, unknown>>[], most = 4): H[] {
  const said = (id: string) => rows.filter((row) => row[id] !== undefined).length;
  const weight = (head: FieldHead) => said(head.id) * (head.type === 'number' ? 4 : head.type === 'boolean' ? 1 : 2);
  return heads
    .filter((head) => said(head.id) * 4 >= rows.length && said(head.id) > 0)
    .toSorted((a, b) => weight(b) - weight(a) || a.id.localeCompare(b.id))
    .slice(0, most);
}

/** A value as it is typed into a form; a register reads it back as the same. */
export function typedText(value: FieldValue): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return Array.isArray(value) ? value.join(';') : String(value);
}

/** What was typed over what a row says: only cells that differ. */
export function changedCells(typed: Readonly<Record<string, string>>, said: Readonly<Record<string, FieldValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(typed)
      .map(([name, text]) => [name, text.trim()] as const)
      .filter(([name, text]) => text !== typedText(said[name] ?? null)),
  );
}

/** Where a click on a column's heading leads: rising, falling, and back to the order of ids. */
export function nextSort(sort: string, column: string): string {
  if (sort === column) return `-${column}`;
  return sort === `-${column}` ? '' : column;
}
