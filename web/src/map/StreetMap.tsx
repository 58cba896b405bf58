import { lazy, Suspense, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { findBounds, metresPerPixel, panBy, scaleBar, screen, toScreen, toWorld, unproject, zoomAt, zoomOf, type LonLat, type View } from '../lib/projection';
import { noChanges, type CellChanges } from '../lib/surface';
import type { MapPlace } from '../lib/url-state';
import type { GroundSource } from './ground-style';
import { MapButtons } from './MapButtons';
import { findArea } from '../lib/area-shapes';
import { paintAreas, type PaintedAreas } from './paint-areas';
import { paintPlaces, People, Places, type MapFacility, type MapPoint } from './places';
import type { StreetLayer } from '../lib/street-layer';
import type { StreetNet } from './streets';
import type { PaintedSurface } from './surface-picture';
import { useMapGestures } from './useMapGestures';
import { useMapView, type Size } from './useMapView';

const Ground = lazy(async () => ({ default: (await import('./Ground')).Ground }));

/** A place that is being moved: where it is now, and whether it was let go. */
export interface Dragged {
  id: string;
  at: LonLat;
  done: boolean;
}

/** What a map is drawn on. */
export interface MapGround {
  /** What MapLibre draws; null where the streets are drawn here, on a plain canvas. */
  source: GroundSource | null;
  streets: StreetNet | null;
  language: string;
  attribution: string;
  /** Told when MapLibre cannot draw after all. */
  onFailure: () => void;
}

interface Props {
  label: string;
  ground: MapGround;
  /** Who is served as a grid, with what a trial changes; null while it is not known. */
  surface: PaintedSurface | null;
  /** Streets coloured by how far it is from them, where MapLibre draws; left out, none are. */
  coloured?: StreetLayer | undefined;
  /** What is to be in sight where no people are drawn. */
  extent?: readonly LonLat[] | undefined;
  /** Told where a facility is dragged to; left out, facilities stay. */
  onDrag?: (dragged: Dragged) => void;
  points: readonly MapPoint[];
  facilities: readonly MapFacility[];
  /** Areas filled by their values, and what the map is to show of them; left out, none are drawn. */
  areas?: (PaintedAreas & { extent: readonly LonLat[] }) | undefined;
  selected: string;
  onSelect: (id: string) => void;
  /** Told of a position where nothing lies; left out, it means that nothing is selected. */
  onPosition?: (at: LonLat) => void;
  /** A position that is selected, and the ways from what is selected, the nearest first. */
  position?: LonLat | null;
  routes?: readonly (readonly LonLat[])[];
  /** While a place is being chosen a click chooses it instead of selecting. */
  picking: boolean;
  candidate: LonLat | null;
  onPick: (at: LonLat) => void;
  place: MapPlace | null;
  onPlace: (place: MapPlace | null) => void;
  /** What is said of a point or facility beside the pointer. */
  describe: (id: string) => ReactNode;
}

const noRoutes: readonly (readonly LonLat[])[] = [];

const panStep = 60;
const zoomStep = 1.5;
const streetsSettleMilliseconds = 120;

/** More points than this are shown as a surface, where there is one. */
const mostPoints = 4000;

/** A map of streets, population points and facilities, drawn on a canvas. */
export function StreetMap(props: Props) {
  const { source: ground, streets } = props.ground;
  const { surface, points, facilities, areas, selected, position = null, routes = noRoutes, picking, candidate, place, onPlace } = props;
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(frame);
  const [focused, setFocused] = useState(false);
  const [hover, setHover] = useState<{ id: string; x: number; y: number } | null>(null);

  const people = useMemo(() => new People(points), [points]);
  const places = useMemo(() => new Places(people, facilities), [people, facilities]);
  // People do not move while a place is dragged, so the whole stays in sight.
  const extent = areas?.extent ?? props.extent ?? (points.length > 0 ? points : facilities);
  const bounds = useMemo(() => findBounds(extent), [extent]);
  const { view, move, showAll } = useMapView({ size, bounds, place, onPlace });

  /** Chooses a position, or else what lies there. */
  const choose = (shown: View, x: number, y: number) => {
    if (picking) {
      props.onPick(positionAt(shown, x, y));
      return;
    }
    const found = findAt(shown, x, y);
    if (found === undefined && props.onPosition !== undefined) props.onPosition(positionAt(shown, x, y));
    else props.onSelect(found?.id ?? '');
  };
  const unmeasured = surface === null;
  const onePerOne = useMemo(
    () => ground === null || unmeasured || (view !== null && people.countIn(view, mostPoints) <= mostPoints),
    [ground, unmeasured, people, view],
  );
  const findAt = (shown: View, x: number, y: number): { id: string } | undefined => {
    const under = screen(x, y);
    if (areas === undefined) return places.find(shown, under);
    const found = findArea(areas.shapes, toWorld(shown, under));
    return found && { id: found.code };
  };
  useMapGestures(frame, view, {
    onMove: move,
    grab: (x, y) => {
      if (view === null || props.onDrag === undefined) return undefined;
      const { onDrag } = props;
      const found = places.findFacility(view, screen(x, y));
      if (found === undefined || found.mark === 'closed') return undefined;
      return (toX, toY, done) => {
        onDrag({ id: found.id, at: positionAt(view, toX, toY), done });
      };
    },
    onHover: (x, y) => {
      const found = view === null || picking ? undefined : findAt(view, x, y);
      setHover(found === undefined ? null : { id: found.id, x, y });
    },
    onLeave: () => {
      setHover(null);
    },
    onTap: (x, y) => {
      if (view !== null) choose(view, x, y);
    },
  });

  /** The changes that were painted last. */
  const answered = useRef<CellChanges>(undefined);
  useEffect(() => {
    const target = canvas.current;
    const context = target?.getContext('2d', { willReadFrequently: true });
    if (!target || !context || view === null) return;
    const draw = () => {
      const ratio = window.devicePixelRatio;
      target.width = Math.round(view.width * ratio);
      target.height = Math.round(view.height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, view.width, view.height);
      const current = ground !== null || streets === null || streets.paint(context, view);
      if (areas !== undefined) paintAreas(context, view, areas, hover?.id ?? '');
      paintPlaces(context, view, places, {
        selected,
        hovered: hover?.id ?? '',
        position,
        routes,
        candidate,
        crosshair: focused,
        trial: surface,
        points: onePerOne,
      });
      if (surface !== null && surface.changes !== noChanges && surface.changes !== answered.current) performance.mark('trial-painted');
      answered.current = surface?.changes;
      return current;
    };
    let timer = 0;
    const request = window.requestAnimationFrame(() => {
      if (draw()) return;
      timer = window.setTimeout(() => {
        streets?.render(view);
        draw();
      }, streetsSettleMilliseconds);
    });
    return () => {
      window.cancelAnimationFrame(request);
      window.clearTimeout(timer);
    };
  }, [view, ground, streets, surface, places, areas, onePerOne, selected, hover?.id, position, routes, candidate, focused]);

  const zoom = (factor: number) => {
    if (view !== null) move(zoomAt(view, screen(view.width / 2, view.height / 2), factor));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (view === null || event.target !== frame.current) return;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => { move(panBy(view, panStep, 0)); },
      ArrowRight: () => { move(panBy(view, -panStep, 0)); },
      ArrowUp: () => { move(panBy(view, 0, panStep)); },
      ArrowDown: () => { move(panBy(view, 0, -panStep)); },
      '+': () => { zoom(zoomStep); },
      '=': () => { zoom(zoomStep); },
      '-': () => { zoom(1 / zoomStep); },
      '0': showAll,
      Enter: () => { choose(view, view.width / 2, view.height / 2); },
    };
    const action = keys[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  };

  const pinned = hover === null ? pinnedAt(view, places, selected) : { x: hover.x, y: hover.y, id: hover.id };
  const bar = view === null ? null : scaleBar(metresPerPixel(view), 90);
  return (
    <div className="map">
      {/* A map is worked with arrow keys and its own shortcuts, which is what role="application" announces. */}
      <div
        ref={frame}
        className={picking ? 'map-frame picking' : 'map-frame'}
        role="application"
        aria-label={props.label}
        aria-describedby="map-keys"
        data-view={view === null ? undefined : viewText(view)}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={(event) => { setFocused(event.target === frame.current && event.target.matches(':focus-visible')); }}
        onBlur={() => { setFocused(false); }}
      >
        {ground !== null && view !== null && (
          <Suspense fallback={null}>
            <Ground
              view={view}
              source={ground}
              language={props.ground.language}
              surface={onePerOne || surface === null ? null : surface.surface}
              streets={props.coloured ?? null}
              faint={surface?.difference ?? false}
              names={areas === undefined}
              onFailure={props.ground.onFailure}
            />
          </Suspense>
        )}
        <canvas ref={canvas} className="map-marks" />
        {pinned !== null && size !== null && (
          <div className="map-tip" style={tipPosition(pinned, size)}>
            {props.describe(pinned.id)}
          </div>
        )}
      </div>
      <p id="map-keys" className="visually-hidden">
        {t(picking ? 'map.keysPicking' : 'map.keys')}
      </p>
      <MapButtons onZoomIn={() => { zoom(zoomStep); }} onZoomOut={() => { zoom(1 / zoomStep); }} onShowAll={showAll} />
      <div className="map-foot">
        {bar !== null && (
          <span className="map-scale" style={{ width: bar.pixels }}>
            {bar.metres >= 1000 ? `${bar.metres / 1000} km` : `${bar.metres} m`}
          </span>
        )}
        <span>{props.ground.attribution}</span>
        {ground !== null && ground.kind !== 'none' && <span className="map-number">{ground.mapNumber || t('map.schematic')}</span>}
      </div>
    </div>
  );
}

/** The position under a pixel, to the sixth place: a decimetre. */
function positionAt(view: View, x: number, y: number): LonLat {
  const at = unproject(toWorld(view, screen(x, y)));
  return { lon: Number(at.lon.toFixed(6)), lat: Number(at.lat.toFixed(6)) };
}

/** What the map shows, for who measures on it: the middle in degrees, and the zoom. */
function viewText(view: View): string {
  const { lon, lat } = unproject(view.centre);
  return [lon, lat, zoomOf(view)].join(',');
}

function useSize(frame: { readonly current: HTMLElement | null }): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      if (width > 0 && height > 0) setSize((known) => (known?.width === width && known.height === height ? known : { width, height }));
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [frame]);
  return size;
}

/** Where the words about the selection stand when nothing is under the pointer. */
function pinnedAt(view: View | null, places: Places, id: string): { x: number; y: number; id: string } | null {
  if (view === null || id === '') return null;
  const found =
    places.points.find(({ point }) => point.id === id) ?? places.facilities.find(({ facility }) => facility.id === id);
  if (found === undefined) return null;
  const { x, y } = toScreen(view, found.at);
  const visible = x >= 0 && y >= 0 && x <= view.width && y <= view.height;
  return visible ? { x, y, id } : null;
}

const tipWidth = 220;

/** Beside the point, and on the side where there is room. */
function tipPosition({ x, y }: { x: number; y: number }, { width, height }: Size) {
  const left = Math.max(4, x + 14 + tipWidth > width ? x - 14 - tipWidth : x + 14);
  return y < height / 2 ? { left, top: y + 10 } : { left, bottom: height - y + 10 };
}
