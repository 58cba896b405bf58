import { expect, it } from 'vitest';
import { project } from './projection';
import { bytesOf, cellFinder, differenceOf, groupOfCell, type Surface } from './surface';

const surface: Surface = { columns: 2, rows: 2, bounds: [106, 38, 106.02, 38.02], cells: Uint8Array.of(0, 2, 7, 3) };

it('reads the classes by their numbers', () => {
  expect([0, 1, 2, 5, 9].map(groupOfCell)).toEqual([null, 'not_applicable', 'near', 'no_data', 'unreachable']);
  expect(groupOfCell(77)).toBeNull();
});

const cellOf = (lon: number, lat: number) => cellFinder(surface)(project({ lon, lat }));

it('finds the cell of a place, row by row from the north-west', () => {
  expect(cellOf(106.005, 38.015)).toBe(0);
  expect(cellOf(106.015, 38.015)).toBe(1);
  expect(cellOf(106.005, 38.005)).toBe(2);
  expect(cellOf(106.03, 38.005)).toBeUndefined();
});

it.each([
  [7, 3, 'gain'],
  [3, 7, 'loss'],
  [3, 2, 'better'],
  [6, 7, 'worse'],
  [9, 6, 'better'],
  [5, 3, 'gain'],
  [5, 7, null],
  [3, 3, null],
])('from class %i to %i is %s', (before, after, difference) => {
  expect(differenceOf(before, after)).toBe(difference);
});

it('reads bytes', () => {
  expect([...bytesOf('AAID')]).toEqual([0, 2, 3]);
});
