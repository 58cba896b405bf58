// Drawing tens of thousands of street edges without making the map stutter:
// edges lie in square chunks, of which only the visible ones are stroked, and
// the picture is kept and only moved while the map is being dragged.

import { project, toScreen, toWorld, screen, scaleOfZoom, type View, type WorldPoint } from '../lib/projection';
import { streetColour } from './symbols';

// Chunks hold their coordinates as pixels of this zoom from the chunk's corner:
// canvas paths are 32-bit floats, which a whole Mercator square would blur.
const chunkZoom = 16;
const chunkPixels = 1024;

interface Chunk {
  origin: WorldPoint;
  path: Path2D;
  /** How far edges reach beyond the square, in world units. */
  min: { x: number; y: number };
  max: { x: number; y: number };
}

export class StreetNet {
  readonly #chunks = new Map<string, Chunk>();
  #picture: { canvas: HTMLCanvasElement; view: View; ratio: number } | null = null;

  constructor(lines: readonly (readonly number[])[]) {
    for (const line of lines) this.#add(line);
  }

  #add(line: readonly number[]): void {
    const units = scaleOfZoom(chunkZoom);
    let chunk: Chunk | undefined;
    for (let i = 0; i + 1 < line.length; i += 2) {
      const point = project({ lon: line[i] ?? 0, lat: line[i + 1] ?? 0 });
      const first = chunk === undefined;
      chunk ??= this.#chunkAt(point);
      const x = (point.x - chunk.origin.x) * units;
      const y = (point.y - chunk.origin.y) * units;
      if (first) chunk.path.moveTo(x, y);
      else chunk.path.lineTo(x, y);
      chunk.min = { x: Math.min(chunk.min.x, point.x), y: Math.min(chunk.min.y, point.y) };
      chunk.max = { x: Math.max(chunk.max.x, point.x), y: Math.max(chunk.max.y, point.y) };
    }
  }

  #chunkAt(point: WorldPoint): Chunk {
    const size = chunkPixels / scaleOfZoom(chunkZoom);
    const column = Math.floor(point.x / size);
    const row = Math.floor(point.y / size);
    const name = `${column} ${row}`;
    let chunk = this.#chunks.get(name);
    if (chunk === undefined) {
      const origin = { ...point, x: column * size, y: row * size };
      chunk = { origin, path: new Path2D(), min: point, max: point };
      this.#chunks.set(name, chunk);
    }
    return chunk;
  }

  /** Draws the kept picture moved to the view; false when it is not the view's own picture. */
  paint(context: CanvasRenderingContext2D, view: View): boolean {
    const kept = this.#picture;
    if (kept === null) return false;
    const corner = toScreen(view, toWorld(kept.view, screen(0, 0)));
    const factor = view.scale / kept.view.scale;
    context.drawImage(kept.canvas, corner.x, corner.y, kept.view.width * factor, kept.view.height * factor);
    return (
      factor === 1 &&
      corner.x === 0 &&
      corner.y === 0 &&
      kept.view.width === view.width &&
      kept.view.height === view.height &&
      kept.ratio === window.devicePixelRatio
    );
  }

  /** Strokes the visible streets into the kept picture. */
  render(view: View): void {
    const ratio = window.devicePixelRatio;
    const canvas = this.#picture?.canvas ?? document.createElement('canvas');
    canvas.width = Math.round(view.width * ratio);
    canvas.height = Math.round(view.height * ratio);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) return;
    const factor = view.scale / scaleOfZoom(chunkZoom);
    const topLeft = toWorld(view, screen(0, 0));
    const bottomRight = toWorld(view, screen(view.width, view.height));
    context.strokeStyle = streetColour;
    context.lineJoin = 'round';
    context.lineWidth = Math.max(0.6, Math.min(2.5, factor * 3)) / factor;
    for (const chunk of this.#chunks.values()) {
      const { min, max } = chunk;
      if (max.x < topLeft.x || min.x > bottomRight.x || max.y < topLeft.y || min.y > bottomRight.y) continue;
      const corner = toScreen(view, chunk.origin);
      context.setTransform(factor * ratio, 0, 0, factor * ratio, corner.x * ratio, corner.y * ratio);
      context.stroke(chunk.path);
    }
    this.#picture = { canvas, view, ratio };
  }
}
