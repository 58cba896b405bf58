import { useTranslation } from 'react-i18next';
import { formatNumber } from '../lib/format';
import { streetGroups, type StreetGroup, type StreetLayer } from '../lib/street-layer';
import { FacilityEntry } from './FacilityEntry';
import { symbols } from './symbols';

/** As the shader breaks the lines: what fails is broken, the farther the shorter. */
const strokes: Record<StreetGroup, string | undefined> = { near: undefined, within: undefined, beyond: '12 3', far: '6 3', unreachable: '3 3' };

/** What the colours of the streets mean, in words, with how long the streets of each are. */
export function StreetLegend({ streets, facilities }: { streets: StreetLayer | undefined; facilities: number }) {
  const { t } = useTranslation();
  if (streets === undefined) return null;
  const [half, whole, more] = streets.breaks.map((at) => formatNumber(at, 0));
  const breaks = { half: half ?? '', whole: whole ?? '', more: more ?? '' };
  return (
    <ul className="legend">
      {streetGroups
        .filter((group) => streets.lengths[group] > 0)
        .map((group) => (
          <li key={group}>
            <svg viewBox="0 0 28 16" width="28" height="16" aria-hidden="true">
              <path d="M1 8H27" stroke={symbols[group].fill} strokeWidth="4" strokeDasharray={strokes[group]} />
            </svg>
            <span>{t(`legend.street.${group}`, breaks)}</span>
            <span className="number">{t('legend.kilometres', { length: formatNumber(streets.lengths[group] / 1000, 1) })}</span>
          </li>
        ))}
      <FacilityEntry count={facilities} />
      <li className="legend-note">{t('legend.streetNote')}</li>
    </ul>
  );
}
