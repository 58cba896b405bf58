import { Ledger } from '../features/ledger/Ledger';
import type { Shell } from '../features/shell/shell';
import { WithResults } from '../features/shell/WithResults';

/** The clause ledger: the whole plan in the order of its text. */
export function LedgerPage({ shell }: { shell: Shell }) {
  return <WithResults shell={shell}>{({ results }) => <Ledger results={results} shell={shell} />}</WithResults>;
}
