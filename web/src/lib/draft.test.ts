import { expect, it } from 'vitest';
import { parseDraft } from './draft';

const initial = { value: '', source: 'me', choose: true };

it('takes over what was kept', () => {
  expect(parseDraft('{"value":"3.15","choose":false}', initial)).toEqual({ value: '3.15', source: 'me', choose: false });
});

it.each([null, '', '{', '3', 'null', '{"value":3,"other":"x"}'])('keeps the initial values for %j', (kept) => {
  expect(parseDraft(kept, initial)).toEqual(initial);
});
