import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { explanationQuery, layerQuery, surfaceQuery, type ExplanationQuestion } from '../../api/queries';
import type { Row } from '../../api/types';
import type { LayerFacility } from '../../lib/map-layer';
import { bytesOf, type Surface } from '../../lib/surface';
import { useGround } from './useGround';

/** What the map of a promise draws, and which place each point has nearest. */
export function usePlaceLayer(question: ExplanationQuestion, root: string) {
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

  // The rows that decide come with the explanation. The nearest place of all
  // others costs a large answer, so it is asked for when a reader points at one.
  const deciding = useQuery(explanationQuery(question));
  const [wanted, setWanted] = useState(false);
  const total = deciding.data?.rows_total ?? 0;
  const all = useQuery({ ...explanationQuery({ ...question, rows: total }), enabled: wanted && total > question.rows });
  const rows = all.data?.rows ?? deciding.data?.rows;
  const rowOf = useMemo(() => new Map<string, Row>((rows ?? []).map((row) => [row.id, row])), [rows]);
  const facilityOf = useMemo(
    () => new Map<string, LayerFacility>((layer.data?.facilities ?? []).map((row) => [row.id, row])),
    [layer.data],
  );
  const servedOf = useMemo(() => {
    const places = (deciding.data?.children ?? []).flatMap((child) => child.rows);
    return new Map(places.map((row) => [row.id, row.weight ?? 0]));
  }, [deciding.data]);

  return {
    layer,
    ground,
    groundError,
    surface,
    rowOf,
    facilityOf,
    servedOf,
    /** Asks for the rows of points that are not among the deciding ones. */
    want: (id: string) => {
      if (id !== '' && !rowOf.has(id) && !facilityOf.has(id)) setWanted(true);
    },
  };
}

export type PlaceLayer = ReturnType<typeof usePlaceLayer>;
