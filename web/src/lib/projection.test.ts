import { describe, expect, it } from 'vitest';
import {
  findBounds,
  fit,
  metresPerPixel,
  panBy,
  project,
  scaleBar,
  screen,
  toScreen,
  toWorld,
  unproject,
  zoomAt,
  zoomOf,
  type View,
} from './projection';

const porto = { lon: -8.611, lat: 41.1496 };
const view: View = { centre: project(porto), scale: 256 * 2 ** 14, width: 800, height: 600 };

describe('the Mercator square', () => {
  it('has the known corners', () => {
    expect(project({ lon: 0, lat: 0 })).toEqual({ x: 0.5, y: 0.5 });
    const corner = project({ lon: 180, lat: -85.0511287798066 });
    expect(corner.x).toBe(1);
    expect(corner.y).toBeCloseTo(1, 12);
  });

  it('agrees with EPSG:3857 at Greenwich', () => {
    // 51.5° N is y = 6,710,219.083 m in EPSG:3857 (semi-major axis 6,378,137 m).
    const metres = (0.5 - project({ lon: 0, lat: 51.5 }).y) * 2 * Math.PI * 6378137;
    expect(metres).toBeCloseTo(6710219.083, 2);
  });

  it('is undone by unproject', () => {
    for (const place of [porto, { lon: 106.23, lat: 38.48 }, { lon: -179.9, lat: -60 }]) {
      const back = unproject(project(place));
      expect(back.lon).toBeCloseTo(place.lon, 9);
      expect(back.lat).toBeCloseTo(place.lat, 9);
    }
  });
});

describe('a view', () => {
  it('puts its centre in the middle', () => {
    expect(toScreen(view, project(porto))).toEqual({ x: 400, y: 300 });
  });

  it('turns screen into world and back', () => {
    const point = screen(123, 456);
    const back = toScreen(view, toWorld(view, point));
    expect(back.x).toBeCloseTo(123, 6);
    expect(back.y).toBeCloseTo(456, 6);
  });

  it('keeps what lies under the pointer while zooming', () => {
    const pointer = screen(700, 50);
    const before = toWorld(view, pointer);
    const after = toWorld(zoomAt(view, pointer, 2), pointer);
    expect(after.x).toBeCloseTo(before.x, 12);
    expect(after.y).toBeCloseTo(before.y, 12);
    expect(zoomOf(zoomAt(view, pointer, 2))).toBeCloseTo(15, 9);
  });

  it('moves its content by the pixels asked for', () => {
    const moved = toScreen(panBy(view, 10, -20), project(porto));
    expect(moved.x).toBeCloseTo(410, 6);
    expect(moved.y).toBeCloseTo(280, 6);
  });

  it('fits places with their margin', () => {
    const places = [porto, { lon: -8.55, lat: 41.18 }];
    const bounds = findBounds(places);
    if (bounds === undefined) throw new Error('no bounds of two places');
    const fitted = fit(bounds, { width: 400, height: 300 }, 20);
    for (const place of places) {
      const { x, y } = toScreen(fitted, project(place));
      expect(x).toBeGreaterThanOrEqual(19.99);
      expect(x).toBeLessThanOrEqual(380.01);
      expect(y).toBeGreaterThanOrEqual(19.99);
      expect(y).toBeLessThanOrEqual(280.01);
    }
    expect(findBounds([])).toBeUndefined();
  });

  it('knows how long a metre is', () => {
    // At zoom 0 on 256 pixels one pixel at the equator is 156,543.034 m.
    const equator: View = { centre: project({ lon: 0, lat: 0 }), scale: 256, width: 256, height: 256 };
    expect(metresPerPixel(equator)).toBeCloseTo(156543.034, 3);
    expect(scaleBar(2.5, 100)).toEqual({ metres: 200, pixels: 80 });
    expect(scaleBar(1, 100)).toEqual({ metres: 100, pixels: 100 });
    expect(scaleBar(0.9, 60)).toMatchObject({ metres: 50 });
  });
});
