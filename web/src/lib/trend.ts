// A promise over the years: what was measured, the way to the target, and where
// it leads. Pure geometry; the drawing is elsewhere.

export interface YearValue {
  year: number;
  value: number;
}

export interface TrendFacts {
  target: number | null;
  target_year: number;
  projection: number | null;
  progress: {
    baseline: { period: string; value: number | null } | null;
    points: readonly { period: string; value: number | null }[];
    projection_low: number | null;
    projection_high: number | null;
  };
}

export interface Trend {
  points: YearValue[];
  /** From the baseline to the target; empty without a baseline or a target. */
  path: YearValue[];
  target: YearValue | null;
  projection: (YearValue & { low: number | null; high: number | null }) | null;
  years: [number, number];
}

/** The years of a promise; undefined where not even one is known. */
export function trendOf(facts: TrendFacts): Trend | undefined {
  const points = facts.progress.points.flatMap(({ period, value }) => {
    const year = Number(period);
    return value === null || !Number.isInteger(year) ? [] : [{ year, value }];
  });
  const last = points.at(-1);
  if (last === undefined) return undefined;
  const target = facts.target === null || facts.target_year === 0 ? null : { year: facts.target_year, value: facts.target };
  const { baseline, projection_low: low, projection_high: high } = facts.progress;
  const start = baseline !== null && baseline.value !== null ? { year: Number(baseline.period), value: baseline.value } : undefined;
  const path = start !== undefined && target !== null && start.year < target.year ? [start, target] : [];
  const projection =
    facts.projection === null || target === null || target.year <= last.year ? null : { year: target.year, value: facts.projection, low, high };
  const all = [...points, ...path, ...(target === null ? [] : [target])].map(({ year }) => year);
  return { points, path, target, projection, years: [Math.min(...all), Math.max(...all)] };
}

/** Where the path to the target stands in a year, or null off it. */
export function pathAt(path: readonly YearValue[], year: number): number | null {
  const [from, to] = path;
  if (from === undefined || to === undefined || year < from.year || year > to.year) return null;
  return from.value + ((to.value - from.value) * (year - from.year)) / (to.year - from.year);
}

/** At most so many round numbers (1, 2 or 5 × 10ⁿ apart) from below the least to above the greatest. */
export function ticks(least: number, greatest: number, most = 5): number[] {
  const span = greatest - least || Math.abs(greatest) || 1;
  const rough = span / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power;
  const from = Math.floor(least / step);
  const to = Math.max(from + 1, Math.ceil(greatest / step));
  return Array.from({ length: to - from + 1 }, (_, i) => Number(((from + i) * step).toPrecision(12)));
}

/** All values of a trend, for the height of its picture. */
export function valuesOf(trend: Trend): number[] {
  const { points, path, target, projection } = trend;
  const band = projection === null ? [] : [projection.value, projection.low ?? projection.value, projection.high ?? projection.value];
  return [...points, ...path, ...(target === null ? [] : [target])].map(({ value }) => value).concat(band);
}

/** A line through points of a picture, as SVG writes it. */
export const pathData = (points: readonly { x: number; y: number }[]): string =>
  points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
