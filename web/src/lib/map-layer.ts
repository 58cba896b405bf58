// What a map of a provision draws, read from the columns in which it is sent.

import { groupOfCell, verdictOf, type Verdict } from './surface';
import type { MapGroup } from './map-groups';

interface PlacedColumns {
  ids: readonly string[];
  /** Ten-millionths of a degree, each as the difference to the one before. */
  lon: readonly number[];
  lat: readonly number[];
}

export interface SentLayer {
  reach: number | null;
  breaks: readonly number[];
  metres_per_minute: number | null;
  /** Ways are deciseconds, and the reach and breaks seconds. */
  timed: boolean;
  points: PlacedColumns & { people: readonly number[]; decimetres: readonly number[]; nearest: readonly number[]; classes: Uint8Array };
  facilities: PlacedColumns & { names: readonly string[]; kinds: readonly string[]; provenances: readonly string[] };
}

/** A population point on a map. */
export interface LayerPoint {
  id: string;
  lon: number;
  lat: number;
  people: number;
  /** To the nearest place, in metres or, where time is counted, seconds; null where none can be reached. */
  way: number | null;
  /** The nearest place; undefined where none can be reached. */
  nearest: LayerFacility | undefined;
  group: MapGroup;
  verdict: Verdict;
}

/** A place of the measure. */
export interface LayerFacility {
  id: string;
  name: string;
  kind: string;
  lon: number;
  lat: number;
  provenance: string;
}

export interface MapLayer {
  /** Metres, or seconds; null where none is asked. */
  reach: number | null;
  /** Metres, or seconds, at which the classes near, within, beyond and far meet. */
  breaks: readonly number[];
  /** With it metres are minutes. */
  speed: number | null;
  /** The measure counts time: ways are seconds. */
  timed: boolean;
  points: readonly LayerPoint[];
  facilities: readonly LayerFacility[];
}

const unitsPerDegree = 1e7;

function placed<T>({ ids, lon, lat }: PlacedColumns, more: (index: number) => T): (T & { id: string; lon: number; lat: number })[] {
  let x = 0;
  let y = 0;
  return ids.map((id, i) => {
    x += lon[i] ?? 0;
    y += lat[i] ?? 0;
    return { id, lon: x / unitsPerDegree, lat: y / unitsPerDegree, ...more(i) };
  });
}

export function readLayer({ reach, breaks, metres_per_minute: speed, timed, points, facilities }: SentLayer): MapLayer {
  const places: LayerFacility[] = placed(facilities, (i) => ({
    name: facilities.names[i] ?? '',
    kind: facilities.kinds[i] ?? '',
    provenance: facilities.provenances[i] ?? '',
  }));
  return {
    reach,
    breaks,
    speed,
    timed,
    points: placed(points, (i) => {
      const tenths = points.decimetres[i] ?? -1;
      const cell = points.classes[i] ?? 0;
      return {
        people: points.people[i] ?? 0,
        way: tenths < 0 ? null : tenths / 10,
        nearest: places[points.nearest[i] ?? -1],
        group: groupOfCell(cell) ?? 'no_data',
        verdict: verdictOf(cell),
      };
    }),
    facilities: places,
  };
}
