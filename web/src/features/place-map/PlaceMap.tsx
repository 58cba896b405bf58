import { useCallback, useMemo, type ReactNode } from 'react';
import type { ExplanationQuestion } from '../../api/queries';
import { rootOf } from '../../lib/areas';
import type { LonLat } from '../../lib/projection';
import { noChanges } from '../../lib/surface';
import type { MapPlace } from '../../lib/url-state';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { MapLegend } from '../../map/MapLegend';
import { StreetMap } from '../../map/StreetMap';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { Description } from './Description';
import { PlaceTable } from './PlaceTable';
import { usePlaceLayer } from './usePlaceLayer';

/** A place that is being tried: where it stands, and what a click on the map does. */
export interface Candidate {
  at: LonLat | null;
  onPick: (at: LonLat) => void;
}

interface Props {
  question: ExplanationQuestion;
  title: string;
  shell: Shell;
  /** Whether the same is listed as a table below. */
  table?: boolean;
  candidate?: Candidate;
  children?: ReactNode;
}

/** Zoom at which a point chosen in the table is shown with its streets. */
const closeZoom = 15.5;

const noPick = () => undefined;

/** The map of a promise with its legend, and the same as a table. */
export function PlaceMap({ question, title, shell, table = false, candidate, children }: Props) {
  const { t, error: errorText } = useTexts();
  const { state, areas, go } = shell;
  const data = usePlaceLayer(question, rootOf(areas, question.area));
  const surface = useMemo(() => data.surface && { surface: data.surface, changes: noChanges, difference: false }, [data.surface]);
  const onPlace = useCallback((map: MapPlace | null) => { go({ map }, 'replace'); }, [go]);
  const describe = (id: string) => <Description id={id} data={data} kinds={shell.plan.kinds} />;

  if (data.layer.data === undefined) {
    return data.layer.error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={errorText(data.layer.error)} retryLabel={t('status.retry')} onRetry={() => { void data.layer.refetch(); }} />
    );
  }
  const { points, facilities, reach } = data.layer.data;
  const nearest = data.facilityOf.get(data.rowOf.get(state.selected)?.facility ?? '') ?? null;
  return (
    <>
      <section className="card map-card" aria-label={t('detail.map')}>
        {children}
        {data.groundError !== null && <p className="warning">{t('map.streetsMissing')}</p>}
        <StreetMap
          label={t('map.label', { indicator: title })}
          ground={data.ground}
          surface={surface}
          points={points}
          facilities={facilities.map((row) => ({ id: row.id, name: row.name ?? '', lon: row.lon, lat: row.lat }))}
          reach={reach}
          selected={state.selected}
          onSelect={(selected) => {
            data.want(selected);
            go({ selected });
          }}
          onHover={data.want}
          nearest={nearest}
          picking={candidate !== undefined}
          candidate={candidate?.at ?? null}
          onPick={candidate?.onPick ?? noPick}
          place={state.map}
          onPlace={onPlace}
          describe={describe}
        />
        <MapLegend points={points} facilities={facilities.length} reach={reach} />
      </section>
      {table && (
        <PlaceTable
          data={data}
          kinds={shell.plan.kinds}
          selected={state.selected}
          onSelect={({ id, lon, lat }) => {
            data.want(id);
            go({ selected: id, map: { lon, lat, zoom: Math.max(closeZoom, state.map?.zoom ?? 0) } });
          }}
        />
      )}
    </>
  );
}
