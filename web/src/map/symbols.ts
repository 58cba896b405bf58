// How each group of points is drawn: a shape for the verdict, a shade for the
// distance, so that neither colour nor shape is alone in saying it. The hues are
// blue for served and orange for not, which stay apart for deutan and protan
// eyes; shades grow darker away from the target on both sides.

import type { MapGroup } from '../lib/map-groups';

export type Shape = 'circle' | 'triangle' | 'diamond' | 'dot';

export interface Symbol {
  shape: Shape;
  fill: string;
  stroke: string;
}

const served = { shape: 'circle', stroke: '#ffffff' } as const;
const unserved = { shape: 'triangle', stroke: '#ffffff' } as const;

export const symbols: Record<MapGroup, Symbol> = {
  near: { ...served, fill: '#1b5c96' },
  within: { ...served, fill: '#4a93cc' },
  beyond: { ...unserved, fill: '#d8742a' },
  far: { ...unserved, fill: '#a63f0b' },
  unreachable: { ...unserved, fill: '#5e1f06' },
  pass: { ...served, fill: '#1b5c96' },
  fail: { ...unserved, fill: '#a63f0b' },
  no_data: { shape: 'diamond', fill: '#ffffff', stroke: '#4d5662' },
  not_applicable: { shape: 'dot', fill: '#8b94a0', stroke: '#8b94a0' },
};

export const streetColour = '#b9c0c9';
export const facilityColour = '#12343b';
export const candidateColour = '#a3195b';
export const routeColour = '#5b2a86';
export const selectionColour = '#111820';

/** Adds the outline of a shape around a point; r is half its width in pixels. */
export function traceShape(path: CanvasPath, shape: Shape, at: { x: number; y: number; r: number }): void {
  const { x, y, r } = at;
  switch (shape) {
    case 'circle':
      path.moveTo(x + r, y);
      path.arc(x, y, r, 0, 2 * Math.PI);
      return;
    case 'triangle': {
      const h = r * 1.15;
      path.moveTo(x, y - h);
      path.lineTo(x + h, y + h * 0.8);
      path.lineTo(x - h, y + h * 0.8);
      path.closePath();
      return;
    }
    case 'diamond': {
      const h = r * 1.2;
      path.moveTo(x, y - h);
      path.lineTo(x + h, y);
      path.lineTo(x, y + h);
      path.lineTo(x - h, y);
      path.closePath();
      // Hatching says "no data" where a plain white shape might say "none".
      path.moveTo(x - h * 0.5, y + h * 0.5);
      path.lineTo(x + h * 0.5, y - h * 0.5);
      return;
    }
    case 'dot':
      path.moveTo(x + 1.5, y);
      path.arc(x, y, 1.5, 0, 2 * Math.PI);
  }
}

/** Gain and loss diverge; the fainter of each is nearer or farther without a verdict changing. */
export const differenceSymbols = {
  gain: { ...served, fill: '#0f6b4a' },
  better: { ...served, fill: '#8cc9ae' },
  loss: { ...unserved, fill: '#8b1e6b' },
  worse: { ...unserved, fill: '#d9a3c8' },
  unchanged: { shape: 'dot', fill: '#8b94a0', stroke: '#8b94a0' },
} as const satisfies Record<string, Symbol>;
