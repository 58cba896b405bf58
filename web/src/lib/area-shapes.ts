// The ground of areas on the Mercator square: where their labels stand, and which of
// them lies under a position.

import { project, type LonLat, type WorldPoint } from './projection';

export interface OutlineFeature {
  id: string;
  geometry: { coordinates: readonly (readonly (readonly (readonly number[])[])[])[] };
}

export interface AreaShape {
  code: string;
  /** All rings of all polygons; what lies in an odd number of them is the area. */
  rings: readonly (readonly WorldPoint[])[];
  min: { x: number; y: number };
  max: { x: number; y: number };
  /** The middle of the largest ring. */
  middle: { x: number; y: number };
}

export function shapesOf(features: readonly OutlineFeature[]): AreaShape[] {
  return features
    .map(({ id, geometry }) => ({
      code: id,
      rings: geometry.coordinates.flat().map((ring) => ring.map(([lon = 0, lat = 0]) => project({ lon, lat }))),
    }))
    .filter(({ rings }) => rings.length > 0)
    .map((shape) => {
      const corners = shape.rings.flat();
      const largest = shape.rings.map(balance).reduce((a, b) => (b.size > a.size ? b : a));
      return {
        ...shape,
        min: { x: Math.min(...corners.map(({ x }) => x)), y: Math.min(...corners.map(({ y }) => y)) },
        max: { x: Math.max(...corners.map(({ x }) => x)), y: Math.max(...corners.map(({ y }) => y)) },
        middle: largest.middle,
      };
    });
}

/** The centre of gravity of a ring, and twice its area. */
function balance(ring: readonly WorldPoint[]): { size: number; middle: { x: number; y: number } } {
  const [first] = ring;
  if (first === undefined) return { size: 0, middle: { x: 0, y: 0 } };
  let twice = 0;
  let x = 0;
  let y = 0;
  for (let i = 1; i < ring.length; i++) {
    const a = ring[i - 1] ?? first;
    const b = ring[i] ?? first;
    const cross = (a.x - first.x) * (b.y - first.y) - (b.x - first.x) * (a.y - first.y);
    twice += cross;
    x += (cross * (first.x + a.x + b.x)) / 3;
    y += (cross * (first.y + a.y + b.y)) / 3;
  }
  return { size: Math.abs(twice), middle: twice === 0 ? first : { x: x / twice, y: y / twice } };
}

/** The area a position lies in. */
export function findArea(shapes: readonly AreaShape[], at: WorldPoint): AreaShape | undefined {
  return shapes.find(
    ({ min, max, rings }) =>
      at.x >= min.x && at.x <= max.x && at.y >= min.y && at.y <= max.y && rings.filter((ring) => holds(ring, at)).length % 2 === 1,
  );
}

function holds(ring: readonly WorldPoint[], { x, y }: WorldPoint): boolean {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const a = ring[i - 1];
    const b = ring[i];
    if (a === undefined || b === undefined || a.y > y === b.y > y) continue;
    if (x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y)) inside = !inside;
  }
  return inside;
}

/** The corners of all of them, for a map to show. */
export function cornersOfAreas(features: readonly OutlineFeature[]): LonLat[] {
  const corners = features.flatMap(({ geometry }) => geometry.coordinates.flat(2));
  if (corners.length === 0) return [];
  const lons = corners.map(([lon = 0]) => lon);
  const lats = corners.map(([, lat = 0]) => lat);
  return [
    { lon: lons.reduce((a, b) => Math.min(a, b)), lat: lats.reduce((a, b) => Math.min(a, b)) },
    { lon: lons.reduce((a, b) => Math.max(a, b)), lat: lats.reduce((a, b) => Math.max(a, b)) },
  ];
}
