import { Registry } from '../features/registry/Registry';
import type { Shell } from '../features/shell/shell';

/** The registry: facilities, organisations, premises, residential areas and every register of the plan. */
export function RegistryPage({ shell }: { shell: Shell }) {
  return <Registry shell={shell} />;
}
