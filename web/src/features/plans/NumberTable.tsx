import type { PlanNumber } from '../../api/plans';
import { numberKey } from '../../lib/plan-numbers';
import { codeText } from '../../locales/codes';
import { ScrollRegion } from '../../components/ScrollRegion';
import { StepLink } from '../../components/StepLink';
import { Tag } from '../../components/Tag';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { useNumberTexts } from './useNumberTexts';

/** The numbers of a package with source and status, each a way to try another. */
export function NumberTable({ numbers, shell }: { numbers: readonly PlanNumber[]; shell: Shell }) {
  const { t, name } = useTexts();
  const { what, value } = useNumberTexts();
  if (numbers.length === 0) return <p className="empty">{t('plans.noNumbers')}</p>;
  return (
    <ScrollRegion label={t('plans.numbersOf')}>
      <table className="plain plan-numbers">
        <thead>
          <tr>
            <th scope="col">{t('table.clause')}</th>
            <th scope="col">{t('table.name')}</th>
            <th scope="col">{t('plans.number')}</th>
            <th scope="col" className="number">{t('plans.value')}</th>
            <th scope="col">{t('plans.status')}</th>
            <th scope="col">{t('plans.source')}</th>
            <th scope="col"><span className="visually-hidden">{t('plans.try')}</span></th>
          </tr>
        </thead>
        <tbody>
          {numbers.map((n) => {
            const key = numberKey(n);
            const latest = n.values[n.values.length - 1];
            return (
              <tr key={key}>
                <td className="clause">{n.clauses[0] ?? ''}</td>
                <th scope="row" className="wrap">
                  {name(n.name)}
                  {n.variant !== '' && <p className="muted">{[name(n.variant_name), n.chosen ? t('plans.counts') : ''].filter(Boolean).join(' · ')}</p>}
                </th>
                <td className="wrap what">{what(n)}</td>
                <td className="number">{value(n)}</td>
                <td className="status">{latest && <Tag kind={latest.status} label={codeText(t, 'targetStatus', latest.status)} />}</td>
                <td className="wrap source">{latest && name(latest.source)}</td>
                <td className="try">
                  {n.replaced_by === '' ? (
                    <StepLink href={shell.linkTo({ row: key })} onFollow={() => { shell.go({ row: key }); }} current={key === shell.state.row}>
                      {t('plans.try')}
                      <span className="visually-hidden"> {name(n.name)} {name(n.variant_name)} {what(n)}</span>
                    </StepLink>
                  ) : (
                    <span className="muted">{t('plans.replaced', { plan: n.replaced_by })}</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
