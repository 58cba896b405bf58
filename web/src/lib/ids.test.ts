import { expect, it } from 'vitest';
import { OnceKeys, randomId } from './ids';

it('makes ids of 32 hex digits', () => {
  expect(randomId()).toMatch(/^[0-9a-f]{32}$/);
  expect(randomId()).not.toBe(randomId());
});

it('keeps a key for the same content until it is done', () => {
  const keys = new OnceKeys();
  const first = keys.keyFor({ value: '1' });
  expect(keys.keyFor({ value: '1' })).toBe(first);
  expect(keys.keyFor({ value: '2' })).not.toBe(first);
  const again = keys.keyFor({ value: '2' });
  keys.done();
  expect(keys.keyFor({ value: '2' })).not.toBe(again);
});
