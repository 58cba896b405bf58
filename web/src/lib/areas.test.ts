import { expect, it } from 'vitest';
import { inTreeOrder, rootOf } from './areas';

const areas = [
  { code: '640122', parent: '640100' },
  { code: '640000', parent: '' },
  { code: '640100', parent: '640000' },
  { code: '640104', parent: '640100' },
];

it('lists areas from the root down', () => {
  expect(inTreeOrder(areas).map(({ area, depth }) => `${depth} ${area.code}`)).toEqual([
    '0 640000',
    '1 640100',
    '2 640104',
    '2 640122',
  ]);
});

it('treats an area with an unknown parent as a root', () => {
  expect(inTreeOrder([{ code: '640104', parent: '640100' }])).toHaveLength(1);
});

it('finds the root of an area', () => {
  expect(rootOf(areas, '640104')).toBe('640000');
  expect(rootOf(areas, '640000')).toBe('640000');
  expect(rootOf(areas, '999999')).toBe('999999');
});
