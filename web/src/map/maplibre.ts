// MapLibre is as large as the rest of the client, so it is read only where a map
// is shown.

import type { Map as MapLibreMap } from 'maplibre-gl';

type MakeMap = typeof MapLibreMap;

let reading: Promise<MakeMap> | undefined;

export function readMapLibre(): Promise<MakeMap> {
  reading ??= import('maplibre-gl').then((lib) => lib.default.Map);
  return reading;
}

let webGL: boolean | undefined;

/** Whether this browser draws with WebGL; without it the map is drawn on a plain canvas. */
export function hasWebGL(): boolean {
  webGL ??= document.createElement('canvas').getContext('webgl2') !== null;
  return webGL;
}
