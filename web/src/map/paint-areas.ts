// Areas filled by their values, drawn above the ground with their names.

import type { AreaShape } from '../lib/area-shapes';
import { toScreen, type View, type WorldPoint } from '../lib/projection';
import { fillings, type Tone } from './tones';

export interface AreaFill {
  tone: Tone;
  /** What is written in the middle, as far as there is room. */
  lines: readonly string[];
}

export interface PaintedAreas {
  shapes: readonly AreaShape[];
  fillOf: ReadonlyMap<string, AreaFill>;
}

const textureSide = 8;
const textures = new Map<Tone, CanvasPattern | null>();

function textureOf(context: CanvasRenderingContext2D, tone: Tone): CanvasPattern | null {
  const made = textures.get(tone);
  if (made !== undefined) return made;
  const { texture } = fillings[tone];
  const tile = document.createElement('canvas');
  tile.width = textureSide;
  tile.height = textureSide;
  const drawn = tile.getContext('2d');
  if (texture !== undefined && drawn !== null) {
    drawn.strokeStyle = texture.colour;
    drawn.lineWidth = texture.width;
    drawn.stroke(new Path2D(texture.path));
  }
  const pattern = texture === undefined ? null : context.createPattern(tile, 'repeat');
  textures.set(tone, pattern);
  return pattern;
}

const lineHeight = 14;
const font = "12px 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif";

export function paintAreas(context: CanvasRenderingContext2D, view: View, { shapes, fillOf }: PaintedAreas, hovered: string): void {
  context.save();
  context.lineJoin = 'round';
  for (const shape of shapes) {
    const path = pathOf(view, shape);
    const { tone } = fillOf.get(shape.code) ?? { tone: 'no_data' as const };
    context.globalAlpha = 0.78; // the ground stays legible
    context.fillStyle = fillings[tone].colour;
    context.fill(path, 'evenodd');
    const texture = textureOf(context, tone);
    if (texture !== null) {
      context.fillStyle = texture;
      context.fill(path, 'evenodd');
    }
    context.globalAlpha = 1;
    context.strokeStyle = '#4d5662';
    context.lineWidth = 1;
    context.stroke(path);
  }
  const under = shapes.find(({ code }) => code === hovered);
  if (under !== undefined) {
    context.strokeStyle = '#111820';
    context.lineWidth = 3;
    context.stroke(pathOf(view, under));
  }
  context.font = font;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 3;
  context.strokeStyle = '#ffffff';
  context.fillStyle = '#1d2733';
  const taken: Box[] = [];
  // The larger first: where two are in each other's way it is the smaller that is left out.
  for (const shape of shapes.toSorted((a, b) => breadthOf(b) - breadthOf(a))) label(context, view, shape, { lines: fillOf.get(shape.code)?.lines ?? [], taken });
  context.restore();
}

function pathOf(view: View, { rings }: AreaShape): Path2D {
  const path = new Path2D();
  for (const ring of rings) {
    ring.forEach((corner, i) => {
      const { x, y } = toScreen(view, corner);
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
    path.closePath();
  }
  return path;
}

/** Of an area's width and height, what its label may take. */
const breadth = 0.9;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const breadthOf = ({ min, max }: AreaShape) => (max.x - min.x) * (max.y - min.y);

const meet = (a: Box, b: Box) => Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;

function label(context: CanvasRenderingContext2D, view: View, { min, max, middle }: AreaShape, { lines, taken }: { lines: readonly string[]; taken: Box[] }): void {
  const width = (max.x - min.x) * view.scale * breadth;
  const height = (max.y - min.y) * view.scale * breadth;
  const { x, y } = toScreen(view, middle as WorldPoint);
  const fitting = lines.slice(0, Math.floor(height / lineHeight));
  const box = { x, y, width: Math.max(0, ...fitting.map((line) => context.measureText(line).width)), height: fitting.length * lineHeight };
  if (fitting.length === 0 || box.width > width || taken.some((other) => meet(box, other))) return;
  taken.push(box);
  fitting.forEach((line, i) => {
    const at = y + (i - (fitting.length - 1) / 2) * lineHeight;
    context.strokeText(line, x, at);
    context.fillText(line, x, at);
  });
}
