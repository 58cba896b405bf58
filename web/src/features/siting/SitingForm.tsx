import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { jobsQuery, preflightQuery, runSiting, type SitingCase } from '../../api/jobs';
import type { Result } from '../../api/types';
import { formatNumber } from '../../lib/format';
import { nameOfWord } from '../../lib/names';
import { askOf, emptySiting, findSitingFaults, type SitingFault } from '../../lib/siting-ask';
import { codeText } from '../../locales/codes';
import { Field } from '../../components/Field';
import { Tag } from '../../components/Tag';
import { useDraft } from '../../state/useDraft';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { QuotaTable } from './QuotaTable';

interface Props {
  /** The promises that places can serve, the most lacking first. */
  promises: readonly Result[];
  result: Result;
  shell: Shell;
}

/** The question for places in steps: the goal in words, whom it serves, candidates, limits. */
export function SitingForm({ promises, result, shell }: Props) {
  const { t, name, target, unitOf, error: errorText } = useTexts();
  const { state, go } = shell;
  const queries = useQueryClient();
  const { draft, change } = useDraft(`siting ${state.area}`, emptySiting);
  const [asked, setAsked] = useState(false);
  const faults = findSitingFaults(draft);
  const ask = askOf(draft, { area: state.area, indicator: result.indicator, variant: result.variant });
  const checked = useQuery({ ...preflightQuery(ask), enabled: Object.keys(faults).length === 0 });
  const run = useMutation({
    mutationFn: () => runSiting(ask),
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: jobsQuery.queryKey });
      go({ row: job.id });
    },
  });
  const fault = (field: string) => {
    const found: SitingFault | undefined = asked ? faults[field] : undefined;
    return found === undefined ? undefined : t(`siting.fault.${found}`);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (checked.error) void checked.refetch(); // the server may be back
    if (Object.keys(faults).length === 0) run.mutate();
  };
  const kinds = kindsOf(checked.data);
  const number = (field: 'p' | 'budget' | 'cost' | 'floor' | 'seconds' | 'close' | 'leastServed' | 'besideMetres', label: string, hint = '') => (
    <Field label={label} hint={hint} error={fault(field)}>
      {(wiring) => (
        <input {...wiring} name={field} inputMode="decimal" autoComplete="off" className="number" value={draft[field]} onChange={(event) => { change({ [field]: event.target.value }); }} />
      )}
    </Field>
  );
  return (
    <form className="card siting-form" onSubmit={submit} noValidate>
      <h2>{t('nav.siting')}</h2>
      <h3>1 · {t('siting.goal')}</h3>
      <select
        name="promise"
        aria-label={t('siting.goal')}
        value={result.indicator}
        onChange={(event) => { go({ indicator: event.target.value, row: '' }); }}
      >
        {promises.map((promise) => (
          <option key={promise.indicator} value={promise.indicator}>
            {promise.clause} {name(promise.name)} · {codeText(t, 'state', promise.state)}
          </option>
        ))}
      </select>
      <p className="goal">
        {t('siting.sentence', {
          name: name(result.name),
          target: result.target === null ? '' : `${result.target_bound === '' ? '' : t(`bound.${result.target_bound}`)} ${target(result)} ${unitOf(result)}`,
        })}
      </p>
      <h3>2 · {t('siting.whom')}</h3>
      {checked.error ? (
        <p className="form-error" role="alert">
          {errorText(checked.error)}
        </p>
      ) : (
        checked.data && <Whom found={checked.data} />
      )}
      <h3>3 · {t('siting.where')}</h3>
      <div className="form">
        <fieldset className="choices wide">
          <legend>{t('siting.candidates')}</legend>
          {(['both', 'premises', 'points'] as const).map((where) => (
            <label key={where} className="check">
              <input type="radio" name="candidates" value={where} checked={draft.candidates === where} onChange={() => { change({ candidates: where }); }} />
              {t(`siting.from.${where}`)}
            </label>
          ))}
        </fieldset>
        {kinds.length > 1 && (
          <Field label={t('siting.kind')}>
            {(wiring) => (
              <select {...wiring} name="kind" value={draft.kind || checked.data?.kind || ''} onChange={(event) => { change({ kind: event.target.value }); }}>
                {kinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {nameOfWord(shell.plan.kinds, kind, name)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
      <h3>4 · {t('siting.limits')}</h3>
      <div className="form">
        {number('p', t('siting.p'))}
        {number('budget', t('siting.budget'), t('siting.budgetHint'))}
        {number('cost', t('siting.cost'))}
        {number('floor', t('siting.floor'), t('siting.floorHint'))}
        {number('seconds', t('siting.seconds'), t('siting.secondsHint'))}
        <label className="check">
          <input type="checkbox" name="fairest" checked={draft.fairest} onChange={(event) => { change({ fairest: event.target.checked }); }} />
          {t('siting.fairest')}
        </label>
        {number('close', t('siting.close'), t('siting.closeHint'))}
        {number('leastServed', t('siting.leastServed'), t('siting.leastServedHint'))}
        <Field label={t('siting.beside')}>
          {(wiring) => (
            <select {...wiring} name="beside" value={draft.beside} onChange={(event) => { change({ beside: event.target.value }); }}>
              <option value="">{t('siting.besideNone')}</option>
              {shell.plan.kinds.map((kind) => (
                <option key={kind.id} value={kind.id}>{name(kind.name)}</option>
              ))}
            </select>
          )}
        </Field>
        {draft.beside !== '' && number('besideMetres', t('siting.besideMetres'), t('siting.besideHint'))}
        <QuotaTable value={draft.quotas} onChange={(quotas) => { change({ quotas }); }} shell={shell} />
      </div>
      {run.error && (
        <p className="form-error" role="alert">
          {t('field.refused')} {errorText(run.error)}
        </p>
      )}
      <div className="actions">
        <button type="submit" className="primary" disabled={run.isPending}>
          {t('siting.run')}
        </button>
      </div>
    </form>
  );
}

/** The kinds that would serve, where the plan leaves the choice. */
function kindsOf(found: SitingCase | undefined): string[] {
  const note = found?.notes.find(({ code }) => code === 'kind_chosen');
  const of: unknown = note?.args?.['of'];
  return Array.isArray(of) ? of.filter((kind) => typeof kind === 'string') : found === undefined ? [] : [found.kind];
}

function Whom({ found }: { found: SitingCase }) {
  const { t, name, unit } = useTexts();
  const offered = Object.values(found.candidates).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <p role="status">
        {t('siting.need', { need: formatNumber(found.need), unit: codeText(t, 'unit', found.unit, { fallback: unit(found.unit) }) })}{' '}
        {t('siting.standing', { standing: formatNumber(found.standing) })}{' '}
        {t('siting.offered', { offered: formatNumber(offered), kind: name(found.kind_name) })}{' '}
        {found.provenance !== '' && <Tag kind={found.provenance} label={codeText(t, 'provenance', found.provenance)} />}
      </p>
      {found.costs.basis !== '' && (
        <p className="muted">
          {t('siting.costs', { site: formatNumber(found.costs.site_yuan), unit: formatNumber(found.costs.unit_yuan), source: found.costs.source ? name(found.costs.source) : found.costs.basis })}
        </p>
      )}
    </>
  );
}
