import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { basemapQuery, streetsQuery } from '../../api/queries';
import { partIn } from '../../lib/names';
import type { GroundSource } from '../../map/ground-style';
import { hasWebGL } from '../../map/maplibre';
import type { MapGround } from '../../map/StreetMap';
import { StreetNet } from '../../map/streets';
import { useTexts } from '../texts';

/** What the maps of a root area are drawn on: its basemap or, without WebGL or a basemap, its measured streets. */
export function useGround(root: string) {
  const { t, language } = useTexts();
  const [plain, setPlain] = useState(!hasWebGL());
  const basemap = useQuery({ ...basemapQuery(root), enabled: !plain });
  const source = useMemo<GroundSource | null>(() => {
    if (plain || basemap.data === undefined || basemap.data.kind === 'none') return null;
    const { kind, tiles, attribution, map_number: mapNumber, min_zoom: minZoom, max_zoom: maxZoom, bounds } = basemap.data;
    const [west = 0, south = 0, east = 0, north = 0] = bounds;
    return { kind, tiles, attribution, mapNumber, minZoom, maxZoom, bounds: [west, south, east, north] };
  }, [plain, basemap.data]);
  const streets = useQuery({ ...streetsQuery(root), enabled: plain || basemap.data?.kind === 'none' || basemap.error !== null });
  const net = useMemo(() => (streets.data ? new StreetNet(streets.data.lines) : null), [streets.data]);
  const onFailure = useCallback(() => { setPlain(true); }, []);
  const ground = useMemo<MapGround>(
    () => ({ source, streets: net, language, attribution: source === null ? t('map.attribution') : partIn(source.attribution, language), onFailure }),
    [source, net, language, t, onFailure],
  );
  return { ground, error: streets.error };
}
