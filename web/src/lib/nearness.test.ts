import i18next, { type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import en from '../locales/en.json';
import zhCN from '../locales/zh-CN.json';
import { beyondText, legendText, shownWay, wayText, withinText } from './nearness';

let t: TFunction;
let zh: TFunction;

beforeAll(async () => {
  const texts = i18next.createInstance();
  await texts.init({ resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } }, lng: 'en', interpolation: { escapeValue: false } });
  t = texts.getFixedT('en');
  zh = texts.getFixedT('zh-CN');
});

describe('ways in time', () => {
  it('are minutes, never metres', () => {
    expect(shownWay(754, true)).toBe('12.6');
    expect(wayText(t, 754, { timed: true, speed: null })).toBe('12.6 min on the way');
    expect(withinText(t, 540, 600, true)).toBe('Within the limit of 10 min: 9 min');
    expect(beyondText(zh, 754, 600, true)).toBe('未达标：超出限值 10 分钟 2.6 分钟');
  });

  it('never reads as nothing beyond the limit', () => {
    expect(beyondText(t, 600.1, 600, true)).toBe('fails: 0.1 min beyond the limit of 10 min');
  });

  it('name the classes of the legend in minutes', () => {
    const marks = { breaks: [300, 600, 900], timed: true };
    expect(legendText(t, 'near', marks)).toBe('served, within 5 min');
    expect(legendText(t, 'beyond', marks)).toBe('not served, 10–15 min');
    expect(legendText(zh, 'unreachable', marks)).toBe('未达标，到不了');
    expect(legendText(t, 'no_data', marks)).toBe('no data');
  });
});

describe('ways on foot', () => {
  it('are metres, with minutes where there is one speed', () => {
    expect(wayText(t, 421.7, { timed: false, speed: 80 })).toBe('421.7 m on foot · about 5.3 min');
    expect(wayText(t, 421.7, { timed: false, speed: null })).toBe('421.7 m on foot');
    expect(beyondText(t, 1000.1, 1000, false)).toBe('fails: 0.1 m beyond the limit of 1,000 m');
    expect(withinText(t, 1000, 1000, false)).toBe('Within the limit of 1,000 m: 1,000 m');
    expect(legendText(t, 'within', { breaks: [500, 1000, 1500], timed: false })).toBe('served, 500–1,000 m');
  });
});
