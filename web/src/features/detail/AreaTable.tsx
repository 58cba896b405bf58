import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { rankingQuery } from '../../api/queries';
import type { Result } from '../../api/types';
import { formatLack } from '../../lib/format';
import { pageOf } from '../../lib/pages';
import { codeText } from '../../locales/codes';
import { Pager } from '../../components/Pager';
import { StateMark } from '../../components/StateMark';
import { StepLink } from '../../components/StepLink';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

interface Props {
  result: Result;
  shell: Shell;
}

const pageSize = 25;

/** The same promise in the areas below, the largest gap first. */
export function AreaTable({ result: { indicator, variant }, shell }: Props) {
  const { t, name, value, unitOf } = useTexts();
  const { go, linkTo } = shell;
  const { area, period, level } = shell.state;
  const [page, setPage] = useState(0);
  const { data } = useQuery(rankingQuery({ indicator, area, period, variant, level }));
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
          {pageOf(rows, page, pageSize).map((row) => (
            <tr key={row.area}>
              <th scope="row">
                <StepLink href={linkTo({ area: row.area })} onFollow={() => { go({ area: row.area }); }} current={false}>
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
      <Pager total={rows.length} page={page} size={pageSize} onPage={setPage} />
    </section>
  );
}
