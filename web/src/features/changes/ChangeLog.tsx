import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { undoChange } from '../../api/client';
import { changesQuery } from '../../api/queries';
import type { ChangeRecord } from '../../api/types';
import { findUndoable, operations, type Operation } from '../../lib/changes';
import { OnceKeys } from '../../lib/ids';
import { nameOfWord } from '../../lib/names';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';

// Enough to find the newest change that stands below a row of undone ones.
const tail = 50;
const shown = 8;
/** Operations of one change that are named; a list taken in has thousands. */
const named = 3;
const knownOperations = ['add', 'withdraw', 'put', 'retract', 'choose'] as const;

/** The end of the log, with a button that takes the newest standing change back. */
export function ChangeLog({ shell }: { shell: Shell }) {
  const { commit, plan, areas } = shell;
  const { seq } = shell.workspace;
  const { t, name, dateTime, error: errorText } = useTexts();
  const keys = useMemo(() => new OnceKeys(), []);
  const { data } = useQuery({ ...changesQuery(seq, tail), enabled: seq > 0 });
  const undo = useMutation({
    mutationFn: (of: number) => commit('undone', () => undoChange(of, keys.keyFor(of))),
    onSuccess: () => { keys.done(); },
  });
  const changes = (data?.changes ?? []).toSorted((a, b) => b.seq - a.seq);
  const undoable = findUndoable(changes.map(({ undoes, ...rest }) => (undoes ? { ...rest, undoes } : rest)));
  const undone = new Set(changes.map((change) => change.undoes));

  const areaName = new Map(areas.map((area) => [area.code, name(area.name)]));
  const sayOperation = ({ op, subject, slot }: Operation) =>
    t(`changes.${knownOperations.find((known) => known === op) ?? 'other'}`, {
      subject: slot === undefined ? subject : [nameOfWord(plan.elements, slot.element, name), areaName.get(slot.area) ?? slot.area, slot.period].join(' · '),
    });
  const say = (change: ChangeRecord) => {
    if (change.action === 'load' || change.action === 'scenario') return t(`changes.${change.action}`);
    if (change.undoes) return t('changes.undoOf', { seq: change.undoes });
    const done = operations(change.body);
    const rest = done.length > named ? ` ${t('changes.more', { count: done.length })}` : '';
    return done.slice(0, named).map(sayOperation).join('; ') + rest || (change.action === 'import' ? t('changes.import') : change.action);
  };

  return (
    <section className="card changes">
      <h2>{t('changes.title')}</h2>
      {undo.error && (
        <p className="field-error" role="alert">
          {errorText(undo.error)}
        </p>
      )}
      {changes.length === 0 ? (
        <p>{t('changes.empty')}</p>
      ) : (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col" className="number">
                {t('changes.seq')}
              </th>
              <th scope="col">{t('changes.at')}</th>
              <th scope="col">{t('changes.what')}</th>
              <th scope="col">{t('changes.actor')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('changes.undo')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {changes.slice(0, shown).map((change) => (
              <tr key={change.seq}>
                <td className="number">{change.seq}</td>
                <td className="wrap">{dateTime(change.at)}</td>
                <td className="wrap">{say(change)}</td>
                <td>{change.actor}</td>
                <td>
                  {undone.has(change.seq) && t('changes.undone')}
                  {change.seq === undoable?.seq && (
                    <button type="button" disabled={undo.isPending} onClick={() => { undo.mutate(change.seq); }}>
                      {t(undo.isPending ? 'changes.undoing' : 'changes.undo')}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
