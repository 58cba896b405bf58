import { expect, it } from 'vitest';
import { countGroups } from './map-groups';

it('counts the groups that have points, in the order of the legend', () => {
  expect(
    countGroups([
      { people: 5, group: 'far' },
      { people: 100, group: 'near' },
      { people: 20, group: 'near' },
      { people: 0, group: 'no_data' },
    ]),
  ).toEqual([
    { group: 'near', points: 2, people: 120 },
    { group: 'far', points: 1, people: 5 },
    { group: 'no_data', points: 1, people: 0 },
  ]);
});
