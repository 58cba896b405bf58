import { expect, it } from 'vitest';
import { nearChoices, pathTo } from './area-choices';

const areas = [
  { code: '640000', parent: '' },
  { code: '640100', parent: '640000' },
  { code: '640106', parent: '640100' },
  { code: '640104', parent: '640100' },
  { code: '640104001', parent: '640104' },
  { code: '990100', parent: '' },
];

it('offers the way up, what lies below, and the other roots', () => {
  expect(nearChoices(areas, '640100').map(({ area, depth }) => `${depth} ${area.code}`)).toEqual([
    '0 640000',
    '1 640100',
    '2 640104',
    '2 640106',
    '0 990100',
  ]);
  expect(nearChoices(areas, '123456').map(({ area }) => area.code)).toEqual(['640000', '990100']);
});

it('knows the way to an area', () => {
  expect(pathTo(areas, '640104001').map(({ code }) => code)).toEqual(['640000', '640100', '640104', '640104001']);
  expect(pathTo(areas, 'x')).toEqual([]);
});
