import { Detail } from '../features/detail/Detail';
import { hasWebGL, readMapLibre } from '../map/maplibre';
import type { Shell } from '../features/shell/shell';
import { WithResults } from '../features/shell/WithResults';
import { defaultReading } from '../lib/scoreboard';

// The map comes after the results and the layer: by then what draws it is read.
if (hasWebGL()) readMapLibre().catch(() => undefined);

/** One promise: its value, why it is so, what would change it, and where. */
export function IndicatorPage({ shell }: { shell: Shell }) {
  return (
    <WithResults shell={shell}>
      {({ results }) => {
        const reading = defaultReading(results, shell.state);
        return reading && <Detail key={`${shell.state.area} ${reading.indicator}`} result={reading} results={results} shell={shell} />;
      }}
    </WithResults>
  );
}
