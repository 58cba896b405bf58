// How a list is to be read, as it is kept while somebody works on it.

export interface Repair {
  row: number;
  heading: string;
  cell: string;
}

export interface ListDraft {
  upload: string;
  name: string;
  sheet: string;
  crs: string;
  /** Heading → what it says; an empty text leaves the column out. */
  columns: Readonly<Record<string, string>>;
  constants: Readonly<Record<string, string>>;
  repairs: readonly Repair[];
}

export const emptyDraft: ListDraft = { upload: '', name: '', sheet: '', crs: '', columns: {}, constants: {}, repairs: [] };

const texts = (value: unknown): Record<string, string> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    : {};

/** Reads a kept draft; what is not one is an empty one. */
export function parseListDraft(kept: string | null): ListDraft {
  let stored: unknown;
  try {
    stored = JSON.parse(kept ?? '');
  } catch {
    return emptyDraft;
  }
  if (typeof stored !== 'object' || stored === null) return emptyDraft;
  const read = (name: string): unknown => Reflect.get(stored, name);
  const text = (name: string) => {
    const value = read(name);
    return typeof value === 'string' ? value : '';
  };
  const repairs = read('repairs');
  return {
    upload: text('upload'),
    name: text('name'),
    sheet: text('sheet'),
    crs: text('crs'),
    columns: texts(read('columns')),
    constants: texts(read('constants')),
    repairs: Array.isArray(repairs) ? repairs.filter(isRepair) : [],
  };
}

function isRepair(value: unknown): value is Repair {
  if (typeof value !== 'object' || value === null) return false;
  const { row, heading, cell } = value as Record<string, unknown>;
  return typeof row === 'number' && typeof heading === 'string' && typeof cell === 'string';
}

/** The draft with one cell put right; the same cell again replaces it. */
export function repaired(draft: ListDraft, repair: Repair): ListDraft {
  const others = draft.repairs.filter(({ row, heading }) => row !== repair.row || heading !== repair.heading);
  return { ...draft, repairs: [...others, repair] };
}

/** What lists with these headings are kept under. */
export const mappingKey = (register: string, heading: readonly string[]) => `${register} ${heading.toSorted().join('\u0001')}`;

/** Where columns go: as chosen for lists with the same headings before, else as suggested; each target once. */
export function startColumns(
  heading: readonly string[],
  suggested: Readonly<Record<string, string>>,
  remembered: Readonly<Record<string, string>>,
): Record<string, string> {
  const known = Object.keys(remembered).length > 0;
  return Object.fromEntries(heading.filter(Boolean).map((h) => [h, (known ? remembered[h] : suggested[h]) ?? '']));
}

/** Targets that every row must say and that neither a column nor a constant says. */
export function missingTargets(
  targets: readonly { id: string; need: boolean }[],
  draft: Pick<ListDraft, 'columns' | 'constants'>,
): string[] {
  const said = new Set([...Object.values(draft.columns), ...Object.keys(draft.constants).filter((id) => draft.constants[id] !== '')]);
  return targets.filter(({ id, need }) => need && !said.has(id)).map(({ id }) => id);
}

/** Targets that two columns are sent to. */
export function doubledTargets(columns: Readonly<Record<string, string>>): string[] {
  const counts = new Map<string, number>();
  for (const id of Object.values(columns)) if (id !== '') counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([id]) => id);
}
