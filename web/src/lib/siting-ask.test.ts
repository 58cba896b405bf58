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

it('asks for what closes, who must come, where it lies and quotas', () => {
  const at = { area: '640106', indicator: 'sport.fitness_10min', variant: '' };
  const draft = { ...emptySiting, close: '3', leastServed: '3000', beside: 'library', besideMetres: '150', quotas: '640106001=1..;640106002=..0' };
  expect(askOf(draft, at)).toMatchObject({
    close: 3, least_served: 3000, beside: 'library', beside_metres: 150, quotas: [{ area: '640106001', least: 1 }, { area: '640106002', most: 0 }],
  });
  expect(askOf({ ...emptySiting, besideMetres: '150' }, at)).not.toHaveProperty('beside_metres');
  expect(findSitingFaults({ ...draft, close: '1.5', leastServed: 'many', quotas: 'a=3..2' })).toEqual({ close: 'number', leastServed: 'number', quotas: 'number' });
});

it('names what cannot be asked', () => {
  expect(findSitingFaults(emptySiting)).toEqual({});
  expect(findSitingFaults({ ...emptySiting, p: '' })).toEqual({ p: 'limit' });
  expect(findSitingFaults({ ...emptySiting, p: '2.5', budget: '三百万', floor: '120' })).toEqual({ p: 'number', budget: 'number', floor: 'percent' });
});
