// Numbers as people read them. A value is never rounded across its target: what
// misses 80 by a thousandth is shown as 79.99, never as 80.00.

export type Bound = 'at_least' | 'at_most' | 'exactly' | '';

export interface Judged {
  value: number;
  target: number | null;
  bound: Bound;
}

const maxDigits = 10;

/** The decimal with `digits` places nearest to value in one direction. */
function roundTowards(value: number, digits: number, direction: 'down' | 'up' | 'nearest'): string {
  const nearest = value.toFixed(digits);
  const step = 10 ** -digits;
  if (direction === 'down' && Number(nearest) > value) {
    return (Number(nearest) - step).toFixed(digits);
  }
  if (direction === 'up' && Number(nearest) < value) {
    return (Number(nearest) + step).toFixed(digits);
  }
  return nearest;
}

/**
 * The value as a plain decimal that stands on the same side of the target as
 * the value itself: floors and ceilings round towards failing, and more places
 * are used where the target would otherwise be reached or lost by rounding.
 */
export function roundBesideTarget({ value, target, bound }: Judged, digits = 2): string {
  const direction = bound === 'at_least' ? 'down' : bound === 'at_most' ? 'up' : 'nearest';
  for (let places = digits; places < maxDigits; places++) {
    const text = roundTowards(value, places, direction);
    if (target === null || Math.sign(Number(text) - target) === Math.sign(value - target)) {
      return text;
    }
  }
  return String(value);
}

/** Groups the digits of a plain decimal by thousands; the decimals stay as they are. */
export function groupDigits(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A number without needless decimals, at most `digits` of them. */
export function formatNumber(value: number, digits = 2): string {
  const fixed = value.toFixed(digits);
  return groupDigits(fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed);
}

/** A lack: rounded up, so that what is missing never reads as nothing. */
export function formatLack(value: number, digits = 2): string {
  return groupDigits(roundTowards(value, digits, 'up').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''));
}

/** Counts and shares: whole numbers stay whole, others have two places beside the target. */
export function formatValue(judged: Judged, display = ''): string {
  const text = roundBesideTarget(judged, Number.isInteger(judged.value) && display === '' ? 0 : 2);
  return (display === '1:x' ? '1:' : '') + groupDigits(text);
}

/** The target exactly as the plan has it. */
export function formatTarget(target: number, display = ''): string {
  return (display === '1:x' ? '1:' : '') + formatNumber(target, 6);
}
