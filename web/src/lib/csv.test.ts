import { expect, it } from 'vitest';
import { csvOf } from './csv';

it('writes what a spreadsheet reads, and no formula', () => {
  expect(csvOf([['名称', 'lon'], ['a "b", c', 106.2], ['=1+1', -3], ['-x', null], ['-2.5', undefined]])).toBe(
    '\uFEFF名称,lon\r\n"a ""b"", c",106.2\r\n\'=1+1,-3\r\n\'-x,\r\n-2.5,\r\n',
  );
});
