/** One page of a long list; `page` counts from 0 and is moved into range. */
export function pageOf<T>(items: readonly T[], page: number, size: number) {
  const last = Math.max(0, Math.ceil(items.length / size) - 1);
  const current = Math.max(0, Math.min(page, last));
  const start = current * size;
  const rows = items.slice(start, start + size);
  return { rows, page: current, last, from: rows.length === 0 ? 0 : start + 1, to: start + rows.length };
}

interface Lacking {
  verdict: string;
  metres: number | null;
  people: number;
}

/** Those without access first, the farthest first; the heavier first among equals. */
export function compareLack(a: Lacking, b: Lacking): number {
  const rank = ({ verdict }: Lacking) => ['fail', 'no_data', 'pass'].indexOf(verdict);
  const far = ({ metres }: Lacking) => metres ?? Infinity;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (far(a) !== far(b)) return far(b) - far(a);
  return b.people - a.people;
}
