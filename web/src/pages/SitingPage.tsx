import { Portfolio } from '../features/siting/Portfolio';
import { Runs } from '../features/siting/Runs';
import { SitingForm } from '../features/siting/SitingForm';
import type { Shell } from '../features/shell/shell';
import { WithResults } from '../features/shell/WithResults';
import { useTexts } from '../features/texts';
import { groupPledges } from '../lib/scoreboard';

/** Where the next places go: the question in steps, the run as it goes on, and the answers side by side. */
export function SitingPage({ shell }: { shell: Shell }) {
  const { t } = useTexts();
  const { state } = shell;
  return (
    <WithResults shell={shell}>
      {({ results }) => {
        // What is judged at places or counts them, the most lacking first.
        const promises = groupPledges(results)
          .map(({ counts }) => counts)
          .filter((result) => result.register !== '' && result.target !== null && result.value !== null)
          .toSorted((a, b) => (b.gap ?? 0) - (a.gap ?? 0));
        const result = results.find((known) => known.indicator === state.indicator && known.chosen) ?? promises[0];
        if (result === undefined) return <p className="empty">{t('siting.nothing')}</p>;
        return (
          <div className="columns siting">
            <div className="column-left">
              <SitingForm key={`${state.area} ${result.indicator}`} promises={promises.includes(result) ? promises : [result, ...promises]} result={result} shell={shell} />
            </div>
            <div className="detail-side">
              {state.row !== '' && <Portfolio key={state.row} id={state.row} shell={shell} />}
              <Runs indicator={result.indicator} shell={shell} />
            </div>
          </div>
        );
      }}
    </WithResults>
  );
}
