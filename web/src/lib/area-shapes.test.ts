import { expect, it } from 'vitest';
import { cornersOfAreas, findArea, shapesOf } from './area-shapes';
import { project, unproject, type WorldPoint } from './projection';

const square = (west: number, south: number, east: number, north: number) => [[west, south], [east, south], [east, north], [west, north], [west, south]];

const features = [
  { id: 'west', geometry: { coordinates: [[square(106, 38, 107, 39), square(106.4, 38.4, 106.6, 38.6)]] } },
  { id: 'east', geometry: { coordinates: [[square(107, 38, 108, 39)], [square(109, 38, 109.1, 38.1)]] } },
];

it('finds the area of a position, with holes and parts apart', () => {
  const shapes = shapesOf(features);
  const at = (lon: number, lat: number) => findArea(shapes, project({ lon, lat }))?.code;
  expect([at(106.1, 38.5), at(106.5, 38.5), at(107.5, 38.9), at(109.05, 38.05), at(108.5, 38.5), at(106.5, 37)]).toEqual(['west', undefined, 'east', 'east', undefined, undefined]);
});

it('puts labels into the middle of the largest part', () => {
  const middle = unproject(shapesOf(features)[1]?.middle as WorldPoint);
  expect(middle.lon).toBeCloseTo(107.5, 6);
  expect(middle.lat).toBeCloseTo(38.5, 1);
});

it('tells what a map of all has to show', () => {
  expect(cornersOfAreas(features)).toEqual([{ lon: 106, lat: 38 }, { lon: 109.1, lat: 39 }]);
  expect(cornersOfAreas([])).toEqual([]);
  expect(shapesOf([{ id: 'nothing', geometry: { coordinates: [] } }])).toEqual([]);
});
