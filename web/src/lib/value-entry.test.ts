import { expect, it } from 'vitest';
import { findEntryFaults, needsChoice } from './value-entry';

const entry = { value: '3.15', source: '统计年鉴', reason: '', choose: true };

it('asks for a value and a source', () => {
  expect(findEntryFaults({ ...entry, value: ' ', source: '' }, [])).toEqual({ value: 'required', source: 'required' });
  expect(findEntryFaults(entry, [])).toEqual({});
});

it('asks for a reason only where one source is preferred to another', () => {
  expect(needsChoice(entry, ['统计年鉴'])).toBe(false);
  expect(findEntryFaults(entry, ['统计年鉴'])).toEqual({});
  expect(findEntryFaults(entry, ['普查'])).toEqual({ reason: 'reasonRequired' });
  expect(findEntryFaults({ ...entry, reason: '口径一致' }, ['普查'])).toEqual({});
  expect(findEntryFaults({ ...entry, choose: false }, ['普查'])).toEqual({});
});
