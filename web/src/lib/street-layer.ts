// How far it is from every position on the streets, read from the columns in which
// it is sent. Between two marks of a line it is as far as the nearer way over one
// of them, so a line falls into pieces that a mark or a bend ends.

import { project, type WorldPoint } from './projection';

export interface SentStreets {
  reach: number | null;
  breaks: readonly number[];
  /** Positions of each line; ten-millionths of a degree, each as the difference to the one before. */
  lines: { sizes: readonly number[]; lon: readonly number[]; lat: readonly number[] };
  /** Marks of each line: decimetres from its beginning, and to the nearest place, -1 where none can be reached. */
  marks: { sizes: readonly number[]; offsets: readonly number[]; distances: readonly number[] };
}

/** The street groups: the classes of a distance. */
export const streetGroups = ['near', 'within', 'beyond', 'far', 'unreachable'] as const;
export type StreetGroup = (typeof streetGroups)[number];

export interface StreetLayer {
  /** Metres at which the groups meet. */
  breaks: readonly number[];
  /** The corner from which the ends of pieces are counted. */
  origin: WorldPoint;
  /** Straight pieces, eight numbers each: the two ends from the origin, how far along its stretch it begins and ends, the stretch's length, and the stretch. */
  pieces: Float32Array;
  /** Stretches between two marks: the distance at both, in metres; never is where no place can be reached. */
  stretches: Float32Array;
  /** Metres of street by group. */
  lengths: Readonly<Record<StreetGroup, number>>;
}

/** Numbers of a piece. */
export const pieceSize = 8;

/** Farther than any way. */
export const never = 1e9;

const unitsPerDegree = 1e7;
const perMetre = 10;

/** How much of a stretch is at most so far from a place. */
function within(limit: number, from: number, to: number, length: number): number {
  const part = (end: number) => Math.max(0, Math.min(length, limit - end));
  return Math.min(length, part(from) + part(to));
}

export function readStreets({ breaks, lines, marks }: SentStreets): StreetLayer {
  const pieces: number[] = [];
  const stretches: number[] = [];
  const lengths = { near: 0, within: 0, beyond: 0, far: 0, unreachable: 0 };
  let origin: WorldPoint | undefined;
  let [at, mark, lon, lat] = [0, 0, 0, 0];
  lines.sizes.forEach((size, line) => {
    const course: { point: WorldPoint; along: number }[] = [];
    for (let i = 0; i < size; i++, at++) {
      lon += lines.lon[at] ?? 0;
      lat += lines.lat[at] ?? 0;
      const point = project({ lon: lon / unitsPerDegree, lat: lat / unitsPerDegree });
      origin ??= point;
      const before = course[course.length - 1];
      course.push({ point, along: before === undefined ? 0 : before.along + Math.hypot(point.x - before.point.x, point.y - before.point.y) });
    }
    const count = marks.sizes[line] ?? 0;
    const offsets = marks.offsets.slice(mark, mark + count).map((offset) => offset / perMetre);
    const distances = marks.distances.slice(mark, mark + count).map((distance) => (distance < 0 ? never : distance / perMetre));
    mark += count;
    const whole = offsets[count - 1] ?? 0;
    const drawn = course[course.length - 1]?.along ?? 0;
    // As long as it was measured, whatever the projection makes of it.
    const scale = drawn === 0 ? 0 : whole / drawn;
    let bend = 0;
    for (let k = 0; k + 1 < count; k++) {
      const [begin = 0, end = 0] = [offsets[k], offsets[k + 1]];
      const [from = never, to = never] = [distances[k], distances[k + 1]];
      const length = end - begin;
      let reached = 0;
      (['near', 'within', 'beyond'] as const).forEach((group, i) => {
        const upTo = within(breaks[i] ?? 0, from, to, length);
        lengths[group] += upTo - reached;
        reached = upTo;
      });
      lengths[from >= never && to >= never ? 'unreachable' : 'far'] += length - reached;
      const stretch = stretches.length / 2;
      stretches.push(from, to);
      while (bend + 1 < course.length) {
        const [a, b] = [course[bend], course[bend + 1]];
        if (a === undefined || b === undefined || origin === undefined) break;
        const [start, stop] = [a.along * scale, b.along * scale];
        if (start >= end && end < whole) break;
        const [s0, s1] = [Math.max(start, begin), Math.min(stop, end)];
        if (s1 > s0) {
          const place = (s: number) => {
            const part = (s - start) / (stop - start);
            return { x: a.point.x + (b.point.x - a.point.x) * part - (origin?.x ?? 0), y: a.point.y + (b.point.y - a.point.y) * part - (origin?.y ?? 0) };
          };
          const [p, q] = [place(s0), place(s1)];
          pieces.push(p.x, p.y, q.x, q.y, s0 - begin, s1 - begin, length, stretch);
        }
        if (stop > end) break;
        bend++;
      }
    }
  });
  return { breaks, origin: origin ?? project({ lon: 0, lat: 0 }), pieces: Float32Array.from(pieces), stretches: Float32Array.from(stretches), lengths };
}
