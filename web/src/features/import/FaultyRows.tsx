import { useId, useState } from 'react';
import type { Tryout } from '../../api/imports';
import type { Word } from '../../lib/names';
import type { Repair } from '../../lib/taking';
import { codeText } from '../../locales/codes';
import { useTexts } from '../texts';

interface Props {
  tryout: Tryout;
  /** Of facilities, offered where a kind is not known. */
  kinds: readonly Word[];
  repairs: readonly Repair[];
  onRepair: (repair: Repair) => void;
}

/** Rows that cannot be taken as they are: each fault beside the cell that mends it. */
export function FaultyRows({ tryout, kinds, repairs, onRepair }: Props) {
  const { t, name } = useTexts();
  const listId = useId();
  return (
    <>
      <datalist id={listId}>
        {kinds.map((kind) => (
          <option key={kind.id}>{name(kind.name)}</option>
        ))}
      </datalist>
      <ol className="faulty">
        {tryout.faulty.map((faulty) => (
          <li key={faulty.row} className="card">
            <h4>
              {t('import.row', { row: faulty.row })}{' '}
              <span className="muted">{faulty.cells.filter(Boolean).slice(0, 4).join(' · ')}</span>
            </h4>
            {faulty.faults.map((fault) => {
              const column = fault.column ?? '';
              const at = tryout.heading.indexOf(column);
              const says = codeText(t, 'fault', fault.code, { fallback: fault.message });
              return (
                <div key={`${column} ${fault.code}`} className="fault">
                  <p>
                    {column !== '' && <b>{column}</b>} <span className="field-error">{says}</span>{' '}
                    <span className="muted">{codeText(t, 'remedy', fault.code, { fallback: fault.remedy })}</span>
                  </p>
                  {at >= 0 && (
                    <CellInput
                      key={faulty.cells[at]}
                      label={`${column} ${t('import.row', { row: faulty.row })}`}
                      cell={repairs.find(({ row, heading }) => row === faulty.row && heading === column)?.cell ?? faulty.cells[at] ?? ''}
                      list={fault.code === 'kind_unknown' ? listId : undefined}
                      onCell={(cell) => { onRepair({ row: faulty.row, heading: column, cell }); }}
                    />
                  )}
                </div>
              );
            })}
          </li>
        ))}
      </ol>
    </>
  );
}

interface CellProps {
  label: string;
  cell: string;
  /** Id of what is offered while typing. */
  list: string | undefined;
  onCell: (cell: string) => void;
}

/** A cell is tried again when it is left, or with Enter. */
function CellInput({ label, cell, list, onCell }: CellProps) {
  const [typed, setTyped] = useState(cell);
  const done = () => {
    if (typed !== cell) onCell(typed);
  };
  return (
    <input
      aria-label={label}
      aria-invalid
      list={list}
      value={typed}
      onChange={(event) => { setTyped(event.target.value); }}
      onBlur={done}
      onKeyDown={(event) => { if (event.key === 'Enter') done(); }}
    />
  );
}
