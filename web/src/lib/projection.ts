// Three systems of coordinates that must not be mixed up, so each has a type of
// its own: degrees on the earth, the Mercator square, pixels on the screen.

declare const system: unique symbol;

/** WGS-84 degrees. */
export interface LonLat {
  readonly [system]?: 'degrees';
  readonly lon: number;
  readonly lat: number;
}

/** The Mercator square: x and y from 0 to 1, y downwards. */
export interface WorldPoint {
  readonly [system]: 'world';
  readonly x: number;
  readonly y: number;
}

/** CSS pixels from the upper left corner of the map. */
export interface ScreenPoint {
  readonly [system]: 'screen';
  readonly x: number;
  readonly y: number;
}

export interface View {
  readonly centre: WorldPoint;
  /** Pixels across the whole Mercator square. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

export interface Bounds {
  readonly min: WorldPoint;
  readonly max: WorldPoint;
}

const earthCircumferenceMetres = 2 * Math.PI * 6378137; // WGS-84 semi-major axis
const tilePixels = 256; // zoom 0 shows the world on one tile, as every web map counts
const maxLat = 85.0511287798066; // where the Mercator square ends

const world = (x: number, y: number): WorldPoint => ({ x, y }) as WorldPoint;
export const screen = (x: number, y: number): ScreenPoint => ({ x, y }) as ScreenPoint;

/** Spherical Mercator (EPSG:3857), scaled to the unit square. */
export function project({ lon, lat }: LonLat): WorldPoint {
  const phi = (Math.max(-maxLat, Math.min(maxLat, lat)) * Math.PI) / 180;
  return world((lon + 180) / 360, 0.5 - Math.log(Math.tan(Math.PI / 4 + phi / 2)) / (2 * Math.PI));
}

export function unproject({ x, y }: WorldPoint): LonLat {
  return { lon: x * 360 - 180, lat: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI };
}

export function toScreen(view: View, point: WorldPoint): ScreenPoint {
  return screen(
    (point.x - view.centre.x) * view.scale + view.width / 2,
    (point.y - view.centre.y) * view.scale + view.height / 2,
  );
}

export function toWorld(view: View, point: ScreenPoint): WorldPoint {
  return world(
    view.centre.x + (point.x - view.width / 2) / view.scale,
    view.centre.y + (point.y - view.height / 2) / view.scale,
  );
}

export const zoomOf = (view: View): number => Math.log2(view.scale / tilePixels);
export const scaleOfZoom = (zoom: number): number => tilePixels * 2 ** zoom;

const minScale = scaleOfZoom(4);
const maxScale = scaleOfZoom(20);

/** The view after the content moved by so many pixels. */
export function panBy(view: View, dx: number, dy: number): View {
  return { ...view, centre: world(view.centre.x - dx / view.scale, view.centre.y - dy / view.scale) };
}

/** The view magnified by a factor; what lies under `fixed` stays there. */
export function zoomAt(view: View, fixed: ScreenPoint, factor: number): View {
  const scale = Math.max(minScale, Math.min(maxScale, view.scale * factor));
  const under = toWorld(view, fixed);
  return {
    ...view,
    scale,
    centre: world(
      under.x - (fixed.x - view.width / 2) / scale,
      under.y - (fixed.y - view.height / 2) / scale,
    ),
  };
}

/** The smallest box around the places, or undefined when there are none. */
export function findBounds(places: Iterable<LonLat>): Bounds | undefined {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (const place of places) {
    const { x, y } = project(place);
    minX = Math.min(minX, x);
    minY = Math.min(minY, y);
    maxX = Math.max(maxX, x);
    maxY = Math.max(maxY, y);
  }
  return minX <= maxX ? { min: world(minX, minY), max: world(maxX, maxY) } : undefined;
}

/** The view that shows the whole box with a margin in pixels. */
export function fit(bounds: Bounds, size: { width: number; height: number }, margin = 24): View {
  const { min, max } = bounds;
  const across = Math.max(1, size.width - 2 * margin) / Math.max(max.x - min.x, 1e-9);
  const down = Math.max(1, size.height - 2 * margin) / Math.max(max.y - min.y, 1e-9);
  return {
    ...size,
    scale: Math.max(minScale, Math.min(scaleOfZoom(17), across, down)),
    centre: world((min.x + max.x) / 2, (min.y + max.y) / 2),
  };
}

/** Metres on the ground per pixel at the centre of the view. */
export function metresPerPixel(view: View): number {
  const { lat } = unproject(view.centre);
  return (earthCircumferenceMetres * Math.cos((lat * Math.PI) / 180)) / view.scale;
}

/** The longest round length (1, 2 or 5 × 10ⁿ metres) that fits into so many pixels. */
export function scaleBar(metresPerPx: number, maxPixels: number): { metres: number; pixels: number } {
  const longest = metresPerPx * maxPixels;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = ([5, 2].find((step) => step * power <= longest) ?? 1) * power;
  return { metres, pixels: metres / metresPerPx };
}
