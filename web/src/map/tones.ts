// How areas are filled: the colours and textures of the server's pictures, so that a
// printed map and the one on the screen are read alike. Each texture tells apart what
// a black-and-white printer or an eye that mixes colours up would not.

export const tones = ['best', 'met', 'short', 'far_short', 'step_1', 'step_2', 'step_3', 'step_4', 'no_data', 'not_applicable'] as const;
export type Tone = (typeof tones)[number];

export interface Filling {
  colour: string;
  /** Lines in a square of 8 units, with their colour. */
  texture?: { path: string; colour: string; width: number };
}

const white = '#ffffff';

export const fillings: Record<Tone, Filling> = {
  best: { colour: '#1b5c96' },
  met: { colour: '#5a9bd0' },
  short: { colour: '#e08a4a', texture: { path: 'M0 8 8 0', colour: white, width: 1 } },
  far_short: { colour: '#a63f0b', texture: { path: 'M0 8 8 0M0 0 8 8', colour: white, width: 0.9 } },
  step_1: { colour: '#d6e6df' },
  step_2: { colour: '#9cc7b5' },
  step_3: { colour: '#559c82' },
  step_4: { colour: '#1f6650' },
  no_data: { colour: white, texture: { path: 'M-1 3 3-1M1 9 9 1', colour: '#4d5662', width: 1.2 } },
  not_applicable: { colour: '#d5dae0' },
};
