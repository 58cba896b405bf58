import { expect, it } from 'vitest';
import { partIn } from './names';

it('takes the part of a text that is in the language of the page', () => {
  expect(partIn('手绘示例 · drawn by hand', 'zh-CN')).toBe('手绘示例');
  expect(partIn('手绘示例 · drawn by hand', 'en')).toBe('drawn by hand');
  expect(partIn('© OpenStreetMap contributors · ODbL', 'zh-CN')).toBe('© OpenStreetMap contributors · ODbL');
  expect(partIn('宁夏测绘 · 审图号', 'en')).toBe('宁夏测绘 · 审图号');
  expect(partIn('', 'en')).toBe('');
});
