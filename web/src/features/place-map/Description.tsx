import { formatNumber } from '../../lib/format';
import { beyondText, wayText } from '../../lib/nearness';
import { codeText } from '../../locales/codes';
import { nameOfWord, type Word } from '../../lib/names';
import { useTexts } from '../texts';
import type { PlaceLayer } from './usePlaceLayer';

/** What a point or facility on the map is, in words. */
export function Description({ id, data, kinds }: { id: string; data: PlaceLayer; kinds: readonly Word[] }) {
  const { t, name } = useTexts();
  const facility = data.facilityOf.get(id);
  if (facility) {
    const served = data.servedOf.get(id);
    return (
      <>
        <b>{facility.name || t('why.unnamed')}</b>
        <span>
          {nameOfWord(kinds, facility.kind, name)} · {id}
        </span>
        {served !== undefined && <span>{t('map.serves', { people: formatNumber(served) })}</span>}
        <span>{codeText(t, 'provenance', facility.provenance)}</span>
      </>
    );
  }
  const point = data.pointOf.get(id);
  if (point === undefined) return null;
  const { reach = null, speed = null, timed = false } = data.layer.data ?? {};
  const { nearest } = point;
  return (
    <>
      <b>{id}</b>
      <span>
        {t('map.people', { people: formatNumber(point.people) })} · {codeText(t, 'verdict', point.verdict)}
      </span>
      <span>
        {point.way === null
          ? t(point.verdict === 'no_data' ? 'verdict.no_data' : timed ? 'map.notReached' : 'map.unreachable')
          : wayText(t, point.way, { timed, speed })}
      </span>
      {point.verdict === 'fail' && point.way !== null && (
        <span>{reach !== null && point.way > reach ? beyondText(t, point.way, reach, timed) : t('map.otherwise')}</span>
      )}
      {nearest && <span>{t('map.nearest', { name: nearest.name || [nameOfWord(kinds, nearest.kind, name), nearest.id].filter(Boolean).join(' · ') })}</span>}
    </>
  );
}
