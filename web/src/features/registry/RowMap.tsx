import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { rowPlacesQuery, type RowsQuestion } from '../../api/registers';
import { FacilityMap } from '../place-map/FacilityMap';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

/** Where the rows of a list lie; what is chosen here opens, and the list is its table. */
export function RowMap({ question, shell }: { question: RowsQuestion; shell: Shell }) {
  const { t } = useTexts();
  const { state, go } = shell;
  const { data } = useQuery(rowPlacesQuery(question));
  const places = useMemo(
    () => (data?.ids ?? []).map((id, i) => ({ id, name: id, lon: data?.lons[i] ?? 0, lat: data?.lats[i] ?? 0 })),
    [data],
  );
  if (data === undefined || places.length === 0) return null;
  return (
    <section className="card map-card" aria-label={t('detail.map')}>
      <FacilityMap
        label={t('registry.mapLabel')}
        facilities={places}
        selected={state.row}
        onSelect={(row) => { if (row !== '') go({ row }); }}
        shell={shell}
      />
      {data.unplaced + data.left > 0 && <p className="muted">{t('registry.notOnMap', { unplaced: data.unplaced, left: data.left })}</p>}
    </section>
  );
}
