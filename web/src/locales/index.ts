import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../lib/url-state';
import en from './en.json';
import zhCN from './zh-CN.json';

export const htmlLanguage: Record<Language, string> = { 'zh-CN': 'zh-Hans', en: 'en' };

/** Texts are part of the program: there is nothing to load and no key without text. */
export async function startTexts(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false }, // React escapes
    returnEmptyString: false,
  });
}

export const changeLanguage = (language: Language): Promise<unknown> => i18next.changeLanguage(language);
