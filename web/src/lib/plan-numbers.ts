// Numbers of a plan: which are listed, and the step that supposes another.

import { matches } from './scoreboard';

export interface ListedNumber {
  object: string;
  name: { zh: string; en: string };
  clauses: readonly string[];
  variant: string;
  parameter: string;
  parameter_name: { zh: string; en: string };
  year: number;
  areas: readonly string[];
  values: readonly { value: string; source: { zh: string; en: string }; status: string }[];
  unit: string;
}

/** What tells a number from all others of its package. */
export const numberKey = (n: ListedNumber): string => [n.object, n.variant, n.parameter, n.year || '', n.areas.join('+')].join('|');

/** The numbers that contain the words. */
export const findNumbers = <N extends ListedNumber>(numbers: readonly N[], words: string): N[] =>
  numbers.filter((n) =>
    matches(words, [n.object, n.name.zh, n.name.en, n.parameter, n.parameter_name.zh, n.parameter_name.en, ...n.clauses, ...n.values.flatMap(({ value, source }) => [value, source.zh, source.en])]),
  );

export interface NumberStep {
  op: 'parameter';
  object: string;
  variant?: string;
  parameter: string;
  period?: string;
  area?: string;
  value: string;
}

/** The step that supposes a value; null while there is none, or it is the one in force everywhere. */
export function stepOfNumber(n: ListedNumber, value: string, area: string): NumberStep | null {
  const said = value.trim();
  const now = n.values[n.values.length - 1]?.value;
  if (said === '' || (said === now && area === n.areas.join('+'))) return null;
  return {
    op: 'parameter',
    object: n.object,
    parameter: n.parameter,
    value: said,
    ...(n.variant === '' ? {} : { variant: n.variant }),
    ...(n.year === 0 ? {} : { period: String(n.year) }),
    ...(area === '' ? {} : { area }),
  };
}

interface Moved {
  indicator: string;
  chosen: boolean;
  state_before: string;
  state_after: string;
}

/** Effects by promise, in the order they come: how many areas move, and how many of them change state. */
export function promisesMoved<E extends Moved>(effects: readonly E[]): { indicator: string; effects: E[]; restated: number }[] {
  const byPromise = new Map<string, E[]>();
  for (const effect of effects) {
    if (effect.chosen) byPromise.set(effect.indicator, [...(byPromise.get(effect.indicator) ?? []), effect]);
  }
  return [...byPromise].map(([indicator, moved]) => ({
    indicator,
    effects: moved,
    restated: moved.filter((effect) => effect.state_before !== effect.state_after).length,
  }));
}
