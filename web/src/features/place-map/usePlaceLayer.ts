import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { explanationQuery, layerQuery, surfaceQuery, waysQuery, type ExplanationQuestion } from '../../api/queries';
import { parseVersion } from '../../api/scenarios';
import type { LayerFacility, LayerPoint } from '../../lib/map-layer';
import { bytesOf, type Surface } from '../../lib/surface';
import { positionOf } from '../../lib/ways';
import { useGround } from './useGround';

interface Options {
  question: ExplanationQuestion;
  root: string;
  /** The point, place or position whose ways are shown, and the scenario they are of. */
  selected: string;
  scenarioVersion: string;
}

/** What the map of a promise draws, and how somebody gets from what is selected to the nearest places. */
export function usePlaceLayer({ question, root, selected, scenarioVersion }: Options) {
  const { indicator, area, variant } = question;
  const layer = useQuery(layerQuery({ indicator, area, variant }));
  const { ground, error: groundError } = useGround(root);
  const measured = useQuery({ ...surfaceQuery({ indicator, area, variant }), enabled: ground.source !== null });
  const surface = useMemo<Surface | null>(() => {
    if (measured.data === undefined) return null;
    const { columns, rows, bounds, cells } = measured.data;
    const [west = 0, south = 0, east = 0, north = 0] = bounds;
    return { columns, rows, bounds: [west, south, east, north], cells: bytesOf(cells) };
  }, [measured.data]);

  const deciding = useQuery(explanationQuery(question));
  const facilityOf = useMemo(
    () => new Map<string, LayerFacility>((layer.data?.facilities ?? []).map((row) => [row.id, row])),
    [layer.data],
  );
  const servedOf = useMemo(() => {
    const places = (deciding.data?.children ?? []).flatMap((child) => child.rows);
    return new Map(places.map((row) => [row.id, row.weight ?? 0]));
  }, [deciding.data]);

  const position = positionOf(selected);
  const pointOf = useMemo(() => new Map<string, LayerPoint>((layer.data?.points ?? []).map((point) => [point.id, point])), [layer.data]);
  const { id: scenario, version } = parseVersion(scenarioVersion);
  const from = position ?? (pointOf.has(selected) ? selected : null);
  const ways = useQuery(waysQuery(from === null ? null : { indicator, area, variant, from, scenario, version }));

  return { layer, ground, groundError, surface, facilityOf, pointOf, servedOf, position, ways };
}

export type PlaceLayer = ReturnType<typeof usePlaceLayer>;
