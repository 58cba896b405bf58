// The steps of a scenario, as a form says them and as a map shows them.

import { parseDegrees } from './place-entry';

/** What a form can say. */
export const stepKinds = ['add', 'move', 'close', 'merge', 'change', 'convert', 'estate', 'close_street', 'open_street', 'new_street'] as const;
export type StepKind = (typeof stepKinds)[number];
/** What a scenario may hold besides. */
export const otherKinds = ['withdraw', 'put', 'parameter'] as const;

const placed: readonly StepKind[] = ['add', 'move', 'estate', 'close_street', 'open_street', 'new_street'];
const dated: readonly StepKind[] = ['close', 'merge', 'change', 'convert'];
/** Whether a step of a kind says where. */
export const isPlaced = (op: string): boolean => placed.some((kind) => kind === op);

/** What a form holds; every field is text. */
export interface StepDraft extends Record<string, string> {
  op: string;
  id: string;
  into: string;
  kind: string;
  name: string;
  lon: string;
  lat: string;
  field: string;
  amount: string;
  premises: string;
  people: string;
  toLon: string;
  toLat: string;
}

export const emptyStep: StepDraft = {
  op: 'add', id: '', into: '', kind: '', name: '', lon: '', lat: '', field: 'places', amount: '', premises: '', people: '', toLon: '', toLat: '',
};

/** A step as it is sent, as far as a form can say it. */
export interface DraftedStep {
  op: StepKind;
  id?: string;
  ids?: string[];
  kind?: string;
  name?: string;
  area?: string;
  at?: number[];
  to?: number[];
  people?: number;
  fields?: Record<string, number>;
  /** The day from which it holds. */
  date?: string;
}

export type StepFaults = Partial<
  Record<'id' | 'into' | 'kind' | 'lon' | 'lat' | 'amount' | 'premises' | 'people' | 'toLon' | 'toLat', 'required' | 'degrees' | 'number'>
>;

/**
 * Reads a form; the fields that are wrong are named and nothing else is said. What
 * ends or changes does so on the given day, so that the year that is shown sees it.
 */
export function stepOf(draft: StepDraft, date: string): { step: DraftedStep } | { faults: StepFaults } {
  const op = stepKinds.find((known) => known === draft.op) ?? 'add';
  const faults: StepFaults = {};
  const step: DraftedStep = { op };
  const need = (field: 'id' | 'into' | 'kind' | 'premises') => {
    if (draft[field].trim() === '') faults[field] = 'required';
    return draft[field].trim();
  };
  const position = (lonField: 'lon' | 'toLon', latField: 'lat' | 'toLat') => {
    const lon = parseDegrees(draft[lonField], 180);
    const lat = parseDegrees(draft[latField], 85);
    if (lon === null) faults[lonField] = 'degrees';
    if (lat === null) faults[latField] = 'degrees';
    return lon !== null && lat !== null ? [lon, lat] : [];
  };
  if (op === 'add' || op === 'convert') step.kind = need('kind');
  if (op === 'convert') step.id = need('premises');
  if ((op === 'add' || op === 'estate' || op === 'convert') && draft.name.trim() !== '') step.name = draft.name.trim();
  if (op === 'estate') {
    const people = Number(draft.people);
    if (draft.people.trim() === '' || !Number.isInteger(people) || people <= 0) faults.people = 'number';
    step.people = people;
  }
  if (op === 'move' || op === 'close' || op === 'merge' || op === 'change') {
    step.id = op === 'merge' ? need('into') : need('id');
    if (op === 'merge') step.ids = [need('id')];
    if (op === 'merge' && draft.id !== '' && draft.id === draft.into) faults.into = 'required';
  }
  if (isPlaced(op)) step.at = position('lon', 'lat');
  if (op === 'new_street') step.to = position('toLon', 'toLat');
  if (op === 'change') {
    const amount = Number(draft.amount);
    if (draft.amount.trim() === '' || !Number.isFinite(amount) || amount < 0) faults.amount = 'number';
    step.fields = { [draft.field]: amount };
  }
  if (dated.includes(op)) step.date = date;
  return Object.keys(faults).length > 0 ? { faults } : { step };
}

interface StandingPlace {
  id: string;
  name: string;
  lon: number;
  lat: number;
}

export interface MarkedPlace extends StandingPlace {
  mark?: 'added' | 'moved' | 'closed' | 'changed';
}

export interface ShownStep {
  key?: string;
  op: string;
  id?: string;
  ids?: readonly string[] | null;
  name?: string;
  at?: readonly number[] | null;
}

/** The id under which a map shows a place that a step adds. */
export const addedId = (step: ShownStep, index: number): string => step.id ?? `step/${step.key ?? index}`;

/** The places as the steps leave them: what closes stays, with its mark. */
export function placesAfter(places: readonly StandingPlace[], steps: readonly ShownStep[]): MarkedPlace[] {
  const after = new Map<string, MarkedPlace>(places.map((place) => [place.id, place]));
  const mark = (id: string | undefined, part: Partial<MarkedPlace>) => {
    const found = id === undefined ? undefined : after.get(id);
    if (found !== undefined) after.set(found.id, { ...found, ...part });
  };
  steps.forEach((step, index) => {
    const [lon, lat] = step.at ?? [];
    const at = lon !== undefined && lat !== undefined ? { lon, lat } : {};
    switch (step.op) {
      case 'add':
        if (lon !== undefined && lat !== undefined) {
          const id = addedId(step, index);
          after.set(id, { id, name: step.name ?? '', lon, lat, mark: 'added' });
        }
        return;
      case 'move':
        mark(step.id, { ...at, mark: after.get(step.id ?? '')?.mark === 'added' ? 'added' : 'moved' });
        return;
      case 'close':
      case 'withdraw':
        mark(step.id, { mark: 'closed' });
        return;
      case 'merge':
        for (const id of step.ids ?? []) mark(id, { mark: 'closed' });
        mark(step.id, { mark: 'changed' });
        return;
      case 'change':
        mark(step.id, { mark: 'changed' });
    }
  });
  return [...after.values()];
}

interface StepEdit<S> {
  do: 'append' | 'replace';
  key?: string;
  step: S;
}

/** How a place that was dragged is said: the step that put it where it was moves with it, else it is a move of its own. */
export function dragEdit<S extends ShownStep>(steps: readonly S[], id: string, at: readonly [number, number]): StepEdit<S | DraftedStep> {
  const index = steps.findLastIndex((step, i) => (step.op === 'add' && addedId(step, i) === id) || (step.op === 'move' && step.id === id));
  const step = steps[index];
  if (step?.key !== undefined) return { do: 'replace', key: step.key, step: { ...step, at: [...at] } };
  return { do: 'append', step: { op: 'move', id, at: [...at] } };
}
