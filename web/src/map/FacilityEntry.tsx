import { useTranslation } from 'react-i18next';
import { formatNumber } from '../lib/format';
import { facilityColour } from './symbols';

/** The places in the legend of a map. */
export function FacilityEntry({ count }: { count: number }) {
  const { t } = useTranslation();
  return (
    <li>
      <svg viewBox="-8 -8 16 16" width="16" height="16" aria-hidden="true">
        <rect x="-5" y="-5" width="10" height="10" fill={facilityColour} />
      </svg>
      <span>{t('legend.facility')}</span>
      <span className="number">{formatNumber(count)}</span>
    </li>
  );
}
