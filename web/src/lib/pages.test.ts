import { expect, it } from 'vitest';
import { compareLack, pageOf } from './pages';

it('cuts a list into pages', () => {
  const items = [1, 2, 3, 4, 5];
  expect(pageOf(items, 1, 2)).toEqual({ rows: [3, 4], page: 1, last: 2, from: 3, to: 4 });
  expect(pageOf(items, 9, 2)).toMatchObject({ rows: [5], page: 2, from: 5, to: 5 });
  expect(pageOf([], 3, 2)).toEqual({ rows: [], page: 0, last: 0, from: 0, to: 0 });
});

const point = (id: string, verdict: string, metres: number | null, people = 1) => ({ id, verdict, metres, people });

it('puts the largest lack first', () => {
  const points = [
    point('near', 'pass', 100),
    point('unknown', 'no_data', null),
    point('far', 'fail', 2000),
    point('cut off', 'fail', null),
    point('far and heavy', 'fail', 2000, 9),
  ];
  expect(points.toSorted(compareLack).map(({ id }) => id)).toEqual(['cut off', 'far and heavy', 'far', 'unknown', 'near']);
});
