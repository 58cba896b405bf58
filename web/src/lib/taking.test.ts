import { expect, it } from 'vitest';
import { doubledTargets, emptyDraft, mappingKey, missingTargets, parseListDraft, repaired, startColumns } from './taking';

it('keeps a draft and mistrusts what is none', () => {
  const draft = { ...emptyDraft, upload: 'a', columns: { 编号: 'id' }, repairs: [{ row: 3, heading: '面积', cell: '600' }] };
  expect(parseListDraft(JSON.stringify(draft))).toEqual(draft);
  for (const kept of [null, '', '{', '3', 'null']) expect(parseListDraft(kept)).toEqual(emptyDraft);
  expect(parseListDraft('{"upload":3,"columns":{"a":1},"repairs":[{"row":"x"}]}')).toEqual(emptyDraft);
});

it('keeps one repair of a cell', () => {
  const once = repaired(emptyDraft, { row: 3, heading: 'a', cell: '1' });
  const twice = repaired(repaired(once, { row: 3, heading: 'b', cell: '2' }), { row: 3, heading: 'a', cell: '9' });
  expect(twice.repairs).toEqual([{ row: 3, heading: 'b', cell: '2' }, { row: 3, heading: 'a', cell: '9' }]);
});

it('remembers columns by the headings, whatever their order', () => {
  expect(mappingKey('facility', ['b', 'a'])).toBe(mappingKey('facility', ['a', 'b']));
  expect(startColumns(['a', 'b', ''], { a: 'id' }, {})).toEqual({ a: 'id', b: '' });
  expect(startColumns(['a', 'b'], { a: 'id' }, { a: '', b: 'id' })).toEqual({ a: '', b: 'id' });
});

it('names what is missing and what is said twice', () => {
  const targets = [{ id: 'id', need: true }, { id: 'kind', need: true }, { id: 'name', need: false }];
  expect(missingTargets(targets, { columns: { a: 'id' }, constants: {} })).toEqual(['kind']);
  expect(missingTargets(targets, { columns: { a: 'id' }, constants: { kind: 'pitch' } })).toEqual([]);
  expect(doubledTargets({ a: 'id', b: 'id', c: '', d: '' })).toEqual(['id']);
});
