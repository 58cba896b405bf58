import type { Language } from './url-state';

export interface BilingualName {
  zh: string;
  en: string;
}

/** The name in a language, or in the other one where it is missing. */
export function nameIn(name: BilingualName, language: Language): string {
  return language === 'en' ? name.en || name.zh : name.zh || name.en;
}
