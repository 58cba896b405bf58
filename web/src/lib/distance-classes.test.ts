import { expect, it } from 'vitest';
import { countGroups, distanceClass, groupOf } from './distance-classes';

it.each([
  [0, 'near'],
  [400, 'near'],
  [400.1, 'within'],
  [800, 'within'],
  [800.1, 'beyond'],
  [1200, 'beyond'],
  [1200.1, 'far'],
  [null, 'unreachable'],
] as const)('%s m against a reach of 800 m is %s', (metres, expected) => {
  expect(distanceClass(metres, 800)).toBe(expected);
});

const point = (verdict: string, metres: number | null, people = 1) => ({ verdict, metres, people });

it('shades a verdict by its distance, and never against it', () => {
  expect(groupOf(point('pass', 300), 800)).toBe('near');
  expect(groupOf(point('fail', 900), 800)).toBe('beyond');
  expect(groupOf(point('fail', null), 800)).toBe('unreachable');
  expect(groupOf(point('fail', 300), 800)).toBe('fail'); // missed for another reason than its distance
  expect(groupOf(point('pass', 900), 800)).toBe('pass');
  expect(groupOf(point('no_data', 300), 800)).toBe('no_data');
  expect(groupOf(point('not_applicable', null), 800)).toBe('not_applicable');
  expect(groupOf(point('pass', 300), null)).toBe('pass');
});

it('counts the people of each group once', () => {
  const points = [point('pass', 300, 5), point('fail', 900, 7), point('fail', 1100, 2), point('no_data', null, 4)];
  expect(countGroups(points, 800)).toEqual([
    { group: 'near', points: 1, people: 5 },
    { group: 'beyond', points: 2, people: 9 },
    { group: 'no_data', points: 1, people: 4 },
  ]);
});
