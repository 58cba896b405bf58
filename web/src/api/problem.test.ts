import { expect, it } from 'vitest';
import { fromThrown, toApiError } from './problem';

it('reads a problem document', () => {
  const error = toApiError(422, { status: 422, title: 'x', detail: 'number "a"', code: 'number_invalid', args: { text: 'a' } });
  expect(error).toMatchObject({ status: 422, code: 'number_invalid', detail: 'number "a"', args: { text: 'a' } });
});

it.each([undefined, 'gateway timeout', null, [], { detail: 3 }])('makes the best of the body %j', (body) => {
  expect(toApiError(504, body)).toMatchObject({ status: 504, code: 'internal', detail: 'HTTP 504' });
});

it('tells an abort from a server that cannot be reached', () => {
  const abort = new DOMException('stopped', 'AbortError');
  expect(fromThrown(abort)).toBe(abort);
  expect(fromThrown(new TypeError('Failed to fetch'))).toMatchObject({ code: 'unreachable', status: 0 });
});

it('blames the request for a refusal without a code', () => {
  expect(toApiError(422, { title: 'Unprocessable Entity' })).toMatchObject({ code: 'request_invalid', detail: 'Unprocessable Entity' });
});
