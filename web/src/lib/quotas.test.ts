import { expect, it } from 'vitest';
import { faultOfQuota, quotaAreas, quotasAsked, withQuota } from './quotas';

it('keeps what is typed, and asks with what is filled in', () => {
  let text = withQuota('', { area: '640104', least: '2', most: '' });
  text = withQuota(text, { area: '640105', least: '', most: '0' });
  expect(quotasAsked(text)).toEqual([{ area: '640104', least: 2 }, { area: '640105', most: 0 }]);
  text = withQuota(text, { area: '640104', least: '2', most: '5' });
  expect(quotasAsked(text)).toEqual([{ area: '640105', most: 0 }, { area: '640104', least: 2, most: 5 }]);
  expect(quotasAsked(withQuota(withQuota(text, { area: '640104', least: '', most: '' }), { area: '640105', least: '', most: '' }))).toEqual([]);
});

it('names what no quota can be', () => {
  expect(faultOfQuota({ area: 'a', least: '2', most: '5' })).toBeUndefined();
  expect(faultOfQuota({ area: 'a', least: '', most: '' })).toBeUndefined();
  expect(faultOfQuota({ area: 'a', least: '5', most: '2' })).toBe('order');
  expect(faultOfQuota({ area: 'a', least: 'two', most: '' })).toBe('number');
  expect(faultOfQuota({ area: 'a', least: '-1', most: '' })).toBe('number');
});

it('counts places by counties, and of a county by its townships', () => {
  const areas = [
    { code: '64', parent: '', level: 'region' },
    { code: '6401', parent: '64', level: 'prefecture' },
    { code: '640104', parent: '6401', level: 'county' },
    { code: '640104001', parent: '640104', level: 'township' },
    { code: '640201', parent: '6402', level: 'county' },
  ];
  const codes = (of: string) => quotaAreas(areas, of).map(({ code }) => code);
  expect(codes('64')).toEqual(['640104']);
  expect(codes('6401')).toEqual(['640104']);
  expect(codes('640104')).toEqual(['640104001']);
  expect(codes('640104001')).toEqual([]);
});
