import { useMutation } from '@tanstack/react-query';
import { useMemo, useRef, useState, type SubmitEvent } from 'react';
import { putValue } from '../../api/client';
import { ApiError } from '../../api/problem';
import type { Provenance, Reading } from '../../api/types';
import { OnceKeys } from '../../lib/ids';
import { formatSlot, type Slot } from '../../lib/slots';
import { findEntryFaults, needsChoice, type EntryFaults } from '../../lib/value-entry';
import { codeText } from '../../locales/codes';
import { useDraft } from '../../state/useDraft';
import { Field } from '../../components/Field';
import type { Commit } from '../changes/useCommit';
import { useTexts } from '../texts';

type ValueDraft = Record<'value' | 'source' | 'provenance' | 'reason', string> & { choose: boolean };

interface Props {
  slot: Slot;
  reading: Reading;
  commit: Commit;
}

export const provenances: readonly Provenance[] = ['real', 'estimated', 'generated'];

/** Enters a value. Until it is saved nothing typed is lost: not by a refusal, not by closing. */
export function ValueForm({ slot, reading, commit }: Props) {
  const { t, unit, error: errorText } = useTexts();
  const form = useRef<HTMLFormElement>(null);
  const keys = useMemo(() => new OnceKeys(), []);
  const counting = reading.values?.find((value) => value.counts);
  const { draft, change, clear } = useDraft<ValueDraft>(formatSlot(slot), {
    value: counting?.value ?? '',
    source: counting?.source ?? '',
    provenance: counting?.provenance ?? 'real',
    choose: true,
    reason: '',
  });
  const [faults, setFaults] = useState<EntryFaults>({});
  const save = useMutation({
    mutationFn: () => {
      const choosing = rivals && draft.choose;
      const body = {
        value: draft.value.trim(),
        source: draft.source.trim(),
        provenance: provenances.find((known) => known === draft.provenance) ?? 'real',
        ...(choosing ? { choose: true, reason: draft.reason.trim() } : {}),
      };
      return commit('saved', () => putValue(slot, body, keys.keyFor(body)));
    },
    onSuccess: () => {
      keys.done();
      clear();
    },
  });

  const sources = reading.values.map((value) => value.source);
  const rivals = needsChoice(draft, sources);
  const refusedValue = save.error instanceof ApiError && save.error.code === 'number_invalid';
  const fault = (name: keyof EntryFaults) => {
    const found = faults[name];
    return found === undefined ? undefined : t(`field.${found}`);
  };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = findEntryFaults(draft, sources);
    setFaults(found);
    const [first] = Object.keys(found);
    if (first === undefined) {
      save.mutate();
      return;
    }
    const control = form.current?.elements.namedItem(first);
    if (control instanceof HTMLElement) control.focus();
  };

  return (
    <form ref={form} className="form" onSubmit={submit} noValidate>
      {save.error && (
        <p className="form-error" role="alert">
          {t('field.refused')} {refusedValue ? '' : errorText(save.error)}
        </p>
      )}
      <Field
        label={t('values.value', { unit: unit(reading.unit) })}
        hint={t('values.valueHint')}
        error={refusedValue && save.error ? errorText(save.error) : fault('value')}
      >
        {(wiring) => (
          <input
            {...wiring}
            name="value"
            inputMode="decimal"
            autoComplete="off"
            className="number"
            value={draft.value}
            onChange={(event) => { change({ value: event.target.value }); }}
          />
        )}
      </Field>
      <Field label={t('values.provenance')}>
        {(wiring) => (
          <select {...wiring} name="provenance" value={draft.provenance} onChange={(event) => { change({ provenance: event.target.value }); }}>
            {provenances.map((known) => (
              <option key={known} value={known}>
                {codeText(t, 'provenance', known)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('values.source')} hint={t('values.sourceHint')} error={fault('source')}>
        {(wiring) => (
          <input {...wiring} name="source" value={draft.source} onChange={(event) => { change({ source: event.target.value }); }} />
        )}
      </Field>
      {rivals && (
        <>
          <label className="check">
            <input type="checkbox" name="choose" checked={draft.choose} onChange={(event) => { change({ choose: event.target.checked }); }} />
            {t('values.choose')}
          </label>
          {draft.choose && (
            <Field label={t('values.reason')} hint={t('values.chooseHint')} error={fault('reason')}>
              {(wiring) => (
                <input {...wiring} name="reason" value={draft.reason} onChange={(event) => { change({ reason: event.target.value }); }} />
              )}
            </Field>
          )}
        </>
      )}
      <button type="submit" className="primary" disabled={save.isPending}>
        {t(save.isPending ? 'values.saving' : 'values.save')}
      </button>
    </form>
  );
}
