import { useState } from 'react';
import type { Explanation } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { pageOf } from '../../lib/pages';
import { codeText } from '../../locales/codes';
import { Pager } from '../../components/Pager';
import { useTexts } from '../texts';

const pageSize = 12;

/** The rows that decide a result which is not about places: counties, townships, facilities. */
export function DecidingRows({ explanation }: { explanation: Explanation }) {
  const { t } = useTexts();
  const [page, setPage] = useState(0);
  const rows = explanation.rows;
  const shown = { total: formatNumber(explanation.rows_total), shown: formatNumber(rows.length) };
  return (
    <section className="card on-screen">
      <h3>{t('points.decisive')}</h3>
      <p className="muted">{t('points.decisiveMore', shown)}</p>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('points.name')}</th>
            <th scope="col">{t('points.verdict')}</th>
            <th scope="col" className="number">
              {t('points.deficit')}
            </th>
            <th scope="col">{t('points.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {pageOf(rows, page, pageSize).map((row) => (
            <tr key={row.id}>
              <th scope="row" className="wrap">
                {row.name || row.id} <span className="muted">{codeText(t, 'register', row.register)}</span>
              </th>
              <td>{codeText(t, 'verdict', row.verdict)}</td>
              <td className="number">{row.deficit === null ? '—' : formatNumber(row.deficit)}</td>
              <td className="wrap">{row.reason && codeText(t, 'reason', row.reason.code)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pager total={rows.length} page={page} size={pageSize} onPage={setPage} />
    </section>
  );
}
