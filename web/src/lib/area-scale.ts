// Which class of a map's scale a value belongs to. The classes are the server's.

export type BandTone = 'best' | 'met' | 'short' | 'far_short' | 'step_1' | 'step_2' | 'step_3' | 'step_4';

export interface Band {
  tone: BandTone;
  /** null is open. */
  from: number | null;
  to: number | null;
}

export interface Scale {
  of: 'value' | 'gap';
  /** Where two meet, the first has the limit. */
  bands: readonly Band[];
}

interface Valued {
  value: number | null;
  gap: number | null;
  state: string;
}

export function toneOf({ of, bands }: Scale, result: Valued): BandTone | 'no_data' | 'not_applicable' {
  if (result.state === 'not_applicable') return 'not_applicable';
  const value = result[of];
  if (value === null) return 'no_data';
  return bands.find(({ from, to }) => value >= (from ?? -Infinity) && value <= (to ?? Infinity))?.tone ?? 'no_data';
}
