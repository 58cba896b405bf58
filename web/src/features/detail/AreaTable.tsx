import { useQuery } from '@tanstack/react-query';
import { rankingQuery } from '../../api/queries';
import { formatLack } from '../../lib/format';
import type { UrlState } from '../../lib/url-state';
import { codeText } from '../../locales/codes';
import { StateMark } from '../../components/StateMark';
import { StepLink } from '../../components/StepLink';
import { useTexts } from '../texts';

interface Props {
  area: string;
  period: string;
  indicator: string;
  variant: string;
  onStep: (step: Partial<UrlState>) => void;
  linkTo: (step: Partial<UrlState>) => string;
}

/** The same promise in the areas below, the largest gap first. */
export function AreaTable({ area, period, indicator, variant, onStep, linkTo }: Props) {
  const { t, name, value, unitOf } = useTexts();
  const { data } = useQuery(rankingQuery({ indicator, area, period, variant }));
  const rows = (data?.results ?? []).toSorted((a, b) => (b.gap ?? -Infinity) - (a.gap ?? -Infinity));
  if (rows.length === 0) return null;
  return (
    <section className="card">
      <h3>{t('areas.title')}</h3>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('areas.area')}</th>
            <th scope="col">{t('table.state')}</th>
            <th scope="col" className="number">
              {t('table.value')} <span className="unit">{rows[0] && unitOf(rows[0])}</span>
            </th>
            <th scope="col" className="number">
              {t('table.gap')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.area}>
              <th scope="row">
                <StepLink href={linkTo({ area: row.area })} onFollow={() => { onStep({ area: row.area }); }} current={false}>
                  {name(row.area_name)}
                </StepLink>
              </th>
              <td>
                <StateMark state={row.state} label={codeText(t, 'state', row.state)} />
              </td>
              <td className="number">{value(row)}</td>
              <td className="number">{row.gap === null ? '—' : row.gap > 0 ? formatLack(row.gap) : t('table.noGap')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
