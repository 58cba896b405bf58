// A surface as a picture: one pixel a cell, repainted where cells change.

import { groupOfCell, differenceOf, type CellChanges, type Surface } from '../lib/surface';
import { differenceSymbols, symbols } from './symbols';

/** A colour as a canvas keeps it on machines that begin with the low byte, which all of today's do. */
function colourOf(hex: string, alpha: number): number {
  const value = Number.parseInt(hex.slice(1), 16);
  return ((alpha << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

const opaque = 225;

const classColours = Uint32Array.from({ length: 256 }, (_, cell) => {
  const group = groupOfCell(cell);
  if (group === null) return 0;
  // No colour stands for what is not known: it is grey here, and hatched where
  // the points are drawn one by one.
  if (group === 'no_data') return colourOf('#4d5662', 120);
  if (group === 'not_applicable') return colourOf('#aab2bc', 110);
  return colourOf(symbols[group].fill, opaque);
});

const unchanged = colourOf('#8b94a0', 60);
const differences = {
  gain: colourOf(differenceSymbols.gain.fill, opaque),
  better: colourOf(differenceSymbols.better.fill, opaque),
  loss: colourOf(differenceSymbols.loss.fill, opaque),
  worse: colourOf(differenceSymbols.worse.fill, opaque),
};

export interface PaintedSurface {
  surface: Surface;
  changes: CellChanges;
  /** Whether the change is shown instead of what it leads to. */
  difference: boolean;
}

/** A canvas with one pixel for each cell of a surface. */
export class SurfacePicture {
  readonly canvas = document.createElement('canvas');

  paint({ surface, changes, difference }: PaintedSurface): void {
    const { columns, rows, cells } = surface;
    if (columns === 0 || rows === 0) return;
    this.canvas.width = columns;
    this.canvas.height = rows;
    const image = new ImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let cell = 0; cell < cells.length; cell++) {
      const value = cells[cell] ?? 0;
      if (value !== 0) pixels[cell] = difference ? unchanged : (classColours[value] ?? 0);
    }
    changes.cells.forEach((cell, i) => {
      const after = changes.after[i] ?? 0;
      const change = differenceOf(changes.before[i] ?? 0, after);
      if (!difference) pixels[cell] = classColours[after] ?? 0;
      else pixels[cell] = change === null ? unchanged : differences[change];
    });
    this.canvas.getContext('2d')?.putImageData(image, 0, 0);
  }
}
