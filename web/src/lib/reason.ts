// What a reason for "no data" speaks of, in words instead of ids.

export interface Reason {
  code: string;
  what: string;
}

/** The element, its known and all parts, and those that lack, of "care.beds: 1 of 3, lacking 640104 640105". */
export interface Lack {
  of: string;
  known: number;
  all: number;
  lacking: string;
}

/** What lacks of something that is reported in parts; null for any other reason. */
export function lackOf(reason: Reason, say: (id: string) => string): Lack | null {
  const [, of, known, all, lacking] = /^(.*?): (\d+) of (\d+), lacking (.*)$/.exec(reason.what) ?? [];
  if (of === undefined || lacking === undefined) return null;
  return { of: inWords(of, say), known: Number(known), all: Number(all), lacking: inWords(lacking, say) };
}

/** A text of ids with names in their place, where they have one; signs behind an id stay. */
export function inWords(what: string, say: (id: string) => string): string {
  return what
    .split(' ')
    .map((part) => {
      const [, id = '', sign = ''] = /^(.*?)([:,;]?)$/.exec(part) ?? [];
      return say(id) + sign;
    })
    .join(' ');
}
