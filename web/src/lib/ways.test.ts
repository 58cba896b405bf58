import { expect, it } from 'vitest';
import { positionId, positionOf } from './ways';

it('names a position and finds it again', () => {
  expect(positionId({ lon: 106.2345678, lat: -38.1 })).toBe('@106.234568,-38.100000');
  expect(positionOf('@106.234568,-38.100000')).toEqual({ lon: 106.234568, lat: -38.1 });
});

it.each(['', 'town/F', '640104-0002', '@', '@1', '@181,0', '@0,86', '@a,b', '@1,2,3'])('%j is no position', (id) => {
  expect(positionOf(id)).toBeNull();
});
