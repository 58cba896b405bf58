import { expect, it } from 'vitest';
import { readLayer } from './map-layer';

it('reads points and places from columns', () => {
  const layer = readLayer({
    reach: 1000,
    breaks: [500, 1000, 1500],
    metres_per_minute: 80,
    timed: false,
    points: {
      ids: ['a', 'b', 'c'],
      lon: [1_062_368_928, -10, 0],
      lat: [384_791_007, 0, 93],
      people: [300, 0, 7],
      decimetres: [4217, -1, 0],
      nearest: [0, -1, 0],
      classes: Uint8Array.of(2, 9, 5),
    },
    facilities: { ids: ['f'], names: ['东岸健身路径'], kinds: ['fitness_station'], lon: [1_062_906_280], lat: [384_348_285], provenances: ['generated'] },
  });
  const f = { id: 'f', name: '东岸健身路径', kind: 'fitness_station', lon: 106.290628, lat: 38.4348285, provenance: 'generated' };
  expect(layer.points).toEqual([
    { id: 'a', lon: 106.2368928, lat: 38.4791007, people: 300, way: 421.7, nearest: f, group: 'near', verdict: 'pass' },
    { id: 'b', lon: 106.2368918, lat: 38.4791007, people: 0, way: null, nearest: undefined, group: 'unreachable', verdict: 'fail' },
    { id: 'c', lon: 106.2368918, lat: 38.47911, people: 7, way: 0, nearest: f, group: 'no_data', verdict: 'no_data' },
  ]);
  expect(layer.facilities).toEqual([f]);
  expect([layer.reach, layer.speed, layer.breaks]).toEqual([1000, 80, [500, 1000, 1500]]);
});

it('keeps that ways are times', () => {
  const layer = readLayer({
    reach: 600,
    breaks: [300, 600, 900],
    metres_per_minute: null,
    timed: true,
    points: { ids: ['a'], lon: [0], lat: [0], people: [1], decimetres: [7540], nearest: [-1], classes: Uint8Array.of(3) },
    facilities: { ids: [], names: [], kinds: [], lon: [], lat: [], provenances: [] },
  });
  expect([layer.timed, layer.speed, layer.points[0]?.way]).toEqual([true, null, 754]);
});
