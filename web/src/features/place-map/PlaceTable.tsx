import { useMemo, useState } from 'react';
import type { LayerFacility, LayerPoint } from '../../lib/map-layer';
import { formatNumber } from '../../lib/format';
import { nameOfWord, type Word } from '../../lib/names';
import { shownWay } from '../../lib/nearness';
import { compareLack, pageOf } from '../../lib/pages';
import { codeText } from '../../locales/codes';
import { Pager } from '../../components/Pager';
import { Tag } from '../../components/Tag';
import { GroupSymbol } from '../../map/MapLegend';
import { useTexts } from '../texts';
import type { PlaceLayer } from './usePlaceLayer';

interface Located {
  id: string;
  lon: number;
  lat: number;
}

interface Props {
  data: PlaceLayer;
  kinds: readonly Word[];
  selected: string;
  onSelect: (place: Located) => void;
}

const pageSize = 12;
const shows = ['all', 'fail', 'pass', 'no_data', 'facilities'] as const;
type Show = (typeof shows)[number];

/** The same points and places as on the map, as a table. */
export function PlaceTable({ data, kinds, selected, onSelect }: Props) {
  const { t } = useTexts();
  const [show, setShow] = useState<Show>('all');
  const [page, setPage] = useState(0);
  const labels: Record<Show, string> = {
    all: t('points.showAll'),
    fail: t('points.showFail'),
    pass: t('points.showPass'),
    no_data: t('points.showNoData'),
    facilities: t('points.showFacilities'),
  };
  const sorted = useMemo(() => (data.layer.data?.points ?? []).toSorted(compareLack), [data.layer.data]);
  const points = show === 'all' ? sorted : sorted.filter((point) => point.verdict === show);
  const facilities = data.layer.data?.facilities ?? [];
  const total = show === 'facilities' ? facilities.length : points.length;
  const shared = { selected, onSelect, data, kinds };
  return (
    <section className="card place-table">
      <div className="card-head">
        <h3>{t('points.title')}</h3>
        <label className="inline">
          <span>{t('points.show')}</span>
          <select
            value={show}
            onChange={(event) => {
              setShow(shows.find((known) => known === event.target.value) ?? 'all');
              setPage(0);
            }}
          >
            {shows.map((known) => (
              <option key={known} value={known}>
                {labels[known]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {total === 0 && <p className="muted">{t('points.empty')}</p>}
      {show === 'facilities' ? (
        <FacilityRows {...shared} rows={pageOf(facilities, page, pageSize)} />
      ) : (
        <PointRows {...shared} rows={pageOf(points, page, pageSize)} />
      )}
      <Pager total={total} page={page} size={pageSize} onPage={setPage} />
    </section>
  );
}

type RowsProps<R> = Props & { rows: readonly R[] };

function PointRows({ rows, data, selected, onSelect }: RowsProps<LayerPoint>) {
  const { t } = useTexts();
  const timed = data.layer.data?.timed ?? false;
  if (rows.length === 0) return null;
  return (
    <table className="plain places">
      <thead>
        <tr>
          <th scope="col">{t('points.id')}</th>
          <th scope="col">{t('points.verdict')}</th>
          <th scope="col" className="number">
            {t('points.people')}
          </th>
          <th scope="col" className="number">
            {t(timed ? 'points.minutes' : 'points.metres')}
          </th>
          <th scope="col">{t('points.nearest')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((point) => (
          <tr key={point.id} className={point.id === selected ? 'row-selected' : undefined}>
            <th scope="row">
              <button type="button" className="link" aria-pressed={point.id === selected} onClick={() => { onSelect(point); }}>
                {point.id}
              </button>
            </th>
            <td>
              <span className="verdict">
                <GroupSymbol group={point.group} />
                {codeText(t, 'verdict', point.verdict)}
              </span>
            </td>
            <td className="number">{formatNumber(point.people)}</td>
            <td className="number">{point.way === null ? '—' : shownWay(point.way, timed)}</td>
            <td className="clip">{point.nearest === undefined ? '—' : point.nearest.name || point.nearest.id}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FacilityRows({ rows, data, kinds, selected, onSelect }: RowsProps<LayerFacility>) {
  const { t, name } = useTexts();
  if (rows.length === 0) return null;
  return (
    <table className="plain places">
      <thead>
        <tr>
          <th scope="col">{t('points.name')}</th>
          <th scope="col">{t('points.kind')}</th>
          <th scope="col" className="number">
            {t('why.placeServes')}
          </th>
          <th scope="col">{t('points.provenance')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className={row.id === selected ? 'row-selected' : undefined}>
            <th scope="row" className="clip">
              <button type="button" className="link" aria-pressed={row.id === selected} onClick={() => { onSelect(row); }}>
                {row.name || row.id}
              </button>
            </th>
            <td>{nameOfWord(kinds, row.kind, name)}</td>
            <td className="number">{formatNumber(data.servedOf.get(row.id) ?? 0)}</td>
            <td>
              <Tag kind={row.provenance} label={codeText(t, 'provenance', row.provenance)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
