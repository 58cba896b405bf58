import { expect, it } from 'vitest';
import { parseDegrees } from './place-entry';

it.each([
  ['-8.611', 180, -8.611],
  [' 41 ', 85, 41],
  ['−8.6', 180, -8.6],
  ['86', 85, null],
  ['', 180, null],
  ['8,6', 180, null],
  ['1e2', 180, null],
  ['north', 85, null],
])('reads %j within %s° as %s', (text, max, degrees) => {
  expect(parseDegrees(text, max)).toBe(degrees);
});
