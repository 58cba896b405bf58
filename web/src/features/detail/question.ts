import type { ExplanationQuestion } from '../../api/queries';
import type { Result } from '../../api/types';

// What decides a result is listed first, so this many rows nearly always hold it.
const decidingRows = 200;

/** The question whose answer explains a result. */
export function questionOf({ indicator, variant }: Pick<Result, 'indicator' | 'variant'>, { area, period }: { area: string; period: string }): ExplanationQuestion {
  return { indicator, area, period, variant, rows: decidingRows };
}

/** The promise as it is called above its map. */
export function titleOf(result: Result, name: (name: Result['name']) => string): string {
  return [result.clause, name(result.name)].join(' ');
}
