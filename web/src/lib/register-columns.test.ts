import { expect, it } from 'vitest';
import { changedCells, columnsOf, fieldsOf, nextSort, typedText } from './register-columns';

const heads = [
  { id: 'beds', type: 'number' },
  { id: 'barrier_free', type: 'boolean' },
  { id: 'fee', type: 'text' },
  { id: 'places', type: 'number' },
];

it('shows the fields that many rows say, numbers first', () => {
  const rows = [{ beds: 3, fee: 'free', barrier_free: true }, { beds: 4, fee: 'low' }, { beds: 5, places: 2 }, { fee: 'free' }, {}];
  expect(columnsOf(heads, rows).map(({ id }) => id)).toEqual(['beds', 'fee']);
  expect(columnsOf(heads, rows, 1).map(({ id }) => id)).toEqual(['beds']);
  expect(columnsOf(heads, [])).toEqual([]);
});

it('sends only what differs', () => {
  const said = fieldsOf({ beds: 12, open: true, kinds: ['a', 'b'], odd: { x: 1 } });
  expect(said).toEqual({ beds: 12, open: true, kinds: ['a', 'b'] });
  expect(typedText(said['kinds'] ?? null)).toBe('a;b');
  expect(changedCells({ beds: ' 12 ', open: 'false', kinds: 'a;b', name: 'x', none: '' }, said)).toEqual({ open: 'false', name: 'x' });
});

it('orders up, down, and not at all', () => {
  expect(nextSort('', 'beds')).toBe('beds');
  expect(nextSort('beds', 'beds')).toBe('-beds');
  expect(nextSort('-beds', 'beds')).toBe('');
  expect(nextSort('-beds', 'name')).toBe('name');
});
