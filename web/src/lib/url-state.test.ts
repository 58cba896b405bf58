import { describe, expect, it } from 'vitest';
import { formatUrlState, initialUrlState, parseUrlState, stepUrlState, type UrlState } from './url-state';

const full: UrlState = {
  lang: 'en',
  area: '640104',
  period: '2025',
  indicator: 'sport.fitness_10min',
  variant: 'w800',
  selected: 'cell/17',
  element: 'care.beds',
  map: { lon: -8.61, lat: 41.15, zoom: 13.5 },
};

describe('the URL as the state', () => {
  it('reads back what it wrote', () => {
    expect(parseUrlState(formatUrlState(full))).toEqual(full);
    expect(parseUrlState(formatUrlState(initialUrlState))).toEqual(initialUrlState);
  });

  it('leaves the defaults out', () => {
    expect(formatUrlState(initialUrlState)).toBe('');
  });

  it.each(['1,2', 'a,b,c', '1,2,3,4', '181,0,3', '0,0,99', '', ',,'])('ignores the map place %j', (text) => {
    const { map } = parseUrlState(`?map=${text}`);
    expect(map === null || (map.lon === 0 && map.lat === 0 && map.zoom === 0)).toBe(true);
  });

  it('falls back to Chinese for a language it has not', () => {
    expect(parseUrlState('?lang=fr').lang).toBe('zh-CN');
  });

  it('drops what belongs to the indicator or area left behind', () => {
    expect(stepUrlState(full, { indicator: 'care.nursing_beds' })).toMatchObject({ variant: '', selected: '', element: '', area: '640104' });
    expect(stepUrlState(full, { area: '640105' })).toMatchObject({ selected: '', map: null, indicator: 'sport.fitness_10min', variant: 'w800' });
    expect(stepUrlState(full, { indicator: full.indicator, variant: 'w1000' })).toMatchObject({ variant: 'w1000', selected: 'cell/17' });
  });
});
