import { useCallback, useState } from 'react';
import type { ExplanationQuestion } from '../../api/queries';
import type { Result } from '../../api/types';
import { formatNumber } from '../../lib/format';
import type { MapPlace, UrlState } from '../../lib/url-state';
import { codeText } from '../../locales/codes';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { MapLegend } from '../../map/MapLegend';
import { StreetMap } from '../../map/StreetMap';
import type { Commit } from '../changes/useCommit';
import { useTexts } from '../texts';
import { TryPlace } from '../what-if/TryPlace';
import { useTrial } from '../what-if/useTrial';
import { PlaceTable } from './PlaceTable';
import { usePlaceLayer, type PlaceLayer } from './usePlaceLayer';

interface Props {
  question: ExplanationQuestion;
  root: string;
  title: string;
  results: readonly Result[];
  state: UrlState;
  onStep: (step: Partial<UrlState>, how?: 'push' | 'replace') => void;
  commit: Commit;
}

/** Zoom at which a point chosen in the table is shown with its streets. */
const closeZoom = 15.5;

/** The map of a promise, its table, and a place to try on it. */
export function PlaceMap({ question, root, title, results, state, onStep, commit }: Props) {
  const { t, error: errorText } = useTexts();
  const data = usePlaceLayer(question, root);
  const [trying, setTrying] = useState(false);
  const kinds = [...new Set((data.layer.data?.facilities ?? []).map((row) => row.kind ?? ''))].filter(Boolean).toSorted();
  const trial = useTrial({ area: question.area, kinds, commit, onKept: () => { setTrying(false); } });
  const onPlace = useCallback((map: MapPlace | null) => { onStep({ map }, 'replace'); }, [onStep]);
  const describe = (id: string) => <Description id={id} data={data} />;
  const stop = () => {
    trial.stop();
    setTrying(false);
  };

  if (data.layer.data === undefined) {
    return data.layer.error === null ? (
      <Loading label={t('status.loading')} />
    ) : (
      <Failure message={errorText(data.layer.error)} retryLabel={t('status.retry')} onRetry={() => { void data.layer.refetch(); }} />
    );
  }
  const points = data.layer.data.points;
  const facilities = data.layer.data.facilities;
  const { reach } = data.layer.data;
  const nearest = data.facilityOf.get(data.rowOf.get(state.selected)?.facility ?? '') ?? null;
  return (
    <>
      <section className="card map-card" aria-label={t('detail.map')}>
        <div className="card-head">
          <h3>{title}</h3>
          <button type="button" aria-pressed={trying} onClick={trying ? stop : () => { setTrying(true); }}>
            {t(trying ? 'try.stop' : 'try.start')}
          </button>
        </div>
        {trying && <TryPlace trial={trial} area={question.area} kinds={kinds} results={results} onClose={stop} />}
        {data.streets.error !== null && <p className="warning">{t('map.streetsMissing')}</p>}
        <StreetMap
          label={t('map.label', { indicator: title })}
          streets={data.net}
          points={points}
          facilities={facilities.map((row) => ({ id: row.id, name: row.name ?? '', lon: row.lon, lat: row.lat }))}
          reach={reach}
          selected={state.selected}
          onSelect={(selected) => {
            data.want(selected);
            onStep({ selected });
          }}
          onHover={data.want}
          nearest={nearest}
          picking={trying}
          candidate={trial.tried}
          onPick={trial.pick}
          place={state.map}
          onPlace={onPlace}
          describe={describe}
          attribution={t('map.attribution')}
        />
        <MapLegend points={points} facilities={facilities.length} reach={reach} />
      </section>
      <PlaceTable
        data={data}
        selected={state.selected}
        onSelect={({ id, lon, lat }) => {
          data.want(id);
          onStep({ selected: id, map: { lon, lat, zoom: Math.max(closeZoom, state.map?.zoom ?? 0) } });
        }}
      />
    </>
  );
}

/** What a point or facility on the map is, in words. */
function Description({ id, data }: { id: string; data: PlaceLayer }) {
  const { t } = useTexts();
  const facility = data.facilityOf.get(id);
  if (facility) {
    const served = data.servedOf.get(id);
    return (
      <>
        <b>{facility.name || t('why.unnamed')}</b>
        <span>
          {facility.kind} · {id}
        </span>
        {served !== undefined && <span>{t('map.serves', { people: formatNumber(served) })}</span>}
        <span>{codeText(t, 'provenance', facility.provenance)}</span>
      </>
    );
  }
  const point = data.layer.data?.points?.find((known) => known.id === id);
  if (point === undefined) return null;
  const row = data.rowOf.get(id);
  const nearest = row?.facility ? data.facilityOf.get(row.facility) : undefined;
  return (
    <>
      <b>{id}</b>
      <span>
        {t('map.people', { people: formatNumber(point.people) })} · {codeText(t, 'verdict', point.verdict)}
      </span>
      <span>
        {point.metres === null
          ? t(point.verdict === 'no_data' ? 'verdict.no_data' : 'map.unreachable')
          : t('map.metres', { metres: formatNumber(point.metres, 1) })}
      </span>
      {row === undefined && point.metres !== null && <span>{t('map.nearestLoading')}</span>}
      {row?.facility && <span>{t('map.nearest', { name: nearest?.name || row.facility })}</span>}
      {row && row.provenance !== '' && <span>{codeText(t, 'provenance', row.provenance)}</span>}
    </>
  );
}
