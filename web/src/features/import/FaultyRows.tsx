import { useState } from 'react';
import type { Tryout } from '../../api/imports';
import type { Repair } from '../../lib/taking';
import { codeText } from '../../locales/codes';
import { useTexts } from '../texts';

interface Props {
  tryout: Tryout;
  repairs: readonly Repair[];
  onRepair: (repair: Repair) => void;
}

/** Rows that cannot be taken as they are: each fault beside the cell that mends it. */
export function FaultyRows({ tryout, repairs, onRepair }: Props) {
  const { t } = useTexts();
  return (
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
                    onCell={(cell) => { onRepair({ row: faulty.row, heading: column, cell }); }}
                  />
                )}
              </div>
            );
          })}
        </li>
      ))}
    </ol>
  );
}

interface CellProps {
  label: string;
  cell: string;
  onCell: (cell: string) => void;
}

/** A cell is tried again when it is left, or with Enter. */
function CellInput({ label, cell, onCell }: CellProps) {
  const [typed, setTyped] = useState(cell);
  const done = () => {
    if (typed !== cell) onCell(typed);
  };
  return (
    <input
      aria-label={label}
      aria-invalid
      value={typed}
      onChange={(event) => { setTyped(event.target.value); }}
      onBlur={done}
      onKeyDown={(event) => { if (event.key === 'Enter') done(); }}
    />
  );
}
