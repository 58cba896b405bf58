// The rows of the scoreboard: one per promise, its readings below it.

export interface Reading {
  indicator: string;
  clause: string;
  variant: string;
  chosen: boolean;
  value: number | null;
  state: string;
}

export interface Pledge<R> {
  indicator: string;
  /** The reading that counts; the first one where none was chosen. */
  counts: R;
  /** All readings in the order of the plan, the one that counts included. */
  readings: R[];
}

/** Clause numbers in their own order: 1.2 before 1.10. */
export function compareClauses(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

export function groupPledges<R extends Reading>(results: readonly R[]): Pledge<R>[] {
  const pledges = new Map<string, Pledge<R>>();
  for (const result of results) {
    const known = pledges.get(result.indicator);
    if (known === undefined) {
      pledges.set(result.indicator, { indicator: result.indicator, counts: result, readings: [result] });
      continue;
    }
    known.readings.push(result);
    if (result.chosen) known.counts = result;
  }
  return [...pledges.values()].toSorted((a, b) => compareClauses(a.counts.clause, b.counts.clause));
}

export interface Difference<R> {
  result: R;
  before: number | null;
}

/** The results whose value or state is not what it was. */
export function differences<R extends Reading>(before: readonly R[], after: readonly R[]): Difference<R>[] {
  const key = (r: Reading) => `${r.indicator} ${r.variant}`;
  const earlier = new Map(before.map((r) => [key(r), r]));
  const found: Difference<R>[] = [];
  for (const result of after) {
    const old = earlier.get(key(result));
    if (old !== undefined && (old.value !== result.value || old.state !== result.state)) {
      found.push({ result, before: old.value });
    }
  }
  return found;
}

/**
 * The reading whose details are shown: the one asked for, the promise's own one
 * where the variant is left open or unknown, and the first promise with a value
 * where nothing is asked for.
 */
export function defaultReading<R extends Reading>(results: readonly R[], asked: { indicator: string; variant: string }): R | undefined {
  const pledges = groupPledges(results);
  const pledge =
    pledges.find(({ indicator }) => indicator === asked.indicator) ??
    pledges.find(({ counts }) => counts.value !== null) ??
    pledges[0];
  const same = pledge?.indicator === asked.indicator;
  return (same ? pledge?.readings.find(({ variant }) => variant === asked.variant) : undefined) ?? pledge?.counts;
}

/** Whether a result is one of the targets that the headline counts: it has a number to reach, and applies here. */
export function isTarget(result: { target: number | null; state: string }): boolean {
  return result.target !== null && result.state !== 'reported' && result.state !== 'not_applicable';
}

/** Whether each of the words occurs in one of the texts, in any case of letters. */
export function matches(words: string, texts: readonly string[]): boolean {
  const text = texts.join('\n').toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
