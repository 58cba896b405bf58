/** Where one page of a long list begins and ends; `page` counts from 0 and is moved into range. */
export function spanOf(total: number, page: number, size: number) {
  const last = Math.max(0, Math.ceil(total / size) - 1);
  const current = Math.max(0, Math.min(page, last));
  const start = current * size;
  return { page: current, last, from: total === 0 ? 0 : start + 1, to: Math.min(total, start + size) };
}

/** One page of a long list. */
export function pageOf<T>(items: readonly T[], page: number, size: number): readonly T[] {
  const { from, to } = spanOf(items.length, page, size);
  return items.slice(Math.max(0, from - 1), to);
}

interface Lacking {
  verdict: string;
  way: number | null;
  people: number;
}

/** Those without access first, the farthest first; the heavier first among equals. */
export function compareLack(a: Lacking, b: Lacking): number {
  const rank = ({ verdict }: Lacking) => ['fail', 'no_data', 'pass'].indexOf(verdict);
  const far = ({ way }: Lacking) => way ?? Infinity;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (far(a) !== far(b)) return far(b) - far(a);
  return b.people - a.people;
}
