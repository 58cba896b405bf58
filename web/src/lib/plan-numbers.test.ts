import { expect, it } from 'vitest';
import { findNumbers, numberKey, promisesMoved, stepOfNumber } from './plan-numbers';

const reach = {
  object: 'sport.fitness_10min', name: { zh: '健身圈', en: 'Fitness circle' }, clauses: ['1.1.7'], variant: 'w1000', parameter: 'reach', parameter_name: { zh: '可达距离', en: 'Reach' }, year: 0,
  areas: [], unit: 'm', values: [{ value: '1000', source: { zh: '相关研究', en: 'studies' }, status: 'local-choice' }],
};
const target = { ...reach, variant: '', parameter: 'target', parameter_name: { zh: '', en: '' }, year: 2025, unit: '%', values: [{ value: '95', source: { zh: '条款 1.1.7', en: 'clause 1.1.7' }, status: 'secondary' }] };

it('says the step that supposes a number', () => {
  expect(stepOfNumber(reach, ' 1200 ', '')).toEqual({ op: 'parameter', object: 'sport.fitness_10min', variant: 'w1000', parameter: 'reach', value: '1200' });
  expect(stepOfNumber(target, '97', '640104')).toEqual({
    op: 'parameter', object: 'sport.fitness_10min', parameter: 'target', period: '2025', area: '640104', value: '97',
  });
});

it('supposes nothing where nothing is other', () => {
  expect(stepOfNumber(reach, '', '')).toBeNull();
  expect(stepOfNumber(reach, '1000', '')).toBeNull();
  expect(stepOfNumber(reach, '1000', '640104')).not.toBeNull();
});

it('finds numbers by clause, name, value and source', () => {
  const all = [reach, target];
  for (const [words, found] of [['1.1.7', 2], ['健身', 2], ['studies', 1], ['可达', 1], ['95', 1], ['elder', 0], ['', 2]] as const) {
    expect(findNumbers(all, words)).toHaveLength(found);
  }
  expect(new Set(all.map(numberKey)).size).toBe(2);
});

const effect = (indicator: string, state_after: string, chosen = true) => ({ indicator, chosen, state_before: 'off_track', state_after });

it('counts what moves by promise, under the reading that counts', () => {
  expect(promisesMoved([effect('a', 'achieved'), effect('b', 'off_track'), effect('a', 'off_track'), effect('c', 'achieved', false)])).toMatchObject([
    { indicator: 'a', restated: 1, effects: [{}, {}] },
    { indicator: 'b', restated: 0, effects: [{}] },
  ]);
});
