import { useEffect, useRef } from 'react';
import type { CanvasSource, Map as MapLibreMap } from 'maplibre-gl';
import { unproject, zoomOf, type View } from '../lib/projection';
import { aboveSurface, groundStyle, type GroundSource } from './ground-style';
import { readMapLibre } from './maplibre';
import type { StreetLayer } from '../lib/street-layer';
import type { Surface } from '../lib/surface';
import { StreetPaint, streetLayerId } from './street-paint';
import { SurfacePicture } from './surface-picture';

interface Props {
  view: View;
  source: GroundSource;
  language: string;
  /** What is laid over the ground, below its streets and names; null for nothing. */
  surface: Surface | null;
  /** Streets coloured by how far it is from them; null for none. */
  streets: StreetLayer | null;
  /** Whether the surface is only hinted at, for what lies above it to stand out. */
  faint: boolean;
  /** Whether it is named; what lies above may have names of its own. */
  names: boolean;
  onFailure: () => void;
}

/** MapLibre counts zooms by tiles of 512 pixels, this client by tiles of 256. */
const zoomOffset = 1;

const cameraOf = (view: View) => {
  const { lon, lat } = unproject(view.centre);
  return { center: [lon, lat] as [number, number], zoom: zoomOf(view) - zoomOffset };
};

/**
 * The ground of a map and the surface on it, drawn by MapLibre. It takes no
 * gestures: the frame above it moves the view, whoever draws it.
 */
export function Ground({ view, source, language, surface, streets, faint, names, onFailure }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const map = useRef<MapLibreMap | null>(null);
  const picture = useRef<SurfacePicture | null>(null);
  const latest = useRef({ view, surface, streets, faint, onFailure });
  useEffect(() => {
    latest.current = { view, surface, streets, faint, onFailure };
  });

  useEffect(() => {
    const container = frame.current;
    if (container === null) return;
    let made: MapLibreMap | null = null;
    let gone = false;
    readMapLibre()
      .then((MapOf) => {
        if (gone) return;
        made = new MapOf({
          container,
          style: groundStyle(source, language, names),
          interactive: false,
          attributionControl: false,
          fadeDuration: 0,
          renderWorldCopies: false,
          trackResize: false,
          localIdeographFontFamily: "'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif",
          ...cameraOf(latest.current.view),
        });
        made.once('load', () => {
          map.current = made;
          if (made !== null && latest.current.surface !== null) lay(made, picture, latest.current);
          if (made !== null) colour(made, latest.current.streets, () => latest.current.view);
        });
        made.on('idle', () => { container.dataset['ground'] = 'idle'; });
      })
      .catch(() => { latest.current.onFailure(); });
    return () => {
      gone = true;
      map.current = null;
      picture.current = null;
      made?.remove();
    };
  }, [source, language, names]);

  useEffect(() => {
    const shown = map.current;
    if (shown === null) return;
    const canvas = shown.getCanvas();
    if (canvas.clientWidth !== view.width || canvas.clientHeight !== view.height) shown.resize();
    shown.jumpTo(cameraOf(view));
    // Now, so that it moves together with what is drawn above it.
    shown.redraw();
  }, [view]);

  useEffect(() => {
    const shown = map.current;
    if (shown !== null) lay(shown, picture, { surface, faint });
  }, [surface, faint]);

  useEffect(() => {
    if (map.current !== null) colour(map.current, streets, () => latest.current.view);
  }, [streets]);

  return <div ref={frame} className="map-ground" aria-hidden="true" />;
}

/** Colours the streets, below the names, or leaves them as they are. */
function colour(map: MapLibreMap, streets: StreetLayer | null, view: () => View): void {
  if (map.getLayer(streetLayerId)) map.removeLayer(streetLayerId);
  if (streets === null) return;
  const names = map.getStyle().layers.find(({ type }) => type === 'symbol');
  map.addLayer(new StreetPaint(streets, view), names?.id);
}

const surfaceId = 'surface';

/** Lays a surface over the ground, or takes it away. */
function lay(map: MapLibreMap, kept: { current: SurfacePicture | null }, { surface, faint }: { surface: Surface | null; faint: boolean }): void {
  if (surface === null || surface.cells.length === 0) {
    if (map.getLayer(surfaceId)) map.removeLayer(surfaceId);
    if (map.getSource(surfaceId)) map.removeSource(surfaceId);
    kept.current = null;
    return;
  }
  const { columns, rows, bounds } = surface;
  const known = map.getSource<CanvasSource>(surfaceId);
  const corners = cornersOf(bounds);
  const same = known !== undefined && kept.current !== null && kept.current.canvas.width === columns && kept.current.canvas.height === rows;
  const picture = same && kept.current !== null ? kept.current : new SurfacePicture();
  picture.paint(surface, faint);
  if (same) {
    known.setCoordinates(corners);
    // Playing takes the canvas anew, pausing after it keeps that one picture.
    known.play();
    known.pause();
    map.triggerRepaint();
  } else {
    lay(map, kept, { surface: null, faint });
    kept.current = picture;
    map.addSource(surfaceId, { type: 'canvas', canvas: picture.canvas, coordinates: corners, animate: false });
    map.addLayer(
      { id: surfaceId, type: 'raster', source: surfaceId, paint: { 'raster-resampling': 'nearest', 'raster-fade-duration': 0 } },
      map.getLayer(aboveSurface)?.type === 'line' ? aboveSurface : undefined,
    );
  }
}

type Corners = [[number, number], [number, number], [number, number], [number, number]];

function cornersOf([west, south, east, north]: readonly [number, number, number, number]): Corners {
  return [[west, north], [east, north], [east, south], [west, south]];
}
