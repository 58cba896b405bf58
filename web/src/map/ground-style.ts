// How the ground is drawn: pale, so that what is measured stands out. The style
// names no glyphs: letters come from the machine's own fonts.

import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';

export interface GroundSource {
  kind: 'vector' | 'raster' | 'none';
  tiles: string;
  attribution: string;
  mapNumber: string;
  minZoom: number;
  maxZoom: number;
  bounds: readonly [number, number, number, number];
}

/** The layer below which a surface is laid, so that streets and names stay legible. */
export const aboveSurface = 'road';

const fonts = ['Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'sans-serif'];

type Stops = readonly (number | string)[];

const byZoom = (...stops: Stops) => ['interpolate', ['exponential', 1.4], ['zoom'], ...stops] as unknown as number;

const roadColours = ['match', ['get', 'class'], ['motorway', 'trunk'], '#e3b77d', ['primary', 'secondary'], '#e9d3a8', '#d3d8de'] as unknown as string;

const roadWidth = byZoom(
  6, ['match', ['get', 'class'], ['motorway', 'trunk'], 1.2, 0.6] as unknown as number,
  14, ['match', ['get', 'class'], ['motorway', 'trunk'], 5, ['primary', 'secondary'], 4, ['path', 'track'], 0.8, 2] as unknown as number,
  18, ['match', ['get', 'class'], ['motorway', 'trunk'], 18, ['primary', 'secondary'], 16, ['path', 'track'], 2, 9] as unknown as number,
);

const of = (layer: string) => ({ source: 'ground', 'source-layer': layer });

const vectorLayers = (language: string): LayerSpecification[] => {
  const name = (language === 'en' ? ['coalesce', ['get', 'name:en'], ['get', 'name']] : ['get', 'name']) as unknown as string;
  return [
    { id: 'green', type: 'fill', ...of('green'), paint: { 'fill-color': '#e3eee0' } },
    { id: 'water', type: 'fill', ...of('water'), paint: { 'fill-color': '#cfe1ee' } },
    { id: 'waterway', type: 'line', ...of('waterway'), paint: { 'line-color': '#bcd5e6', 'line-width': byZoom(8, 0.6, 16, 3) } },
    { id: 'building', type: 'fill', ...of('building'), paint: { 'fill-color': '#ebe8e3' } },
    { id: 'rail', type: 'line', ...of('rail'), paint: { 'line-color': '#b3b0b8', 'line-width': byZoom(9, 0.5, 16, 2), 'line-dasharray': [4, 2] } },
    { id: aboveSurface, type: 'line', ...of('road'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': roadColours, 'line-width': roadWidth } },
    { id: 'boundary', type: 'line', ...of('boundary'), paint: { 'line-color': '#8d7f9d', 'line-width': 1.2, 'line-dasharray': [3, 2] } },
    {
      id: 'place', type: 'symbol', ...of('place'),
      layout: {
        'text-field': name, 'text-font': fonts, 'symbol-sort-key': ['get', 'rank'],
        'text-size': ['match', ['get', 'class'], 'city', 15, 'town', 13, 12],
      },
      paint: { 'text-color': '#39434f', 'text-halo-color': '#ffffff', 'text-halo-width': 1.4 },
    },
    {
      id: 'street-name', type: 'symbol', ...of('road'), minzoom: 14, filter: ['has', 'name'],
      layout: { 'symbol-placement': 'line', 'text-field': name, 'text-font': fonts, 'text-size': 11 },
      paint: { 'text-color': '#5b6570', 'text-halo-color': '#ffffff', 'text-halo-width': 1.2 },
    },
  ];
};

const background: LayerSpecification = { id: 'background', type: 'background', paint: { 'background-color': '#fbfbfa' } };

/** The style of a ground, with or without its names; of none it is an empty sheet. */
export function groundStyle(source: GroundSource, language: string, names: boolean): StyleSpecification {
  const style: StyleSpecification = { version: 8, sources: {}, layers: [background] };
  if (source.kind === 'none') return style;
  const known = source.bounds.some((edge) => edge !== 0);
  const shared = {
    tiles: [new URL(source.tiles, window.location.href).href.replaceAll('%7B', '{').replaceAll('%7D', '}')],
    minzoom: source.minZoom,
    maxzoom: source.maxZoom,
    ...(known ? { bounds: [...source.bounds] as [number, number, number, number] } : {}),
  };
  if (source.kind === 'raster') {
    style.sources['ground'] = { type: 'raster', tileSize: 256, ...shared };
    style.layers.push({ id: aboveSurface, type: 'raster', source: 'ground' });
    return style;
  }
  style.sources['ground'] = { type: 'vector', ...shared };
  style.layers.push(...vectorLayers(language).filter(({ type }) => names || type !== 'symbol'));
  return style;
}
