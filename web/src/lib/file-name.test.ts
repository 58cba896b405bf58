import { describe, expect, it } from 'vitest';
import { fileNameOf } from './file-name';

describe('the name of a file that is handed over', () => {
  it.each([
    ["attachment; filename=scoreboard-990100-2025.csv; filename*=UTF-8''%E7%9B%AE%E6%A0%87.csv", '目标.csv'],
    ['attachment; filename="a b.csv"', 'a b.csv'],
    ["attachment; filename=a.csv; filename*=UTF-8''%E7%9", 'a.csv'],
    ['inline', null],
    [null, null],
  ])('%s is %s', (disposition, name) => {
    expect(fileNameOf(disposition)).toBe(name);
  });
});
