import type { Result } from '../../api/types';
import { formatLack } from '../../lib/format';
import { groupPledges } from '../../lib/scoreboard';
import { formatSlot, slotsOfReason } from '../../lib/slots';
import type { UrlState } from '../../lib/url-state';
import { codeText } from '../../locales/codes';
import { StateMark } from '../../components/StateMark';
import { StepLink } from '../../components/StepLink';
import { Tag } from '../../components/Tag';
import { useTexts } from '../texts';

interface Props {
  results: readonly Result[];
  selected: { indicator: string; variant: string };
  onStep: (step: Partial<UrlState>) => void;
  linkTo: (step: Partial<UrlState>) => string;
}

const columns = ['clause', 'name', 'state', 'value', 'target', 'gap', 'period', 'provenance'] as const;

/** Every promise with a measure: one row each, and one more for every other reading of its text. */
export function TargetTable({ results, selected, onStep, linkTo }: Props) {
  const { t } = useTexts();
  return (
    <table className="targets" role="table">
      <caption className="visually-hidden">{t('table.caption')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col" className={`col-${column}`}>
              {t(`table.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      {groupPledges(results).map(({ indicator, counts, readings }) => (
        <tbody key={indicator} role="rowgroup">
          {[counts, ...readings.filter((reading) => reading !== counts)].map((result) => (
            <TargetRow
              key={result.variant}
              result={result}
              main={result === counts}
              several={readings.length > 1}
              selected={indicator === selected.indicator && result.variant === selected.variant}
              onStep={onStep}
              linkTo={linkTo}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

interface RowProps {
  result: Result;
  /** The reading that counts stands first; others stand below it. */
  main: boolean;
  several: boolean;
  selected: boolean;
  onStep: Props['onStep'];
  linkTo: Props['linkTo'];
}

function TargetRow({ result, main, several, selected, onStep, linkTo }: RowProps) {
  const { t, name, value, target, unitOf } = useTexts();
  const step = { indicator: result.indicator, variant: result.variant };
  const bound = result.target_bound === '' ? '' : t(`bound.${result.target_bound}`);
  const classes = [main ? 'row-main' : 'row-variant', selected ? 'row-selected' : '', `row-${result.state}`];
  return (
    <tr role="row" className={classes.join(' ').trim()}>
      <td role="cell" className="col-clause number">
        {main ? result.clause : ''}
      </td>
      <th role="rowheader" scope="row" className="col-name">
        <StepLink href={linkTo(step)} onFollow={() => { onStep(step); }} current={selected}>
          {main ? name(result.name) : <span className="visually-hidden">{name(result.name)}: </span>}
          {several && <span className="variant">{name(result.variant_name)}</span>}
        </StepLink>
        {several && result.chosen && <Tag kind="chosen" label={t('table.chosen')} />}
        {several && !result.chosen && <span className="visually-hidden">{t('table.other')}</span>}
      </th>
      <td role="cell" className="col-state">
        <StateMark state={result.state} label={codeText(t, 'state', result.state)} />
      </td>
      <td role="cell" className="col-value number">
        <span className="label-phone">{t('table.value')}</span> <b>{value(result)}</b>{' '}
        <span className="unit">{result.value === null ? '' : unitOf(result)}</span>
      </td>
      <td role="cell" className="col-target number">
        <span className="label-phone">{t('table.target')}</span>{' '}
        {result.target !== null && (
          <>
            {bound} {target(result)} <span className="unit">{unitOf(result)}</span>
            {result.target_status !== '' && (
              <Tag
                kind={result.target_status}
                label={codeText(t, 'targetStatus', result.target_status)}
                title={`${result.target_year}`}
              />
            )}
          </>
        )}
      </td>
      {result.value === null && result.reason !== null ? (
        <NoDataCell result={result} reason={result.reason} onStep={onStep} linkTo={linkTo} />
      ) : (
        <>
          <td role="cell" className="col-gap number">
            <span className="label-phone">{t('table.gap')}</span>{' '}
            {result.gap === null ? '—' : result.gap > 0 ? formatLack(result.gap) : t('table.noGap')}
          </td>
          <td role="cell" className="col-period number">
            {result.period}
          </td>
          <td role="cell" className="col-provenance">
            {result.provenance !== '' && (
              <Tag kind={result.provenance} label={codeText(t, 'provenance', result.provenance)} />
            )}
          </td>
        </>
      )}
    </tr>
  );
}

function NoDataCell({ result, reason, onStep, linkTo }: Pick<RowProps, 'result' | 'onStep' | 'linkTo'> & { reason: { code: string; what: string } }) {
  const { t } = useTexts();
  const [slot] = slotsOfReason(reason, result);
  const step = slot && { indicator: result.indicator, variant: result.variant, element: formatSlot(slot) };
  return (
    <td role="cell" className="col-reason" colSpan={3}>
      <span title={reason.what}>{codeText(t, 'reason', reason.code)}</span>
      {step && (
        <StepLink href={linkTo(step)} onFollow={() => { onStep(step); }} current={false} className="enter">
          {t('table.enter')}
          <span className="visually-hidden"> {reason.what}</span>
        </StepLink>
      )}
    </td>
  );
}
