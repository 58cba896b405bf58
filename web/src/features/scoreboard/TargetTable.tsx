import type { ReactNode } from 'react';
import type { Result } from '../../api/types';
import { formatLack, formatNumber } from '../../lib/format';
import { groupPledges, isTarget, matches, type Pledge } from '../../lib/scoreboard';
import { formatSlot, slotsOfReason } from '../../lib/slots';
import { codeText } from '../../locales/codes';
import { StateMark } from '../../components/StateMark';
import { StepLink } from '../../components/StepLink';
import { Tag } from '../../components/Tag';
import { Spark } from '../trend/Spark';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

interface Props {
  results: readonly Result[];
  /** Id of the promise that is shown beside the table. */
  selected: string;
  shell: Shell;
}

const columns = ['clause', 'name', 'trend', 'state', 'value', 'target', 'gap', 'provenance'] as const;

/** Every promise in one row, by the reading that counts; those without a number to reach stand apart. */
export function TargetTable({ results, selected, shell }: Props) {
  const { t, name } = useTexts();
  const { state } = shell;
  const found = groupPledges(results).filter(
    ({ counts }) =>
      (state.state === '' || counts.state === state.state) &&
      (state.owner === '' || counts.owner.zh === state.owner) &&
      matches(state.words, [counts.clause, counts.name.zh, counts.name.en, counts.indicator]),
  );
  const rows = (group: readonly Pledge<Result>[]) => (
    <tbody role="rowgroup">
      {group.map(({ indicator, counts, readings }) => (
        <TargetRow key={indicator} result={counts} several={readings.length > 1} selected={indicator === selected} shell={shell} />
      ))}
    </tbody>
  );
  const targets = found.filter(({ counts }) => isTarget(counts));
  const watched = found.filter(({ counts }) => !isTarget(counts));
  return (
    <>
      {found.length === 0 && <p className="empty">{t('table.nothing')}</p>}
      {targets.length > 0 && <Sheet caption={t('table.caption')}>{rows(targets)}</Sheet>}
      {watched.length > 0 && (
        <details className="watched" open={targets.length === 0 || watched.some(({ indicator }) => indicator === selected)}>
          <summary>
            {t('table.watched', { count: watched.length })}
            <span className="muted"> {watched.slice(0, 3).map(({ counts }) => name(counts.name)).join(t('table.comma'))}…</span>
          </summary>
          <Sheet caption={t('table.watchedCaption')}>{rows(watched)}</Sheet>
        </details>
      )}
    </>
  );
}

/** The table with its heading; the phone's layout is blocks, so its roles are said aloud. */
function Sheet({ caption, children }: { caption: string; children: ReactNode }) {
  const { t } = useTexts();
  return (
    <table className="targets" role="table">
      <caption className="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col" className={`col-${column}`}>
              {t(`table.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      {children}
    </table>
  );
}

interface RowProps {
  result: Result;
  /** The text has other readings, shown beside the table. */
  several: boolean;
  selected: boolean;
  shell: Shell;
}

function TargetRow({ result, several, selected, shell }: RowProps) {
  const { t, name, value, target, unitOf, source } = useTexts();
  const step = { indicator: result.indicator, variant: result.variant };
  const bound = result.target_bound === '' ? '' : t(`bound.${result.target_bound}`);
  const classes = ['row-main', selected ? 'row-selected' : '', `row-${result.state}`];
  return (
    <tr role="row" className={classes.join(' ').trim()}>
      <td role="cell" className="col-clause number">
        {result.clause}
      </td>
      <th role="rowheader" scope="row" className="col-name" title={name(result.name)}>
        <StepLink href={shell.linkTo(step)} onFollow={() => { shell.go(step); }} current={selected}>
          {name(result.name)}
          {several && <span className="variant">{name(result.variant_name)}</span>}
        </StepLink>
      </th>
      <td role="cell" className="col-trend">
        <Spark result={result} />
      </td>
      <td role="cell" className="col-state">
        <StateMark state={result.state} label={codeText(t, 'state', result.state)} />
      </td>
      <td role="cell" className="col-value number">
        <span className="label-phone">{t('table.value')}</span> {result.value === null && result.reported !== null ? (
          <span className="muted" title={t('detail.reportedBy', { source: source(result.reported.source) })}>
            {formatNumber(result.reported.value, 4)}{' '}
            <span className="unit">
              {unitOf(result)} · {result.reported.period}
              <span className="visually-hidden"> {t('table.reported')}</span>
            </span>
          </span>
        ) : (
          <>
            <b>{value(result)}</b> <span className="unit">{result.value === null ? '' : unitOf(result)}</span>
          </>
        )}
      </td>
      <td role="cell" className="col-target number">
        <span className="label-phone">{t('table.target')}</span>{' '}
        {result.target !== null && (
          <>
            {`${bound}\u00a0${target(result)}`} <span className="unit">{unitOf(result)}</span>
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
        <NoDataCell result={result} reason={result.reason} shell={shell} />
      ) : (
        <>
          <td role="cell" className="col-gap number">
            <span className="label-phone">{t('table.gap')}</span>{' '}
            {result.gap === null ? '—' : result.gap > 0 ? formatLack(result.gap) : t('table.noGap')}
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

function NoDataCell({ result, reason, shell }: Pick<RowProps, 'result' | 'shell'> & { reason: { code: string; what: string } }) {
  const { t } = useTexts();
  const [slot] = slotsOfReason(reason, result);
  const step = slot && { screen: 'indicator' as const, indicator: result.indicator, variant: result.variant, element: formatSlot(slot) };
  return (
    <td role="cell" className="col-reason" colSpan={2}>
      <span title={`${codeText(t, 'reason', reason.code)} ${reason.what}`}>{codeText(t, 'reason', reason.code)}</span>
      {step && (
        <StepLink href={shell.linkTo(step)} onFollow={() => { shell.go(step); }} current={false} className="enter">
          {t('table.enter')}
          <span className="visually-hidden"> {reason.what}</span>
        </StepLink>
      )}
    </td>
  );
}
