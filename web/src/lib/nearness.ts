// How far a place is, in the unit a reader counts in: metres, or minutes where the
// measure counts time and its ways are seconds.

import type { TFunction } from 'i18next';
import { formatLack, formatNumber } from './format';
import type { MapGroup } from './map-groups';

const secondsPerMinute = 60;

/** A number of the unit shown: a way sent in seconds is shown in minutes. */
export function shownWay(way: number, timed: boolean): string {
  return formatNumber(timed ? way / secondsPerMinute : way, 1);
}

/** How far the nearest place is; with a speed, also how long that takes. */
export function wayText(t: TFunction, way: number, { timed, speed }: { timed: boolean; speed: number | null }): string {
  if (timed) return t('map.travelMinutes', { minutes: shownWay(way, true) });
  const metres = t('map.metres', { metres: shownWay(way, false) });
  return speed === null ? metres : `${metres} · ${t('map.minutes', { minutes: formatNumber(way / speed, 1) })}`;
}

/** That a way is longer than is asked, and by how much. */
export function beyondText(t: TFunction, way: number, reach: number, timed: boolean): string {
  if (timed) return t('map.beyondMinutes', { reach: shownWay(reach, true), over: formatLack((way - reach) / secondsPerMinute, 1) });
  return t('map.beyond', { reach: formatNumber(reach), over: shownWay(way - reach, false) });
}

/** That a way is as short as is asked. */
export function withinText(t: TFunction, way: number, reach: number, timed: boolean): string {
  if (timed) return t('ways.withinMinutes', { reach: shownWay(reach, true), minutes: shownWay(way, true) });
  return t('ways.within', { reach: formatNumber(reach), metres: shownWay(way, false) });
}

/** What a class of points is, with the ways at which the classes meet. */
export function legendText(t: TFunction, group: MapGroup, { breaks, timed }: { breaks: readonly number[]; timed: boolean }): string {
  const [half = '', whole = '', more = ''] = breaks.map((at) => formatNumber(timed ? at / secondsPerMinute : at, timed ? 1 : 0));
  switch (group) {
    case 'near':
    case 'within':
    case 'beyond':
    case 'far':
    case 'unreachable':
      return timed ? t(`legend.timed.${group}`, { half, whole, more }) : t(`legend.${group}`, { half, whole, more });
    default:
      return t(`legend.${group}`);
  }
}
