import { expect, it } from 'vitest';
import { SeenSeq } from './seq';

it('keeps the largest change number seen', () => {
  const seen = new SeenSeq();
  seen.seeETag('"7"');
  seen.seeETag('W/"12-K3XA"');
  seen.seeETag('"9"');
  expect(seen.value).toBe(12);
  seen.see(13);
  seen.see(Number.NaN);
  for (const etag of [null, '', '"abc"', '"99x"', '14']) seen.seeETag(etag);
  expect(seen.value).toBe(13);
});
