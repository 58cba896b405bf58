import { Workspace } from '../features/what-if/Workspace';
import { hasWebGL, readMapLibre } from '../map/maplibre';
import type { Shell } from '../features/shell/shell';
import { WithResults } from '../features/shell/WithResults';

// The map comes after the results and the layer: by then what draws it is read.
if (hasWebGL()) readMapLibre().catch(() => undefined);

/** The map workspace: one promise on the map, and places to try on it. */
export function MapPage({ shell }: { shell: Shell }) {
  return <WithResults shell={shell}>{({ results }) => <Workspace results={results} shell={shell} />}</WithResults>;
}
