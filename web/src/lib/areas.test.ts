import { expect, it } from 'vitest';
import { rootOf } from './areas';

const areas = [
  { code: '640122', parent: '640100' },
  { code: '640000', parent: '' },
  { code: '640100', parent: '640000' },
  { code: '640104', parent: '640100' },
];

it('finds the root of an area', () => {
  expect(rootOf(areas, '640104')).toBe('640000');
  expect(rootOf(areas, '640000')).toBe('640000');
  expect(rootOf(areas, '999999')).toBe('999999');
});
