import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { importFormQuery, type Looked, type ListName } from '../../api/imports';
import { doubledTargets, missingTargets, type ListDraft } from '../../lib/taking';
import { codeText } from '../../locales/codes';
import { Tag } from '../../components/Tag';
import { ScrollRegion } from '../../components/ScrollRegion';
import { useTexts } from '../texts';

interface Props {
  list: ListName;
  look: Looked;
  draft: ListDraft;
  onChange: (draft: ListDraft) => void;
}

/** The second step: what each column says, in which coordinate system, and what all rows say alike. */
export function ColumnMap({ list, look, draft, onChange }: Props) {
  const { t } = useTexts();
  const id = useId();
  const form = useQuery(importFormQuery(list));
  const targets = form.data?.targets ?? [];
  const nameOf = (target: string) => {
    const known = targets.find((other) => other.id === target);
    return codeText(t, 'column', target, { fallback: known?.names[0] ?? target });
  };
  const missing = missingTargets(targets, draft);
  const doubled = doubledTargets(draft.columns);
  const positions = Object.values(draft.columns).some((target) => target === 'lon' || target === 'lat');
  const guessed = new Set(look.guessed);
  return (
    <section className="card">
      <h3>{t('import.columns')}</h3>
      <p className="muted">{t('import.columnsHint', { rows: look.rows, file: look.upload.name })}</p>
      {look.sheets.length > 1 && (
        <label className="inline">
          <span>{t('import.sheet')}</span>
          <select name="sheet" value={draft.sheet || look.sheets[0]} onChange={(event) => { onChange({ ...draft, sheet: event.target.value, columns: {}, repairs: [] }); }}>
            {look.sheets.map((sheet) => (
              <option key={sheet}>{sheet}</option>
            ))}
          </select>
        </label>
      )}
      <ScrollRegion label={t('import.columns')}>
        <table className="plain column-map">
          <thead>
            <tr>
              <th scope="col">{t('import.heading')}</th>
              <th scope="col">{t('import.says')}</th>
              <th scope="col">{t('import.sample')}</th>
            </tr>
          </thead>
          <tbody>
            {look.heading.map((heading, at) =>
              heading === '' ? null : (
                <tr key={heading}>
                  <th scope="row" id={`${id}-${at}`} className="wrap">
                    {heading}
                  </th>
                  <td>
                    <select
                      aria-labelledby={`${id}-${at}`}
                      value={draft.columns[heading] ?? ''}
                      aria-invalid={doubled.includes(draft.columns[heading] ?? '')}
                      onChange={(event) => { onChange({ ...draft, columns: { ...draft.columns, [heading]: event.target.value } }); }}
                    >
                      <option value="">{t('import.leaveOut')}</option>
                      {targets.map((target) => (
                        <option key={target.id} value={target.id}>
                          {nameOf(target.id)}
                          {target.need ? ' *' : ''}
                        </option>
                      ))}
                    </select>{' '}
                    {guessed.has(heading) && draft.columns[heading] === look.suggested[heading] && <Tag kind="estimated" label={t('import.guess')} />}
                  </td>
                  <td className="clip muted">{look.sample.map((row) => row[at] ?? '').filter(Boolean).slice(0, 3).join(' · ')}</td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </ScrollRegion>
      {doubled.length > 0 && <p className="field-error" role="alert">{t('import.doubled', { targets: doubled.map(nameOf).join(t('table.comma')) })}</p>}
      {missing.map((target) => (
        <label key={target} className="inline constant">
          <span>{t('import.missing', { target: nameOf(target) })}</span>
          <input
            name={`constant-${target}`}
            value={draft.constants[target] ?? ''}
            onChange={(event) => { onChange({ ...draft, constants: { ...draft.constants, [target]: event.target.value } }); }}
          />
        </label>
      ))}
      {positions && (
        <fieldset className="crs">
          <legend>{t('import.crs')}</legend>
          <p className="muted">{t('import.crsHint')}</p>
          {(form.data?.crs ?? []).map((crs) => (
            <label key={crs} className="check">
              <input type="radio" name="crs" value={crs} checked={draft.crs === crs} onChange={() => { onChange({ ...draft, crs }); }} />
              {codeText(t, 'crs', crs)}
            </label>
          ))}
          <label className="inline">
            <span>{t('import.crsOther')}</span>
            <input
              name="crs-code"
              size={12}
              placeholder="epsg:4545"
              value={draft.crs.startsWith('epsg') ? draft.crs : ''}
              onChange={(event) => { onChange({ ...draft, crs: event.target.value.trim().toLowerCase() }); }}
            />
          </label>
        </fieldset>
      )}
    </section>
  );
}
