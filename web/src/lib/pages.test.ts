import { expect, it } from 'vitest';
import { compareLack, pageOf, spanOf } from './pages';

it('cuts a list into pages', () => {
  const items = [1, 2, 3, 4, 5];
  expect(spanOf(5, 1, 2)).toEqual({ page: 1, last: 2, from: 3, to: 4 });
  expect(spanOf(5, 9, 2)).toEqual({ page: 2, last: 2, from: 5, to: 5 });
  expect(spanOf(0, 3, 2)).toEqual({ page: 0, last: 0, from: 0, to: 0 });
  expect([pageOf(items, 1, 2), pageOf(items, 9, 2), pageOf([], 3, 2)]).toEqual([[3, 4], [5], []]);
});

const point = (id: string, verdict: string, way: number | null, people = 1) => ({ id, verdict, way, people });

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
