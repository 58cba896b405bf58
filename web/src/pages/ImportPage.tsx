import { ImportWizard } from '../features/import/ImportWizard';
import type { Shell } from '../features/shell/shell';

/** Takes lists in, for every register. */
export function ImportPage({ shell }: { shell: Shell }) {
  const register = shell.state.register || 'facility';
  return <ImportWizard key={register} register={register} shell={shell} />;
}
