// How far it is from every position on the streets, read from the columns in which
// it is sent. Between two marks of a line it is as far as the nearer way over one
// of them, so a line falls into pieces that a mark or a bend ends.

import { project, type WorldPoint } from './projection';

export interface SentStreets {
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

/** A line as it is drawn: its positions, with how far along it they lie. */
type Course = readonly { point: WorldPoint; along: number }[];

/** Reads the positions of all lines, one line after the other. */
function* courses({ sizes, lon, lat }: SentStreets['lines']): Generator<Course> {
  let [at, x, y] = [0, 0, 0];
  for (const size of sizes) {
    const course: { point: WorldPoint; along: number }[] = [];
    for (let i = 0; i < size; i++, at++) {
      x += lon[at] ?? 0;
      y += lat[at] ?? 0;
      const point = project({ lon: x / unitsPerDegree, lat: y / unitsPerDegree });
      const before = course[course.length - 1];
      course.push({ point, along: before === undefined ? 0 : before.along + Math.hypot(point.x - before.point.x, point.y - before.point.y) });
    }
    yield course;
  }
}

/** What lies between two marks of a line: where it begins and ends, and how far it is from both. */
interface Stretch {
  begin: number;
  end: number;
  from: number;
  to: number;
}

const metres = (distance = -1) => (distance < 0 ? never : distance / perMetre);

/** Reads the stretches of all lines, one line after the other, in metres. */
function* stretchesOf({ sizes, offsets, distances }: SentStreets['marks']): Generator<Stretch[]> {
  let mark = 0;
  for (const size of sizes) {
    const line: Stretch[] = [];
    for (let k = mark; k + 1 < mark + size; k++) {
      const [begin = 0, end = 0] = [offsets[k], offsets[k + 1]];
      line.push({ begin: begin / perMetre, end: end / perMetre, from: metres(distances[k]), to: metres(distances[k + 1]) });
    }
    mark += size;
    yield line;
  }
}

/** Adds how much of a stretch lies in each group. */
function measure({ begin, end, from, to }: Stretch, breaks: readonly number[], lengths: Record<StreetGroup, number>): void {
  let reached = 0;
  (['near', 'within', 'beyond'] as const).forEach((group, i) => {
    const upTo = within(breaks[i] ?? 0, from, to, end - begin);
    lengths[group] += upTo - reached;
    reached = upTo;
  });
  lengths[from >= never && to >= never ? 'unreachable' : 'far'] += end - begin - reached;
}

/** The straight pieces of a line between its marks and bends, numbered from a stretch on. */
function* straight(course: Course, line: readonly Stretch[], first: number, origin: WorldPoint): Generator<number[]> {
  const whole = line[line.length - 1]?.end ?? 0;
  const drawn = course[course.length - 1]?.along ?? 0;
  // As long as it was measured, whatever the projection makes of it.
  const scale = drawn === 0 ? 0 : whole / drawn;
  let bend = 0;
  for (const [k, { begin, end }] of line.entries()) {
    for (; bend + 1 < course.length; bend++) {
      const [a, b] = [course[bend], course[bend + 1]];
      if (a === undefined || b === undefined) break;
      const [start, stop] = [a.along * scale, b.along * scale];
      if (start >= end && end < whole) break;
      const [s0, s1] = [Math.max(start, begin), Math.min(stop, end)];
      if (s1 > s0) {
        const along = (s: number, from: number, to: number) => from + (to - from) * ((s - start) / (stop - start));
        const [x, y] = [(s: number) => along(s, a.point.x, b.point.x) - origin.x, (s: number) => along(s, a.point.y, b.point.y) - origin.y];
        yield [x(s0), y(s0), x(s1), y(s1), s0 - begin, s1 - begin, end - begin, first + k];
      }
      if (stop > end) break;
    }
  }
}

export function readStreets({ breaks, lines, marks }: SentStreets): StreetLayer {
  const pieces: number[] = [];
  const stretches: number[] = [];
  const lengths = { near: 0, within: 0, beyond: 0, far: 0, unreachable: 0 };
  let origin: WorldPoint | undefined;
  const measured = stretchesOf(marks);
  for (const course of courses(lines)) {
    const line = measured.next().value as Stretch[] | undefined;
    const corner = course[0]?.point;
    if (line === undefined || corner === undefined) continue;
    origin ??= corner;
    for (const piece of straight(course, line, stretches.length / 2, origin)) pieces.push(...piece);
    for (const stretch of line) {
      stretches.push(stretch.from, stretch.to);
      measure(stretch, breaks, lengths);
    }
  }
  return { breaks, origin: origin ?? project({ lon: 0, lat: 0 }), pieces: Float32Array.from(pieces), stretches: Float32Array.from(stretches), lengths };
}
