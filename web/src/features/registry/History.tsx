import { useMutation } from '@tanstack/react-query';
import { useMemo } from 'react';
import { undoChange } from '../../api/client';
import type { RegisterHead, Revised } from '../../api/types';
import { OnceKeys } from '../../lib/ids';
import { fieldValue } from '../../lib/register-columns';
import { codeText } from '../../locales/codes';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { useWords } from './useWords';

interface Props {
  head: RegisterHead;
  history: readonly Revised[];
  shell: Shell;
}

/** Who changed what of a row and when, the latest first; the latest that stands can be taken back. */
export function History({ head, history, shell }: Props) {
  const { t, dateTime, error: errorText } = useTexts();
  const words = useWords(shell);
  const keys = useMemo(() => new OnceKeys(), []);
  const undo = useMutation({
    mutationFn: (seq: number) => shell.commit('undone', () => undoChange(seq, keys.keyFor(seq))),
    onSuccess: () => { keys.done(); },
  });
  const undone = new Set(history.map((revision) => revision.undoes));
  const last = history.find((revision) => revision.action === 'change' && !undone.has(revision.seq));
  return (
    <div className="history">
      <h3>{t('registry.history')}</h3>
      {undo.error && (
        <p className="field-error" role="alert">
          {errorText(undo.error)}
        </p>
      )}
      <ol>
        {history.map((revision, at) => (
          <li key={revision.seq}>
            <span className="muted number">{dateTime(revision.at)}</span> {revision.actor} ·{' '}
            {revision.undoes > 0 ? t('changes.undoOf', { seq: revision.undoes }) : codeText(t, 'action', revision.action)}{' '}
            <span className="muted number">#{revision.seq}</span> {undone.has(revision.seq) && <span className="muted">{t('changes.undone')}</span>}
            {!revision.stands && <p>{t('registry.takenOut')}</p>}
            {revision.stands && at === history.length - 1 && <p className="muted">{t('registry.entered')}</p>}
            <ul>
              {(revision.changed ?? []).map((diff) => (
                <li key={diff.field}>
                  {words.fieldNamed(diff.field, head.fields)}
                  {t('colon')}
                  <del>{words.value(fieldValue(diff.before))}</del> →{' '}
                  <ins>{words.value(fieldValue(diff.after))}</ins>
                </li>
              ))}
            </ul>
            {revision.seq === last?.seq && (
              <button type="button" disabled={undo.isPending} onClick={() => { undo.mutate(revision.seq); }}>
                {t(undo.isPending ? 'changes.undoing' : 'changes.undo')}
              </button>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
