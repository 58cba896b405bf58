import { expect, it } from 'vitest';
import { formatSlot, parseSlot, slotsOfExplanation, slotsOfReason } from './slots';

const here = { area: '640100', period: '2025' };

it.each([
  ['unreported', 'care.beds 640104 2024', [{ element: 'care.beds', area: '640104', period: '2024' }]],
  ['unchosen_rivals', 'care.beds 640104 2025: a, b', [{ element: 'care.beds', area: '640104', period: '2025' }]],
  ['incomplete', 'care.beds 640104 2025: 3 of 12 months', [{ element: 'care.beds', area: '640104', period: '2025' }]],
  [
    'incomplete',
    'care.beds: 1 of 3, lacking 640104 640105',
    [
      { element: 'care.beds', area: '640104', period: '2025' },
      { element: 'care.beds', area: '640105', period: '2025' },
    ],
  ],
  ['not_kept', 'estate', []],
  ['unreported', 'care.beds', []],
])('finds the slots of %s %s', (code, what, slots) => {
  expect(slotsOfReason({ code, what }, here)).toEqual(slots);
});

it('has none without a reason', () => {
  expect(slotsOfReason(null, here)).toEqual([]);
});

it('finds the elements below an explanation, each once', () => {
  const element = { indicator: 'care.beds', area: '640104', formula: '2025', children: [] };
  const top = {
    indicator: 'care.nursing_share',
    area: '640104',
    formula: '(a) / (b)',
    children: [
      { indicator: 'care.nursing_share', area: '640104', formula: 'a', children: [{ ...element, children: [element] }] },
      { indicator: 'care.nursing_share', area: '640104', formula: '2025', children: null },
    ],
  };
  expect(slotsOfExplanation(top)).toEqual([{ element: 'care.beds', area: '640104', period: '2025' }]);
});

it('reads back the slot of a URL', () => {
  const slot = { element: 'care.beds', area: '640104', period: '2025-03' };
  expect(parseSlot(formatSlot(slot))).toEqual(slot);
  for (const text of ['', 'a@b', 'a@b@c@d', '@@']) expect(parseSlot(text)).toBeNull();
});
