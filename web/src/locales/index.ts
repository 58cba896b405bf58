import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../lib/url-state';
import type zhCN from './zh-CN.json';

export const htmlLanguage: Record<Language, string> = { 'zh-CN': 'zh-Hans', en: 'en' };

// A reader needs one language, so each is a file of its own.
const read: Record<Language, () => Promise<{ default: typeof zhCN }>> = {
  'zh-CN': () => import('./zh-CN.json'),
  en: () => import('./en.json'),
};

/** Texts come before the first drawing: there is no key without text. */
export async function startTexts(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    showSupportNotice: false,
    resources: { [language]: { translation: (await read[language]()).default } },
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false }, // React escapes
    returnEmptyString: false,
  });
}

export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await read[language]()).default);
  }
  await i18next.changeLanguage(language);
}
