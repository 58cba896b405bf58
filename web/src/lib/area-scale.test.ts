import { expect, it } from 'vitest';
import { toneOf, type Scale } from './area-scale';

const scale: Scale = {
  of: 'value',
  bands: [
    { tone: 'best', from: 97, to: null },
    { tone: 'met', from: 95, to: 97 },
    { tone: 'short', from: 85, to: 95 },
    { tone: 'far_short', from: null, to: 85 },
  ],
};

it.each([
  [100, 'best'],
  [97, 'best'],
  [95, 'met'],
  [94.999, 'short'],
  [0, 'far_short'],
  [null, 'no_data'],
] as const)('%s is %s', (value, tone) => {
  expect(toneOf(scale, { value, gap: null, state: 'reported' })).toBe(tone);
});

it('reads gaps where areas have targets of their own, and knows of whom nothing is said', () => {
  const gaps: Scale = { of: 'gap', bands: [{ tone: 'met', from: null, to: 0 }, { tone: 'short', from: 0, to: null }] };
  expect(toneOf(gaps, { value: 7, gap: 0, state: 'achieved' })).toBe('met');
  expect(toneOf(gaps, { value: 7, gap: 2, state: 'off_track' })).toBe('short');
  expect(toneOf(gaps, { value: 7, gap: 2, state: 'not_applicable' })).toBe('not_applicable');
});
