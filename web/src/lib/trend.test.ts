import { describe, expect, it } from 'vitest';
import { pathAt, pathData, ticks, trendOf, valuesOf } from './trend';

const facts = {
  target: 60,
  target_year: 2025,
  projection: 52,
  progress: {
    baseline: { period: '2021', value: 40 },
    points: [{ period: '2021', value: 40 }, { period: '2022', value: null }, { period: '2023', value: 46 }],
    projection_low: 50,
    projection_high: 54,
  },
};

describe('a trend', () => {
  it('holds the known years, the path and where it leads', () => {
    const trend = trendOf(facts);
    expect(trend).toEqual({
      points: [{ year: 2021, value: 40 }, { year: 2023, value: 46 }],
      path: [{ year: 2021, value: 40 }, { year: 2025, value: 60 }],
      target: { year: 2025, value: 60 },
      projection: { year: 2025, value: 52, low: 50, high: 54 },
      years: [2021, 2025],
    });
    expect(trend && valuesOf(trend)).toEqual([40, 46, 40, 60, 60, 52, 50, 54]);
  });

  it('invents nothing', () => {
    const none = { ...facts, progress: { ...facts.progress, points: [{ period: '2023', value: null }] } };
    expect(trendOf(none)).toBeUndefined();
    const due = trendOf({ ...facts, progress: { ...facts.progress, baseline: null, points: [{ period: '2025', value: 50 }] } });
    expect(due).toMatchObject({ path: [], projection: null, years: [2025, 2025] });
  });
});

it('knows where the path stands', () => {
  const path = [{ year: 2021, value: 40 }, { year: 2025, value: 60 }];
  expect(pathAt(path, 2023)).toBe(50);
  expect(pathAt(path, 2026)).toBeNull();
  expect(pathAt([], 2023)).toBeNull();
});

it.each([
  [40, 60, [40, 45, 50, 55, 60]],
  [0, 97, [0, 50, 100]],
  [0.7, 3.15, [0, 1, 2, 3, 4]],
  [5, 5, [4, 6]],
])('ticks from %s to %s', (least, greatest, expected) => {
  expect(ticks(least, greatest)).toEqual(expected);
});

it('draws a line', () => {
  expect(pathData([{ x: 0, y: 1 }, { x: 2.25, y: 3 }])).toBe('M0.0 1.0L2.3 3.0');
});
