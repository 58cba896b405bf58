import { expect, it } from 'vitest';
import { inWords, lackOf } from './reason';

const names: Record<string, string> = { 'care.beds': '养老床位', '640104': '兴庆区', '640105': '西夏区' };
const say = (id: string) => names[id] ?? id;

it('says names for ids and keeps what has none', () => {
  expect(inWords('care.beds 640104 2025', say)).toBe('养老床位 兴庆区 2025');
  expect(inWords('care.beds 640104 2025: yearbook', say)).toBe('养老床位 兴庆区 2025: yearbook');
  expect(inWords('', say)).toBe('');
});

it('tells what lacks of something reported in parts', () => {
  expect(lackOf({ code: 'incomplete', what: 'care.beds: 1 of 3, lacking 640104 640105' }, say)).toEqual({
    of: '养老床位', known: 1, all: 3, lacking: '兴庆区 西夏区',
  });
  expect(lackOf({ code: 'unreported', what: 'care.beds 640104 2025' }, say)).toBeNull();
});
