import { describe, expect, it } from 'vitest';
import { formatLack, formatNumber, formatTarget, formatValue, groupDigits, roundBesideTarget } from './format';

describe('a value beside its target', () => {
  it.each([
    // value, target, bound, shown
    [79.999, 80, 'at_least', '79.99'],
    [79.9999999, 80, 'at_least', '79.99'],
    [80, 80, 'at_least', '80.00'],
    [80.001, 80, 'at_least', '80.001'],
    [95.13, 95, 'at_least', '95.13'], // 95.13 is not quite 95.13 in binary and may not become 95.12
    [20.001, 20, 'at_most', '20.01'],
    [19.999, 20, 'at_most', '19.999'],
    [99.996, 100, 'exactly', '99.996'],
    [1.006, null, '', '1.01'],
  ] as const)('%s against %s (%s) is shown as %s', (value, target, bound, shown) => {
    expect(roundBesideTarget({ value, target, bound })).toBe(shown);
  });

  it('stands on the same side as the value, however close', () => {
    for (let exponent = 1; exponent <= 9; exponent++) {
      for (const sign of [-1, 1]) {
        for (const bound of ['at_least', 'at_most', 'exactly'] as const) {
          const value = 95 + sign * 10 ** -exponent;
          const shown = Number(roundBesideTarget({ value, target: 95, bound }));
          expect(Math.sign(shown - 95), `${value} ${bound}`).toBe(sign);
        }
      }
    }
  });

  it('writes ratios as the plan does', () => {
    expect(formatValue({ value: 1.199, target: 1.2, bound: 'at_least' }, '1:x')).toBe('1:1.19');
    expect(formatTarget(1.2, '1:x')).toBe('1:1.2');
  });

  it('leaves counts whole', () => {
    expect(formatValue({ value: 12345, target: 20000, bound: 'at_least' })).toBe('12,345');
  });
});

describe('other numbers', () => {
  it('group thousands and drop needless decimals', () => {
    expect(groupDigits('-1234567.50')).toBe('-1,234,567.50');
    expect(groupDigits('123.4567')).toBe('123.4567');
    expect(formatNumber(1000)).toBe('1,000');
    expect(formatNumber(0.5)).toBe('0.5');
    expect(formatNumber(100, 0)).toBe('100');
  });

  it('never show a lack as nothing', () => {
    expect(formatLack(0.0001)).toBe('0.01');
    expect(formatLack(12.5)).toBe('12.5');
    expect(formatLack(30)).toBe('30');
    expect(formatLack(100)).toBe('100');
  });
});
