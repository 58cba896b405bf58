import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { rowPlacesQuery, type RowsQuestion } from '../../api/registers';
import { rootOf } from '../../lib/areas';
import type { MapPlace } from '../../lib/url-state';
import { StreetMap } from '../../map/StreetMap';
import { useGround } from '../place-map/useGround';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

const nothing = () => undefined;
const noPoints: never[] = [];
const describe = (id: string) => id;

/** Where the rows of a list lie; what is chosen here opens, and the list is its table. */
export function RowMap({ question, shell }: { question: RowsQuestion; shell: Shell }) {
  const { t } = useTexts();
  const { state, areas, go } = shell;
  const { data } = useQuery(rowPlacesQuery(question));
  const { ground } = useGround(rootOf(areas, state.area));
  const places = useMemo(
    () => (data?.ids ?? []).map((id, i) => ({ id, name: id, lon: data?.lons[i] ?? 0, lat: data?.lats[i] ?? 0 })),
    [data],
  );
  const onPlace = useCallback((map: MapPlace | null) => { go({ map }, 'replace'); }, [go]);
  if (data === undefined || places.length === 0) return null;
  return (
    <section className="card map-card" aria-label={t('detail.map')}>
      <StreetMap
        label={t('registry.mapLabel')}
        ground={ground}
        surface={null}
        points={noPoints}
        facilities={places}
        reach={null}
        selected={state.row}
        onSelect={(row) => { if (row !== '') go({ row }); }}
        onHover={nothing}
        nearest={null}
        picking={false}
        candidate={null}
        onPick={nothing}
        place={state.map}
        onPlace={onPlace}
        describe={describe}
      />
      {data.unplaced + data.left > 0 && <p className="muted">{t('registry.notOnMap', { unplaced: data.unplaced, left: data.left })}</p>}
    </section>
  );
}
