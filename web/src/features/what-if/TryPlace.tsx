import type { SubmitEvent } from 'react';
import type { Result } from '../../api/types';
import { nameOfWord } from '../../lib/names';
import { Field } from '../../components/Field';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { EffectsPanel } from './EffectsPanel';
import type { Trial } from './useTrial';

interface Props {
  trial: Trial;
  shell: Shell;
  kinds: readonly string[];
  results: readonly Result[];
}

const limits = { lon: 180, lat: 85 };

/** The form of a place to try, and before and after. */
export function TryPlace({ trial, shell, kinds, results }: Props) {
  const { t, name, error: errorText } = useTexts();
  const { draft, change, faults } = trial;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    trial.submit();
  };
  const degrees = (axis: 'lon' | 'lat') => (
    <Field
      label={t(`try.${axis}`)}
      error={faults[axis] && t('field.degrees', { min: -limits[axis], max: limits[axis] })}
    >
      {(wiring) => (
        <input
          {...wiring}
          name={axis}
          inputMode="decimal"
          autoComplete="off"
          className="number"
          value={draft[axis]}
          onChange={(event) => { change({ [axis]: event.target.value }); }}
        />
      )}
    </Field>
  );
  return (
    <section className="card try-place" aria-labelledby="try-title">
      <div className="card-head">
        <h3 id="try-title">{t('try.title')}</h3>
        {trial.tried && (
          <button type="button" onClick={trial.stop}>
            {t('try.stop')}
          </button>
        )}
      </div>
      <p className="muted">{t('try.hint')}</p>
      <form className="form" onSubmit={submit} noValidate>
        <Field label={t('try.name')}>
          {(wiring) => (
            <input {...wiring} name="name" value={draft.name} onChange={(event) => { change({ name: event.target.value }); }} />
          )}
        </Field>
        <Field label={t('try.kind')} error={faults.kind && t('field.required')}>
          {(wiring) =>
            kinds.length > 0 ? (
              <select {...wiring} name="kind" value={draft.kind} onChange={(event) => { change({ kind: event.target.value }); }}>
                {kinds.map((kind) => (
                  <option key={kind} value={kind}>
                    {nameOfWord(shell.plan.kinds, kind, name)}
                  </option>
                ))}
              </select>
            ) : (
              <input {...wiring} name="kind" value={draft.kind} onChange={(event) => { change({ kind: event.target.value }); }} />
            )
          }
        </Field>
        {degrees('lon')}
        {degrees('lat')}
        <button type="button" aria-pressed={trial.picking} onClick={() => { trial.setPicking(!trial.picking); }}>
          {t('try.onMap')}
        </button>
        <button type="submit">{t(trial.busy ? 'try.running' : 'try.run')}</button>
      </form>
      {trial.error && (
        <p className="form-error" role="alert">
          {t('field.refused')} {errorText(trial.error)}
        </p>
      )}
      {trial.whatIf && (
        <EffectsPanel whatIf={trial.whatIf} area={shell.state.area} results={results}>
          <button type="button" className="primary" disabled={trial.keeping} onClick={trial.keep}>
            {t(trial.keeping ? 'try.keeping' : 'try.keep')}
          </button>
        </EffectsPanel>
      )}
    </section>
  );
}
