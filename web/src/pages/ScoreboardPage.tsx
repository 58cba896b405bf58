import { Brief } from '../features/detail/Brief';
import { Headline } from '../features/scoreboard/Headline';
import { TargetTable } from '../features/scoreboard/TargetTable';
import type { Shell } from '../features/shell/shell';
import { WithResults } from '../features/shell/WithResults';
import { useTexts } from '../features/texts';
import { defaultReading } from '../lib/scoreboard';

/** The scoreboard: every promise in one table, and beside it the map of the selected one. */
export function ScoreboardPage({ shell }: { shell: Shell }) {
  const { t, time } = useTexts();
  return (
    <WithResults shell={shell}>
      {({ results, as_of: seq }, readAt) => {
        const reading = defaultReading(results, shell.state);
        return (
          <div className="columns">
            <div className="column-left">
              <Headline results={results} demonstration={shell.workspace.provenance === 'generated'} />
              <TargetTable
                results={results}
                selected={{ indicator: reading?.indicator ?? '', variant: reading?.variant ?? '' }}
                shell={shell}
              />
              <p className="as-of">{t('app.dataAsOf', { seq, time: time(readAt) })}</p>
            </div>
            {reading && (
              <Brief key={`${shell.state.area} ${reading.indicator} ${reading.variant}`} result={reading} results={results} shell={shell} />
            )}
          </div>
        );
      }}
    </WithResults>
  );
}
