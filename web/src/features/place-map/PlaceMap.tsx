import { useCallback, useMemo, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { streetLayerQuery, type ExplanationQuestion } from '../../api/queries';
import { rootOf } from '../../lib/areas';
import type { LonLat } from '../../lib/projection';
import { placesAfter, type ShownStep } from '../../lib/steps';
import { noChanges, type CellChanges } from '../../lib/surface';
import type { MapPlace } from '../../lib/url-state';
import { positionId } from '../../lib/ways';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { MapLegend } from '../../map/MapLegend';
import { StreetLegend } from '../../map/StreetLegend';
import { StreetMap, type Dragged } from '../../map/StreetMap';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { Description } from './Description';
import { PlaceTable } from './PlaceTable';
import { usePlaceLayer } from './usePlaceLayer';
import { WaysCard } from './WaysCard';

/** A place that is being tried: where it stands, and what a click on the map does. */
export interface Candidate {
  at: LonLat | null;
  /** Whether a click tries a place; else it asks about what is there. */
  picking: boolean;
  onPick: (at: LonLat) => void;
}

export interface ScenarioOnMap {
  changes: CellChanges;
  difference: boolean;
  steps: readonly ShownStep[];
  /** The scenario as links name it, for the ways it leads to. */
  version?: string;
  /** Left out where the scenario may not be changed. */
  onDrag?: ((id: string, at: LonLat, done: boolean) => void) | undefined;
}

interface Props {
  /** What tells this map from another on the same page. */
  label?: string;
  question: ExplanationQuestion;
  title: string;
  shell: Shell;
  /** Whether the streets are coloured, and not the people drawn. */
  coloured?: boolean;
  /** Whether the same is listed as a table below. */
  table?: boolean;
  candidate?: Candidate;
  /** What a scenario changes: who is served, and the places as its steps leave them. */
  scenario?: ScenarioOnMap | undefined;
  /** What stands below the legend. */
  foot?: ReactNode;
  children?: ReactNode;
}

/** Zoom at which a point chosen in the table is shown with its streets. */
const closeZoom = 15.5;

const noPick = () => undefined;
const noPoints: never[] = [];

/** The map of a promise with its legend, and the same as a table. */
export function PlaceMap({ label = '', question, title, shell, coloured = false, table = false, candidate, scenario, foot, children }: Props) {
  const { t, error: errorText } = useTexts();
  const { state, areas, go } = shell;
  const data = usePlaceLayer({
    question,
    root: rootOf(areas, question.area),
    selected: state.selected,
    scenarioVersion: scenario === undefined ? '' : (scenario.version ?? ''),
  });
  const { indicator, area, variant } = question;
  const streets = useQuery(streetLayerQuery(coloured ? { indicator, area, variant } : null));
  const changes = scenario?.changes ?? noChanges;
  const difference = scenario?.difference ?? false;
  const surface = useMemo(() => data.surface && { surface: data.surface, changes, difference }, [data.surface, changes, difference]);
  const rows = data.layer.data?.facilities;
  const steps = scenario?.steps;
  const shownPlaces = useMemo(
    () => placesAfter(rows ?? [], steps ?? []),
    [rows, steps],
  );
  const ways = data.ways.data?.ways;
  const routes = useMemo(() => (ways ?? []).map(({ line }) => line.map(([lon = 0, lat = 0]) => ({ lon, lat }))), [ways]);
  const onPlace = useCallback((map: MapPlace | null) => { go({ map }, 'replace'); }, [go]);
  const describe = (id: string) => <Description id={id} data={data} kinds={shell.plan.kinds} />;

  if (data.layer.data === undefined) {
    return data.layer.error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={errorText(data.layer.error)} retryLabel={t('status.retry')} onRetry={() => { void data.layer.refetch(); }} />
    );
  }
  const { points, facilities, breaks, timed } = data.layer.data;
  const lost = state.selected !== '' && data.position === null && !data.pointOf.has(state.selected) && !shownPlaces.some(({ id }) => id === state.selected);
  return (
    <>
      <section className="card map-card" aria-label={[t('detail.map'), label].filter(Boolean).join(' ')}>
        {children}
        {data.groundError !== null && <p className="warning">{t('map.streetsMissing')}</p>}
        <StreetMap
          label={t('map.label', { indicator: title })}
          ground={data.ground}
          surface={coloured ? null : surface}
          points={coloured ? noPoints : points}
          coloured={coloured ? streets.data : undefined}
          extent={coloured ? points : undefined}
          facilities={shownPlaces}
          {...(scenario?.onDrag ? { onDrag: ({ id, at, done }: Dragged) => { scenario.onDrag?.(id, at, done); } } : {})}
          selected={state.selected}
          onSelect={(selected) => { go({ selected }); }}
          onPosition={(at) => { go({ selected: positionId(at) }); }}
          position={data.position}
          routes={routes}
          picking={candidate?.picking ?? false}
          candidate={candidate?.at ?? null}
          onPick={candidate?.onPick ?? noPick}
          place={state.map}
          onPlace={onPlace}
          describe={describe}
        />
        {lost && <p className="warning" role="status">{t('map.notHere', { id: state.selected })}</p>}
        {data.ways.error !== null && <p className="form-error" role="alert">{errorText(data.ways.error)}</p>}
        {data.ways.data && <WaysCard from={data.ways.data} kinds={shell.plan.kinds} />}
        {coloured && streets.error !== null && <p className="form-error" role="alert">{errorText(streets.error)}</p>}
        {coloured && streets.isPending && <Loading label={t('status.loading')} />}
        {coloured ? (
          <StreetLegend streets={streets.data} facilities={facilities.length} />
        ) : (
          <MapLegend points={points} facilities={facilities.length} breaks={breaks} timed={timed} />
        )}
        {foot}
      </section>
      {table && (
        <PlaceTable
          data={data}
          kinds={shell.plan.kinds}
          selected={state.selected}
          onSelect={({ id, lon, lat }) => {
            go({ selected: id, map: { lon, lat, zoom: Math.max(closeZoom, state.map?.zoom ?? 0) } });
          }}
        />
      )}
    </>
  );
}
