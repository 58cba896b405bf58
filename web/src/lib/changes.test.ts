import { expect, it } from 'vitest';
import { findUndoable, operations } from './changes';

it('offers the newest change that stands', () => {
  const log = [
    { seq: 1, action: 'load' },
    { seq: 2, action: 'change' },
    { seq: 3, action: 'change' },
    { seq: 4, action: 'undo', undoes: 3 },
  ];
  expect(findUndoable(log)?.seq).toBe(2);
  expect(findUndoable([...log, { seq: 5, action: 'undo', undoes: 2 }])).toBeUndefined();
  expect(findUndoable([])).toBeUndefined();
});

it('says what a change did', () => {
  expect(
    operations([
      { op: 'add', facility: { id: 'f1', name: '河滨公园' } },
      { op: 'put', value: { element: 'care.beds', area: '640104', period: '2025' } },
      { op: 'withdraw', id: 'f1' },
    ]),
  ).toEqual([
    { op: 'add', subject: '河滨公园' },
    { op: 'put', subject: '', slot: { element: 'care.beds', area: '640104', period: '2025' } },
    { op: 'withdraw', subject: 'f1' },
  ]);
  expect(operations({ areas: 3 })).toEqual([]);
  expect(operations(null)).toEqual([]);
});
