import type { Language } from './url-state';

export interface BilingualName {
  zh: string;
  en: string;
}

/** The name in a language, or in the other one where it is missing. */
export function nameIn(name: BilingualName, language: Language): string {
  return language === 'en' ? name.en || name.zh : name.zh || name.en;
}

/** A word of the plan, such as a data element or a kind of facility. */
export interface Word {
  id: string;
  name: BilingualName;
}

/** The name of a word, or its id where the plan has none. */
export function nameOfWord(words: readonly Word[], id: string, name: (name: BilingualName) => string): string {
  const word = words.find((known) => known.id === id);
  return word ? name(word.name) : id;
}

const parting = ' · ';

/**
 * The part of a free text that is in a language, where it says the same twice, as
 * in "手绘示例 · drawn by hand"; any other text is whole.
 */
export function partIn(text: string, language: string): string {
  const parts = text.split(parting);
  const chinese = parts.filter((part) => /\p{Script=Han}/u.test(part));
  if (chinese.length === 0 || chinese.length === parts.length) return text;
  return (language === 'en' ? parts.filter((part) => !chinese.includes(part)) : chinese).join(parting);
}
