import { useState, type SubmitEvent } from 'react';
import type { Edit } from '../../api/scenarios';
import { Field } from '../../components/Field';
import { nameOfWord } from '../../lib/names';
import { emptyStep, isPlaced, stepKinds, stepOf, type MarkedPlace, type StepFaults } from '../../lib/steps';
import { StepLink } from '../../components/StepLink';
import { useDraft } from '../../state/useDraft';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import type { ScenarioWork } from './useScenario';

interface Props {
  work: ScenarioWork;
  shell: Shell;
  kinds: readonly string[];
  places: readonly MarkedPlace[];
}

const amounts = ['places', 'beds'] as const;

/** Everything a drag does, and what no drag can do, as a form. */
export function StepForm({ work, shell, kinds, places }: Props) {
  const { t, name } = useTexts();
  const { draft, change, clear } = useDraft(`step.${shell.state.area}`, emptyStep);
  const [faults, setFaults] = useState<StepFaults>({});
  const filled = { ...draft, kind: draft.kind || (kinds[0] ?? '') };
  const read = (): Edit | null => {
    const answer = stepOf(filled, `${shell.state.period.slice(0, 4)}-01-01`);
    if ('faults' in answer) {
      setFaults(answer.faults);
      return null;
    }
    setFaults({});
    return { do: 'append', step: answer.step };
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const edit = read();
    if (edit !== null) work.attempt(edit);
  };
  const faultOf = (field: keyof StepFaults) => {
    const fault = faults[field];
    if (fault === undefined) return undefined;
    if (fault === 'degrees') return t('field.degrees', field === 'lon' || field === 'toLon' ? { min: -180, max: 180 } : { min: -85, max: 85 });
    return t(fault === 'number' ? 'scenario.wantNumber' : 'field.required');
  };
  const place = (field: 'id' | 'into', label: string) => (
    <Field label={label} error={faultOf(field)}>
      {(wiring) => (
        <select {...wiring} name={`step-${field}`} value={draft[field]} onChange={(event) => { change({ [field]: event.target.value }); }}>
          <option value="">{t('scenario.choosePlace')}</option>
          {places.filter(({ id, mark }) => mark !== 'closed' || id === draft[field]).map((known) => (
            <option key={known.id} value={known.id}>{`${known.name} · ${known.id}`}</option>
          ))}
        </select>
      )}
    </Field>
  );
  const text = (field: 'name' | 'lon' | 'lat' | 'amount' | 'premises' | 'people' | 'toLon' | 'toLat', label: string) => (
    <Field label={label} error={field === 'name' ? undefined : faultOf(field)}>
      {(wiring) => (
        <input
          {...wiring}
          name={`step-${field}`}
          autoComplete="off"
          {...(field === 'name' || field === 'premises' ? {} : { inputMode: 'decimal' as const, className: 'number' })}
          value={draft[field]}
          onChange={(event) => { change({ [field]: event.target.value }); }}
        />
      )}
    </Field>
  );
  const { op } = draft;
  const toPlans = { screen: 'admin', tab: 'plans' } as const;
  return (
    <section className="card step-form" aria-labelledby="step-title">
      <h3 id="step-title">{t('scenario.step')}</h3>
      <p className="muted">{t('scenario.hint')}</p>
      <form className="form" onSubmit={submit} noValidate>
        <Field label={t('scenario.what')}>
          {(wiring) => (
            <select {...wiring} name="step-op" value={op} onChange={(event) => { change({ op: event.target.value }); setFaults({}); }}>
              {stepKinds.map((kind) => (
                <option key={kind} value={kind}>{t(`scenario.op.${kind}`)}</option>
              ))}
            </select>
          )}
        </Field>
        {(op === 'move' || op === 'close' || op === 'merge' || op === 'change') && place('id', t('scenario.place'))}
        {op === 'convert' && text('premises', t('scenario.premises'))}
        {op === 'merge' && place('into', t('scenario.into'))}
        {(op === 'add' || op === 'convert') && (
          <Field label={t('try.kind')} error={faultOf('kind')}>
            {(wiring) => (
              <select {...wiring} name="step-kind" value={filled.kind} onChange={(event) => { change({ kind: event.target.value }); }}>
                {kinds.map((kind) => (
                  <option key={kind} value={kind}>{nameOfWord(shell.plan.kinds, kind, name)}</option>
                ))}
              </select>
            )}
          </Field>
        )}
        {(op === 'add' || op === 'estate' || op === 'convert') && text('name', t('try.name'))}
        {op === 'estate' && text('people', t('scenario.residents'))}
        {isPlaced(op) && text('lon', t('try.lon'))}
        {isPlaced(op) && text('lat', t('try.lat'))}
        {op === 'new_street' && text('toLon', t('scenario.toLon'))}
        {op === 'new_street' && text('toLat', t('scenario.toLat'))}
        {op === 'change' && (
          <Field label={t('scenario.amountOf')}>
            {(wiring) => (
              <select {...wiring} name="step-field" value={draft.field} onChange={(event) => { change({ field: event.target.value }); }}>
                {amounts.map((field) => (
                  <option key={field} value={field}>{t(`scenario.field.${field}`)}</option>
                ))}
              </select>
            )}
          </Field>
        )}
        {op === 'change' && text('amount', t('scenario.amount'))}
        <div className="button-row">
          <button type="submit">{t('try.run')}</button>
          <button
            type="button"
            className="primary"
            disabled={work.busy || (work.scenario !== undefined && !work.writable)}
            onClick={() => {
              const edit = work.trial ?? read();
              if (edit !== null) work.keep(edit, clear);
            }}
          >
            {t(work.scenario === undefined ? 'scenario.keepNew' : 'scenario.keep')}
          </button>
          {work.trial !== null && <button type="button" onClick={work.abandon}>{t('scenario.drop')}</button>}
        </div>
      </form>
      <p>
        <StepLink href={shell.linkTo(toPlans)} onFollow={() => { shell.go(toPlans); }} current={false} className="alone">{t('scenario.numbers')}</StepLink>
      </p>
    </section>
  );
}
