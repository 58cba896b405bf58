import { Brief } from '../features/detail/Brief';
import { Downloads } from '../features/reports/Downloads';
import { Filters } from '../features/scoreboard/Filters';
import { Headline } from '../features/scoreboard/Headline';
import { TargetTable } from '../features/scoreboard/TargetTable';
import { PrintButton } from '../components/PrintButton';
import type { Shell } from '../features/shell/shell';
import { WithResults } from '../features/shell/WithResults';
import { useTexts } from '../features/texts';
import { defaultReading } from '../lib/scoreboard';

/** The scoreboard: every promise in one table, and beside it the map of the selected one. */
export function ScoreboardPage({ shell }: { shell: Shell }) {
  const { t, time } = useTexts();
  return (
    <WithResults shell={shell}>
      {({ results, headline, as_of: seq }, readAt) => {
        const reading = defaultReading(results, shell.state);
        return (
          <>
            <div className="scoreboard-head">
              <Headline counted={headline} />
              <Filters results={results} shell={shell} />
            </div>
            <div className="columns">
              <div className="column-left">
                <TargetTable results={results} selected={reading?.indicator ?? ''} shell={shell} />
                <p className="as-of">
                  {t('app.dataAsOf', { seq, time: time(readAt) })} <PrintButton />
                </p>
                <Downloads
                  question={{ report: 'scoreboard', area: shell.state.area, period: shell.state.period }}
                  title={t('nav.scoreboard')}
                  formats={['xlsx', 'csv', 'pdf', 'docx']}
                />
              </div>
              {reading && (
                <Brief key={`${shell.state.area} ${reading.indicator} ${reading.variant}`} result={reading} results={results} shell={shell} />
              )}
            </div>
          </>
        );
      }}
    </WithResults>
  );
}
