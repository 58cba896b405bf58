import { expect, it } from 'vitest';
import { matches, compareClauses, defaultReading, differences, groupPledges, type Reading } from './scoreboard';

const reading = (over: Partial<Reading>): Reading => ({
  indicator: 'sport.fitness_10min',
  clause: '1.1.7',
  variant: '',
  chosen: true,
  value: 95,
  state: 'achieved',
  ...over,
});

it('orders clauses by their numbers', () => {
  expect(['1.10', '1.2.1', '4.2.4j', '1.1.7', '1.2'].toSorted(compareClauses)).toEqual(['1.1.7', '1.2', '1.2.1', '1.10', '4.2.4j']);
});

it('keeps the readings of one promise together and finds the one that counts', () => {
  const pledges = groupPledges([
    reading({ indicator: 'care.beds', clause: '1.2.1' }),
    reading({ variant: 'w1000', chosen: false }),
    reading({ variant: 'w800' }),
  ]);
  expect(pledges.map((p) => p.indicator)).toEqual(['sport.fitness_10min', 'care.beds']);
  expect(pledges[0]?.counts.variant).toBe('w800');
  expect(pledges[0]?.readings.map((r) => r.variant)).toEqual(['w1000', 'w800']);
});

it('tells which results a change touched', () => {
  const before = [reading({}), reading({ indicator: 'care.beds', value: null, state: 'no_data' })];
  const after = [reading({}), reading({ indicator: 'care.beds', value: 60, state: 'achieved' })];
  expect(differences(before, after)).toEqual([{ result: after[1], before: null }]);
  expect(differences(before, before)).toEqual([]);
});

it('shows what is asked for, else the first promise with a value', () => {
  const results = [
    reading({ indicator: 'a', clause: '1.1', value: null }),
    reading({ indicator: 'b', clause: '1.2', variant: 'w800', chosen: false }),
    reading({ indicator: 'b', clause: '1.2', variant: 'w1000' }),
  ];
  const shown = (indicator: string, variant: string) => {
    const found = defaultReading(results, { indicator, variant });
    return `${found?.indicator} ${found?.variant}`;
  };
  expect(shown('', '')).toBe('b w1000');
  expect(shown('a', '')).toBe('a ');
  expect(shown('b', 'w800')).toBe('b w800');
  expect(shown('b', 'gone')).toBe('b w1000');
  expect(shown('gone', 'w800')).toBe('b w1000');
  expect(defaultReading([], { indicator: '', variant: '' })).toBeUndefined();
});

it('finds a promise by all of the words asked for', () => {
  const texts = ['1.1.7', '城市10分钟健身圈', 'Ten-minute fitness circle'];
  for (const words of ['', ' ', '健身', '1.1.7 TEN', 'circle ten']) expect(matches(words, texts), words).toBe(true);
  for (const words of ['养老', 'ten beds']) expect(matches(words, texts), words).toBe(false);
});
