import { useState, type SubmitEvent } from 'react';
import { Field } from '../../components/Field';
import { codeText } from '../../locales/codes';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import type { ScenarioWork } from './useScenario';

interface Props {
  work: ScenarioWork;
  shell: Shell;
  difference: boolean;
  onDifference: (difference: boolean) => void;
}

/** Which scenario is at hand, and what may be done with it as a whole. */
export function ScenarioBar({ work, shell, difference, onDifference }: Props) {
  const { t, error: errorText } = useTexts();
  const { scenario, list, write } = work;
  const { state, go, linkTo } = shell;
  const [name, setName] = useState('');
  const [copied, setCopied] = useState(false);
  const link = scenario && `${window.location.origin}${linkTo({ scenario: `${scenario.id}@${scenario.version}` })}`;
  const create = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    write({ do: 'create', name: name.trim(), steps: [] });
    setName('');
  };
  const choice = (label: string, value: string, onChoose: (id: string) => void, none: string) => (
    <Field label={label}>
      {(wiring) => (
        <select {...wiring} value={value} onChange={(event) => { onChoose(event.target.value); }}>
          <option value="">{none}</option>
          {list.map(({ id, name: known, head }) => (
            <option key={id} value={id}>{`${known} · v${head}`}</option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <section className="card scenario-bar" aria-labelledby="scenario-title">
      <h3 id="scenario-title">{t('scenario.title')}</h3>
      {choice(t('scenario.choose'), scenario?.id ?? '', (id) => { work.abandon(); go({ scenario: id }); }, t('scenario.baseline'))}
      {scenario === undefined ? (
        <form className="inline-form" onSubmit={create}>
          <Field label={t('scenario.newName')}>
            {(wiring) => <input {...wiring} name="scenario-name" value={name} maxLength={200} onChange={(event) => { setName(event.target.value); }} />}
          </Field>
          <button type="submit" disabled={work.busy || name.trim() === ''}>{t('scenario.create')}</button>
        </form>
      ) : (
        <>
          <div className="button-row">
            <button type="button" disabled={work.busy || !work.writable || scenario.head <= 1} onClick={() => { write({ do: 'undo' }); }}>
              {t('scenario.undo')}
            </button>
            <button type="button" disabled={work.busy || !work.writable || scenario.tip === scenario.head} onClick={() => { write({ do: 'redo' }); }}>
              {t('scenario.redo')}
            </button>
            <label className="inline">
              <input type="checkbox" checked={difference} onChange={(event) => { onDifference(event.target.checked); }} />
              <span>{t('scenario.difference')}</span>
            </label>
          </div>
          {choice(t('scenario.compare'), state.compare, (compare) => { go({ compare }); }, t('scenario.noCompare'))}
          <Field label={t('scenario.link')}>
            {(wiring) => <input {...wiring} name="scenario-link" readOnly value={link ?? ''} onFocus={(event) => { event.target.select(); }} />}
          </Field>
          <button
            type="button"
            onClick={() => {
              void navigator.clipboard.writeText(link ?? '').then(() => { setCopied(true); });
            }}
          >
            {t(copied ? 'scenario.copied' : 'scenario.copy')}
          </button>
          {work.pinned && (
            <p className="warning" role="status">
              {t('scenario.pinned', { version: scenario.version, head: scenario.head })}{' '}
              <button type="button" className="link" onClick={() => { go({ scenario: scenario.id }); }}>{t('scenario.openHead')}</button>
            </p>
          )}
          {scenario.stale && (
            <p className="warning" role="status">
              {t('scenario.stale')}{' '}
              <button type="button" className="link" onClick={() => { write({ do: 'refresh' }); }}>{t('scenario.refresh')}</button>
            </p>
          )}
          {scenario.faults.map((fault) => (
            <p key={`${fault.step} ${fault.code}`} className={fault.severity === 'warning' ? 'warning' : 'form-error'}>
              {t('scenario.faultOf', { step: fault.step, says: codeText(t, 'error', fault.code, { fallback: fault.message, args: fault.args ?? {} }) })}
            </p>
          ))}
        </>
      )}
      {work.error && (
        <p className="form-error" role="alert">
          {errorText(work.error)}
        </p>
      )}
    </section>
  );
}
