import { Workspace } from '../features/what-if/Workspace';
import type { Shell } from '../features/shell/shell';
import { WithResults } from '../features/shell/WithResults';

/** The map workspace: one promise on the map, and places to try on it. */
export function MapPage({ shell }: { shell: Shell }) {
  return <WithResults shell={shell}>{({ results }) => <Workspace results={results} shell={shell} />}</WithResults>;
}
