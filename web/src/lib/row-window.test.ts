import { expect, it } from 'vitest';
import { pagesOf, rowWindow } from './row-window';

it('draws what is in sight and a little beside it', () => {
  const at = { height: 320, rowHeight: 32, total: 28_000 };
  expect(rowWindow({ ...at, scrolled: 0 }, 5)).toEqual({ first: 0, last: 15 });
  expect(rowWindow({ ...at, scrolled: 32_000 }, 5)).toEqual({ first: 995, last: 1015 });
  expect(rowWindow({ ...at, scrolled: 28_000 * 32 - 320 }, 5)).toEqual({ first: 27_985, last: 28_000 });
  expect(rowWindow({ ...at, scrolled: 999_999, total: 3 }, 5)).toEqual({ first: 3, last: 3 });
  expect(rowWindow({ ...at, scrolled: 0, total: 0 })).toEqual({ first: 0, last: 0 });
});

it('asks for the pages of a window', () => {
  expect(pagesOf({ first: 0, last: 100 }, 100)).toEqual([0]);
  expect(pagesOf({ first: 95, last: 205 }, 100)).toEqual([0, 1, 2]);
  expect(pagesOf({ first: 5, last: 5 }, 100)).toEqual([]);
});
