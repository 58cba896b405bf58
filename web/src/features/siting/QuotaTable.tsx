import { faultOfQuota, quotaAreas, readQuotas, withQuota } from '../../lib/quotas';
import { ScrollRegion } from '../../components/ScrollRegion';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

interface Props {
  value: string;
  onChange: (value: string) => void;
  shell: Shell;
}

/** At least and at most so many new places in each part of the area. */
export function QuotaTable({ value, onChange, shell }: Props) {
  const { t, name } = useTexts();
  const areas = quotaAreas(shell.areas, shell.state.area);
  const quotas = new Map(readQuotas(value).map((quota) => [quota.area, quota]));
  if (areas.length < 2) return null;
  const cell = (area: (typeof areas)[number], bound: 'least' | 'most') => {
    const quota = quotas.get(area.code) ?? { area: area.code, least: '', most: '' };
    const fault = faultOfQuota(quota);
    return (
      <td className="number">
        <input
          name={`${bound}-${area.code}`}
          className="number"
          inputMode="numeric"
          autoComplete="off"
          size={4}
          aria-label={`${name(area.name)} ${t(`siting.quota.${bound}`)}`}
          aria-invalid={fault === undefined ? undefined : true}
          aria-describedby={fault === undefined ? undefined : `quota-${area.code}`}
          value={quota[bound]}
          onChange={(event) => { onChange(withQuota(value, { ...quota, [bound]: event.target.value })); }}
        />
        {bound === 'most' && fault !== undefined && (
          <span id={`quota-${area.code}`} className="field-error">{t(`siting.quota.${fault}`)}</span>
        )}
      </td>
    );
  };
  return (
    <details className="wide" open={value !== ''}>
      <summary>{t('siting.quota.title', { count: quotas.size })}</summary>
      <ScrollRegion label={t('siting.quota.table')}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('registry.area')}</th>
              <th scope="col" className="number">{t('siting.quota.least')}</th>
              <th scope="col" className="number">{t('siting.quota.most')}</th>
            </tr>
          </thead>
          <tbody>
            {areas.map((area) => (
              <tr key={area.code}>
                <th scope="row">{name(area.name)}</th>
                {cell(area, 'least')}
                {cell(area, 'most')}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </details>
  );
}
