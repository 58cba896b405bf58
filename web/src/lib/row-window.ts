export interface RowWindow {
  /** The first row drawn and one past the last. */
  first: number;
  last: number;
}

/** The rows of a long list that are drawn: those in sight and some on either side. */
export function rowWindow(at: { scrolled: number; height: number; rowHeight: number; total: number }, beside = 12): RowWindow {
  const rowHeight = Math.max(1, at.rowHeight);
  const first = Math.max(0, Math.floor(at.scrolled / rowHeight) - beside);
  const last = Math.min(at.total, Math.ceil((at.scrolled + at.height) / rowHeight) + beside);
  return { first: Math.min(first, last), last };
}

/** The pages of so many rows that a window needs. */
export function pagesOf({ first, last }: RowWindow, size: number): number[] {
  if (last <= first) return [];
  const from = Math.floor(first / size);
  const to = Math.floor((last - 1) / size);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
