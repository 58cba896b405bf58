import { ChangeLog } from '../features/changes/ChangeLog';
import type { Shell } from '../features/shell/shell';

/** The end of the log of changes; the newest that stands can be taken back. */
export function ChangesPage({ shell }: { shell: Shell }) {
  return <ChangeLog shell={shell} />;
}
