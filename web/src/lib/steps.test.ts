import { expect, it } from 'vitest';
import { dragEdit, emptyStep, placesAfter, stepOf } from './steps';

it.each([
  [{ op: 'add', kind: 'pitch', name: ' 新球场 ', lon: '106.2', lat: '38.4' }, { op: 'add', kind: 'pitch', name: '新球场', at: [106.2, 38.4] }],
  [{ op: 'move', id: 'a', lon: '106.2', lat: '38.4' }, { op: 'move', id: 'a', at: [106.2, 38.4] }],
  [{ op: 'close', id: 'a' }, { op: 'close', id: 'a', date: '2025-01-01' }],
  [{ op: 'merge', id: 'a', into: 'b' }, { op: 'merge', id: 'b', ids: ['a'], date: '2025-01-01' }],
  [{ op: 'change', id: 'a', field: 'beds', amount: '60' }, { op: 'change', id: 'a', fields: { beds: 60 }, date: '2025-01-01' }],
  [
    { op: 'convert', premises: ' p9 ', kind: 'childcare' },
    { op: 'convert', id: 'p9', kind: 'childcare', date: '2025-01-01' },
  ],
  [{ op: 'estate', people: '4200', lon: '106.2', lat: '38.4' }, { op: 'estate', people: 4200, at: [106.2, 38.4] }],
  [{ op: 'close_street', lon: '106.2', lat: '38.4' }, { op: 'close_street', at: [106.2, 38.4] }],
  [
    { op: 'new_street', lon: '106.2', lat: '38.4', toLon: '106.3', toLat: '38.5' },
    { op: 'new_street', at: [106.2, 38.4], to: [106.3, 38.5] },
  ],
])('reads the form %j', (draft, step) => {
  expect(stepOf({ ...emptyStep, ...draft }, '2025-01-01')).toEqual({ step });
});

it.each([
  [{ op: 'add', lon: '', lat: '91' }, { kind: 'required', lon: 'degrees', lat: 'degrees' }],
  [{ op: 'close' }, { id: 'required' }],
  [{ op: 'merge', id: 'a', into: 'a' }, { into: 'required' }],
  [{ op: 'change', id: 'a', amount: 'many' }, { amount: 'number' }],
  [{ op: 'convert' }, { kind: 'required', premises: 'required' }],
  [{ op: 'estate', people: '-1', lon: '106', lat: '38' }, { people: 'number' }],
  [{ op: 'new_street', lon: '106', lat: '38', toLon: 'x' }, { toLon: 'degrees', toLat: 'degrees' }],
])('names what is wrong in %j', (draft, faults) => {
  expect(stepOf({ ...emptyStep, ...draft }, '2025-01-01')).toEqual({ faults });
});

const places = ['a', 'b', 'c'].map((id, i) => ({ id, name: id, lon: 106 + i, lat: 38 }));

it('shows what steps do to places', () => {
  const after = placesAfter(places, [
    { op: 'move', id: 'a', at: [107, 39] },
    { op: 'merge', id: 'a', ids: ['b'] },
    { op: 'add', key: 'k', name: 'new', at: [106.5, 38.5] },
    { op: 'close', id: 'unknown' },
  ]);
  expect(after).toEqual([
    { id: 'a', name: 'a', lon: 107, lat: 39, mark: 'changed' },
    { id: 'b', name: 'b', lon: 107, lat: 38, mark: 'closed' },
    { id: 'c', name: 'c', lon: 108, lat: 38 },
    { id: 'step/k', name: 'new', lon: 106.5, lat: 38.5, mark: 'added' },
  ]);
});

it('says a drag by the step that put the place there', () => {
  const steps = [{ key: 'k', op: 'add', at: [106, 38] }, { key: 'm', op: 'move', id: 'a', at: [1, 2] }];
  expect(dragEdit(steps, 'step/k', [107, 39])).toEqual({ do: 'replace', key: 'k', step: { key: 'k', op: 'add', at: [107, 39] } });
  expect(dragEdit(steps, 'a', [107, 39])).toMatchObject({ do: 'replace', key: 'm' });
  expect(dragEdit(steps, 'b', [107, 39])).toEqual({ do: 'append', step: { op: 'move', id: 'b', at: [107, 39] } });
});
