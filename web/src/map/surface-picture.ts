// A surface as a picture: one pixel a cell. What a trial changes is drawn above it,
// so that the picture stays as it is while a place is dragged.

import { toScreen, type View } from '../lib/projection';
import { cornersOf, differenceOf, groupOfCell, type CellChanges, type Surface } from '../lib/surface';
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

export interface PaintedSurface {
  surface: Surface;
  changes: CellChanges;
  /** Whether the change is shown instead of what it leads to. */
  difference: boolean;
}

/** A canvas with one pixel for each cell of a surface, before any change. */
export class SurfacePicture {
  readonly canvas = document.createElement('canvas');

  paint({ columns, rows, cells }: Surface, faint: boolean): void {
    if (columns === 0 || rows === 0) return;
    this.canvas.width = columns;
    this.canvas.height = rows;
    const image = new ImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let cell = 0; cell < cells.length; cell++) {
      const value = cells[cell] ?? 0;
      if (value !== 0) pixels[cell] = faint ? unchanged : (classColours[value] ?? 0);
    }
    this.canvas.getContext('2d')?.putImageData(image, 0, 0);
  }
}

/** A cell is never drawn smaller than can be seen. */
const leastPixels = 2;

/** Draws the cells that a trial changes, as what they come to or as what that means. */
export function paintChanges(context: CanvasRenderingContext2D, view: View, { surface, changes, difference }: PaintedSurface): void {
  const { from, to } = cornersOf(surface);
  const corner = toScreen(view, from);
  const width = ((to.x - from.x) * view.scale) / surface.columns;
  const height = ((to.y - from.y) * view.scale) / surface.rows;
  changes.cells.forEach((cell, i) => {
    const x = corner.x + (cell % surface.columns) * width;
    const y = corner.y + Math.floor(cell / surface.columns) * height;
    if (x < -width || y < -height || x > view.width || y > view.height) return;
    const after = changes.after[i] ?? 0;
    const change = difference ? differenceOf(changes.before[i] ?? 0, after) : null;
    const group = groupOfCell(after);
    if (difference ? change === null : group === null) return;
    context.fillStyle = change !== null ? differenceSymbols[change].fill : symbols[group ?? 'no_data'].fill;
    context.fillRect(x, y, Math.max(leastPixels, width), Math.max(leastPixels, height));
  });
}
