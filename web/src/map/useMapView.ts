import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { fit, project, scaleOfZoom, unproject, zoomOf, type Bounds, type View } from '../lib/projection';
import type { MapPlace } from '../lib/url-state';

const settledMilliseconds = 250;

export interface Size {
  width: number;
  height: number;
}

interface Options {
  size: Size | null;
  bounds: Bounds | undefined;
  /** The place the URL asks for; null shows everything. */
  place: MapPlace | null;
  /** Told where the map came to rest after the reader moved it; null once it shows everything. */
  onPlace: (place: MapPlace | null) => void;
}

const samePlace = (a: MapPlace | null, b: MapPlace | null) =>
  a === b || (a !== null && b !== null && a.lon === b.lon && a.lat === b.lat && a.zoom === b.zoom);

const placeOf = (view: View): MapPlace => {
  const { lon, lat } = unproject(view.centre);
  return { lon: Number(lon.toFixed(5)), lat: Number(lat.toFixed(5)), zoom: Number(zoomOf(view).toFixed(2)) };
};

/** The part of the world a map shows: from the URL, or all there is, until the reader moves it. */
export function useMapView({ size, bounds, place, onPlace }: Options) {
  const [moved, setMoved] = useState<View | null>(null);
  const reported = useRef<MapPlace | null>(place);
  const [followed, setFollowed] = useState(place);

  // "Back" changes the place from outside: the map follows.
  if (!samePlace(place, followed)) {
    setFollowed(place);
    if (!samePlace(place, moved === null ? null : placeOf(moved))) setMoved(null);
  }

  // One object until it shows something else: what is drawn of it is drawn again for another.
  const view = useMemo<View | null>(() => {
    if (size === null) return null;
    if (moved !== null) return { ...moved, ...size };
    if (followed !== null) return { ...size, centre: project(followed), scale: scaleOfZoom(followed.zoom) };
    return bounds === undefined ? null : fit(bounds, size);
  }, [size, moved, followed, bounds]);

  useEffect(() => {
    if (moved === null) return;
    const timer = window.setTimeout(() => {
      const rest = placeOf(moved);
      if (samePlace(rest, reported.current)) return;
      reported.current = rest;
      onPlace(rest);
    }, settledMilliseconds);
    return () => {
      window.clearTimeout(timer);
    };
  }, [moved, onPlace]);

  const showAll = useCallback(() => {
    setMoved(null);
    reported.current = null;
    onPlace(null);
  }, [onPlace]);

  return { view, move: setMoved, showAll };
}
