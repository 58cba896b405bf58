// A surface: one byte for each cell of a grid, the class in which the people
// there are served. The numbers are the server's.

import { project, type WorldPoint } from './projection';
import type { MapGroup } from './map-groups';

export interface Surface {
  columns: number;
  rows: number;
  /** West, south, east, north in degrees. */
  bounds: readonly [number, number, number, number];
  cells: Uint8Array;
}

/** The groups by number; the first is nobody. */
const groups: readonly (MapGroup | null)[] = [null, 'not_applicable', 'near', 'within', 'pass', 'no_data', 'beyond', 'far', 'fail', 'unreachable'];

export const groupOfCell = (cell: number): MapGroup | null => groups[cell] ?? null;

const passes = (cell: number) => cell >= 2 && cell <= 4;
const fails = (cell: number) => cell >= 6 && cell <= 9;

export type Verdict = 'pass' | 'fail' | 'no_data' | 'not_applicable';

/** What a class says of who lives in a cell. */
export function verdictOf(cell: number): Verdict {
  if (passes(cell)) return 'pass';
  if (fails(cell)) return 'fail';
  return groupOfCell(cell) === 'not_applicable' ? 'not_applicable' : 'no_data';
}

/** What a trial changes, by cell. */
export interface CellChanges {
  cells: readonly number[];
  before: readonly number[];
  after: readonly number[];
}

export const noChanges: CellChanges = { cells: [], before: [], after: [] };

export type Difference = 'gain' | 'better' | 'loss' | 'worse';

/** What a change of class means for the people of a cell; null where it says nothing either way. */
export function differenceOf(before: number, after: number): Difference | null {
  if (before === after) return null;
  if (!passes(before) && passes(after)) return 'gain';
  if (passes(before) && !passes(after)) return 'loss';
  if (passes(before) || (fails(before) && fails(after))) return after < before ? 'better' : 'worse';
  return null;
}

/** The corners of a surface on the Mercator square, on which its cells are squares. */
export function cornersOf(surface: Surface): { from: WorldPoint; to: WorldPoint } {
  const [west, south, east, north] = surface.bounds;
  return { from: project({ lon: west, lat: north }), to: project({ lon: east, lat: south }) };
}

/** Finds which cell a place lies in; undefined outside the grid. */
export function cellFinder(surface: Surface): (at: WorldPoint) => number | undefined {
  const { from, to } = cornersOf(surface);
  return ({ x, y }) => {
    const column = Math.floor(((x - from.x) / (to.x - from.x)) * surface.columns);
    const row = Math.floor(((y - from.y) / (to.y - from.y)) * surface.rows);
    if (column < 0 || row < 0 || column >= surface.columns || row >= surface.rows) return undefined;
    return row * surface.columns + column;
  };
}

/** Reads bytes as JSON carries them. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
