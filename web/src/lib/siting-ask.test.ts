import { expect, it } from 'vitest';
import { askOf, emptySiting, findSitingFaults } from './siting-ask';

it('asks with what was filled in alone', () => {
  const at = { area: '640106', indicator: 'sport.fitness_10min', variant: '' };
  expect(askOf(emptySiting, at)).toEqual({ area: '640106', indicator: 'sport.fitness_10min', candidates: 'both', p: 5, seconds: 20 });
  expect(askOf({ ...emptySiting, p: '', budget: '3000000', floor: '80', fairest: true, kind: 'clinic' }, { ...at, variant: 'w800' })).toEqual({
    area: '640106', indicator: 'sport.fitness_10min', variant: 'w800', candidates: 'both', kind: 'clinic',
    budget_yuan: 3_000_000, floor: 0.8, fairest: true, seconds: 20,
  });
});

it('names what cannot be asked', () => {
  expect(findSitingFaults(emptySiting)).toEqual({});
  expect(findSitingFaults({ ...emptySiting, p: '' })).toEqual({ p: 'limit' });
  expect(findSitingFaults({ ...emptySiting, p: '2.5', budget: '三百万', floor: '120' })).toEqual({ p: 'number', budget: 'number', floor: 'percent' });
});
