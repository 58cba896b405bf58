import { describe, expect, it } from 'vitest';
import { formatUrlState, initialUrlState, parseUrlState, stepUrlState, type UrlState } from './url-state';

const full: UrlState = {
  screen: 'indicator',
  lang: 'en',
  area: '640104',
  period: '2025',
  indicator: 'sport.fitness_10min',
  variant: 'w800',
  selected: 'cell/17',
  element: 'care.beds',
  state: 'off_track',
  words: '健身',
  owner: '体育局',
  scenario: 's1@2',
  compare: 's2',
  register: 'facility',
  kind: 'sports_pitch',
  find: '球场',
  sort: '-beds',
  row: 'town/P',
  tab: 'duplicates',
  plan: 'ningxia-2025',
  layer: 'areas',
  level: 'county',
  map: { lon: -8.61, lat: 41.15, zoom: 13.5 },
};

const parse = (href: string) => {
  const { pathname, search } = new URL(href, 'http://localhost');
  return parseUrlState(pathname, search);
};

describe('the URL as the state', () => {
  it('reads back what it wrote', () => {
    expect(parse(formatUrlState(full))).toEqual(full);
    expect(parse(formatUrlState(initialUrlState))).toEqual(initialUrlState);
  });

  it('knows no other levels than those of areas', () => {
    expect(parse('/map?level=street').level).toBe('');
  });

  it('leaves the defaults out', () => {
    expect(formatUrlState(initialUrlState)).toBe('/');
    expect(formatUrlState({ ...initialUrlState, screen: 'map' })).toBe('/map');
  });

  it.each(['1,2', 'a,b,c', '1,2,3,4', '181,0,3', '0,0,99', '', ',,'])('ignores the map place %j', (text) => {
    const { map } = parse(`/?map=${text}`);
    expect(map === null || (map.lon === 0 && map.lat === 0 && map.zoom === 0)).toBe(true);
  });

  it('knows a path that leads nowhere', () => {
    expect(parse('/nowhere').screen).toBeNull();
    expect(parse('/map/').screen).toBe('map');
  });

  it('falls back to Chinese for a language it has not', () => {
    expect(parse('/?lang=fr').lang).toBe('zh-CN');
  });

  it('drops what belongs to the indicator or area left behind', () => {
    expect(stepUrlState(full, { indicator: 'care.nursing_beds' })).toMatchObject({ variant: '', selected: '', element: '', area: '640104' });
    expect(stepUrlState(full, { area: '640105' })).toMatchObject({ selected: '', map: null, indicator: 'sport.fitness_10min', variant: 'w800' });
    expect(stepUrlState(full, { indicator: full.indicator, variant: 'w1000' })).toMatchObject({ variant: 'w1000', selected: 'cell/17' });
  });
});
