// Where the reader looks on a map: a point or place by its id, or any position.

import type { LonLat } from './projection';

/** A position as a link names it. */
export const positionId = ({ lon, lat }: LonLat): string => `@${lon.toFixed(6)},${lat.toFixed(6)}`;

/** The position that a link names; null where it names a point or place by its id, or nothing. */
export function positionOf(id: string): LonLat | null {
  const found = /^@(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(id);
  if (found === null) return null;
  const [lon, lat] = [Number(found[1]), Number(found[2])];
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 85 ? { lon, lat } : null;
}
