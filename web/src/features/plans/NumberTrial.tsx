import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { suppositionQuery, type PlanNumber } from '../../api/plans';
import { ApiError } from '../../api/problem';
import { createScenario, editScenario, scenarioQuery, scenariosQuery } from '../../api/scenarios';
import { formatNumber } from '../../lib/format';
import { randomId } from '../../lib/ids';
import { stepOfNumber } from '../../lib/plan-numbers';
import { codeText } from '../../locales/codes';
import { Field } from '../../components/Field';
import { StepLink } from '../../components/StepLink';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { MovedPromises } from './MovedPromises';
import { useNumberTexts } from './useNumberTexts';

/** How long somebody may type before it is tried, in milliseconds. */
const pause = 300;

/** Another value of a number: what it would change, as it is typed, and keeping it as a step of a scenario. */
export function NumberTrial({ number, shell }: { number: PlanNumber; shell: Shell }) {
  const { t, name, error: errorText } = useTexts();
  const { what, value: shown, unit } = useNumberTexts();
  const queries = useQueryClient();
  const now = number.values[number.values.length - 1]?.value ?? '';
  const [value, setValue] = useState(now);
  const [area, setArea] = useState(number.areas.length === 1 ? (number.areas[0] ?? '') : '');
  const [asked, setAsked] = useState({ value, area });
  useEffect(() => {
    const timer = setTimeout(() => { setAsked({ value, area }); }, pause);
    return () => { clearTimeout(timer); };
  }, [value, area]);
  const step = stepOfNumber(number, asked.value, asked.area);
  const tried = useQuery(suppositionQuery(shell.state.area, step));
  const answer = step === null || tried.error !== null ? undefined : tried.data;

  const scenario = useQuery(scenarioQuery(shell.state.scenario)).data;
  const open = scenario?.state === 'open' ? scenario : undefined;
  const keep = useMutation({
    mutationFn: () => {
      if (step === null) throw new Error('there is nothing to keep');
      if (open !== undefined) return editScenario(open, [{ do: 'append', step }], randomId());
      const called = `${name(number.name)} ${what(number)} ${now} → ${step.value}${unit(number)}`;
      return createScenario({ area: shell.state.area, name: called.slice(0, 200), steps: [step] }, randomId());
    },
    onSuccess: (kept) => {
      queries.setQueryData(scenarioQuery(kept.id).queryKey, kept);
      void queries.invalidateQueries({ queryKey: scenariosQuery.queryKey });
      shell.go({ scenario: kept.id }, 'replace');
    },
  });
  const kept = keep.data;
  const failed = step === null ? null : tried.error;
  const toMap = kept === undefined ? {} : ({ screen: 'map', indicator: number.object, scenario: kept.id } as const);
  const counties = shell.areas.filter(({ level }) => level === 'prefecture' || level === 'county');
  return (
    <section className="card plan-trial" aria-labelledby="number-trial">
      <h3 id="number-trial">{t('plans.trial', { name: name(number.name), number: what(number) })}</h3>
      <p className="muted">{t('plans.trialHint', { value: shown(number) })}</p>
      <form className="form" onSubmit={(event) => { event.preventDefault(); setAsked({ value, area }); }} noValidate>
        <Field label={unit(number) === '' ? t('plans.newValue') : t('plans.newValueIn', { unit: unit(number).trim() })} error={failed instanceof ApiError ? errorText(failed) : undefined}>
          {(wiring) => (
            <input {...wiring} name="plan-value" className="number" inputMode="decimal" autoComplete="off" value={value} onChange={(event) => { setValue(event.target.value); }} />
          )}
        </Field>
        <Field label={t('plans.whereFor')}>
          {(wiring) => (
            <select {...wiring} name="plan-area" value={area} onChange={(event) => { setArea(event.target.value); }}>
              <option value="">{t('plans.everywhere')}</option>
              {counties.map((county) => (
                <option key={county.code} value={county.code}>{name(county.name)}</option>
              ))}
            </select>
          )}
        </Field>
        <div className="button-row">
          <button type="button" className="primary" disabled={answer === undefined || keep.isPending} onClick={() => { keep.mutate(); }}>
            {open === undefined ? t('plans.keepNew') : t('plans.keepIn', { name: open.name })}
          </button>
          <button type="button" onClick={() => { shell.go({ row: '' }); }}>{t('plans.close')}</button>
        </div>
      </form>
      {failed instanceof ApiError && <p className="muted" lang="en">{failed.detail}</p>}
      {failed !== null && !(failed instanceof ApiError) && <p className="form-error" role="alert">{failed.message}</p>}
      {keep.error && <p className="form-error" role="alert">{errorText(keep.error)}</p>}
      {kept && (
        <p role="status">
          {t('plans.kept', { name: kept.name })}{' '}
          <StepLink href={shell.linkTo(toMap)} onFollow={() => { shell.go(toMap); }} current={false}>{t('plans.openMap')}</StepLink>
        </p>
      )}
      <div role="status" aria-busy={tried.isFetching}>
        {answer === undefined ? (
          <p className="muted">{t(failed === null && step === null ? 'plans.same' : failed === null ? 'try.running' : 'plans.notTried')}</p>
        ) : (
          <>
            {answer.warnings.map((w) => (
              <p key={w.message} className="warning">
                {codeText(t, 'error', w.code, { fallback: w.code })} <span lang="en">{w.message}</span>
              </p>
            ))}
            <p>
              <b>{t('try.gained', { people: formatNumber(answer.people.gained) })}</b> · {t('try.lost', { people: formatNumber(answer.people.lost) })}
              <span className="muted"> · {t('try.engine', { ms: formatNumber(answer.engine_ms, 1) })}</span>
            </p>
            <MovedPromises effects={answer.results} shell={shell} />
          </>
        )}
      </div>
    </section>
  );
}
