import { useMutation } from '@tanstack/react-query';
import { useId, useMemo, type SubmitEvent } from 'react';
import { amendRow, withdrawRow } from '../../api/registers';
import { ApiError } from '../../api/problem';
import type { RegisterHead, RegisterRow } from '../../api/types';
import { OnceKeys } from '../../lib/ids';
import { changedCells, typedText, type FieldValue } from '../../lib/register-columns';
import { Field } from '../../components/Field';
import { useDraft } from '../../state/useDraft';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { faultsOf } from './faults';
import { useWords } from './useWords';

type Head = RegisterHead['fields'][number];

interface Props {
  head: RegisterHead;
  row: RegisterRow;
  said: Readonly<Record<string, FieldValue>>;
  shell: Shell;
}

function parseCells(text: string): Record<string, string> {
  const cells: unknown = text === '' ? {} : JSON.parse(text);
  if (typeof cells !== 'object' || cells === null) return {};
  return Object.fromEntries(Object.entries(cells).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Corrects what a row says, as one change that can be taken back. Nothing typed is lost. */
export function RowForm({ head, row, said, shell }: Props) {
  const { t, error: errorText } = useTexts();
  const words = useWords(shell);
  const { state, commit } = shell;
  const addId = useId();
  const keys = useMemo(() => new OnceKeys(), []);
  const { draft, change, clear } = useDraft(`row ${head.id} ${row.id}`, { cells: '' });
  const typed = parseCells(draft.cells);
  const type = (name: string, text: string) => { change({ cells: JSON.stringify({ ...typed, [name]: text }) }); };
  const forget = () => {
    change({ cells: '' });
    clear();
  };
  const naming = { register: head.id, id: row.id, area: state.area };
  const whole: Record<string, FieldValue> = { ...said, name: row.name };
  const cells = changedCells(typed, whole);
  const save = useMutation({
    mutationFn: () => commit('saved', () => amendRow(naming, cells, keys.keyFor(cells))),
    onSuccess: () => {
      keys.done();
      forget();
    },
  });
  const withdraw = useMutation({
    mutationFn: () => commit('saved', () => withdrawRow(naming, keys.keyFor('withdraw'))),
    onSuccess: () => { keys.done(); },
  });
  const faults = save.error instanceof ApiError ? faultsOf(save.error.args) : {};
  const shown = head.fields.filter((field) => said[field.id] !== undefined || typed[field.id] !== undefined);
  const others = head.fields.filter((field) => !shown.includes(field));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const failed = save.error ?? withdraw.error;
  return (
    <form className="row-form" onSubmit={submit} noValidate>
      <h3>{t('registry.says')}</h3>
      {failed !== null && (
        <p className="form-error" role="alert">
          {t('field.refused')} {Object.keys(faults).length > 0 ? '' : errorText(failed)}
        </p>
      )}
      <div className="form">
        <Field label={t('registry.name')} error={faults['name']}>
          {(wiring) => <input {...wiring} name="name" value={typed['name'] ?? row.name} onChange={(event) => { type('name', event.target.value); }} />}
        </Field>
        {shown.map((field) => (
          <FieldInput
            key={field.id}
            field={field}
            label={words.field(field)}
            unit={words.unitOf(field)}
            text={typed[field.id] ?? typedText(said[field.id] ?? null)}
            error={faults[field.id]}
            onType={(text) => { type(field.id, text); }}
          />
        ))}
        <div className="field">
          <label htmlFor={addId}>{t('registry.addField')}</label>
          <select id={addId} name="add-field" value="" onChange={(event) => { type(event.target.value, ''); }}>
            <option value="">{t('registry.chooseField')}</option>
            {others.map((field) => (
              <option key={field.id} value={field.id}>
                {words.field(field)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div className="actions">
        <button type="submit" className="primary" disabled={save.isPending || Object.keys(cells).length === 0}>
          {t(save.isPending ? 'values.saving' : 'values.save')}
        </button>
        {draft.cells !== '' && (
          <button type="button" onClick={forget}>
            {t('registry.forget')}
          </button>
        )}
        <button type="button" disabled={withdraw.isPending} onClick={() => { withdraw.mutate(); }}>
          {t('registry.withdraw')}
        </button>
      </div>
    </form>
  );
}

interface InputProps {
  field: Head;
  label: string;
  unit: string;
  text: string;
  error: string | undefined;
  onType: (text: string) => void;
}

function FieldInput({ field, label, unit, text, error, onType }: InputProps) {
  const { t } = useTexts();
  const named = unit === '' ? label : `${label}${t('registry.inUnit', { unit })}`;
  return (
    <Field label={named} error={error}>
      {(wiring) =>
        field.type === 'boolean' ? (
          <select {...wiring} name={field.id} value={text} onChange={(event) => { onType(event.target.value); }}>
            <option value="">—</option>
            <option value="true">{t('registry.yes')}</option>
            <option value="false">{t('registry.no')}</option>
          </select>
        ) : (
          <input
            {...wiring}
            name={field.id}
            inputMode={field.type === 'number' ? 'decimal' : 'text'}
            placeholder={field.type === 'date' ? '2025-12-31' : ''}
            className={field.type === 'number' ? 'number' : undefined}
            value={text}
            onChange={(event) => { onType(event.target.value); }}
          />
        )
      }
    </Field>
  );
}
