import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { countGroups, type GroupedPoint, type MapGroup } from '../lib/map-groups';
import { formatNumber } from '../lib/format';
import { legendText } from '../lib/nearness';
import { FacilityEntry } from './FacilityEntry';
import { symbols } from './symbols';

interface Props {
  points: readonly GroupedPoint[];
  facilities: number;
  /** Metres, or seconds where the measure counts time, at which the classes meet. */
  breaks: readonly number[];
  timed: boolean;
}

/** What the shapes and shades mean, in words, with the people behind each. */
export const MapLegend = memo(function MapLegend({ points, facilities, breaks, timed }: Props) {
  const { t } = useTranslation();
  return (
    <ul className="legend">
      {countGroups(points).map(({ group, people, points: count }) => (
        <li key={group}>
          <GroupSymbol group={group} />
          <span>{legendText(t, group, { breaks, timed })}</span>
          <span className="number">{t('legend.count', { people: formatNumber(people), points: formatNumber(count) })}</span>
        </li>
      ))}
      <FacilityEntry count={facilities} />
      <li className="legend-note">{t(timed ? 'legend.timed.size' : 'legend.size')}</li>
    </ul>
  );
});

export function GroupSymbol({ group }: { group: MapGroup }) {
  const { shape, fill, stroke } = symbols[group];
  return (
    <svg viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true">
      {shape === 'circle' && <circle r="5.5" fill={fill} />}
      {shape === 'triangle' && <path d="M0-6.5 6.5 5.2-6.5 5.2Z" fill={fill} />}
      {shape === 'diamond' && <path d="M0-6.5 6.5 0 0 6.5-6.5 0ZM-3.2 3.2 3.2-3.2" fill={fill} stroke={stroke} strokeWidth="1.2" />}
      {shape === 'dot' && <circle r="2" fill={fill} />}
    </svg>
  );
}
