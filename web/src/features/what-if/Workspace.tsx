import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { layerQuery } from '../../api/queries';
import type { Effect, Result } from '../../api/types';
import { groupPledges } from '../../lib/scoreboard';
import { placesAfter } from '../../lib/steps';
import { noChanges } from '../../lib/surface';
import { questionOf, titleOf } from '../detail/question';
import { Readings } from '../detail/Readings';
import { PromiseMap } from '../area-map/PromiseMap';
import type { ScenarioOnMap } from '../place-map/PlaceMap';
import { Comparison } from '../scenario/Comparison';
import { PeopleTable } from '../scenario/PeopleTable';
import { ScenarioBar } from '../scenario/ScenarioBar';
import { StepForm } from '../scenario/StepForm';
import { StepList } from '../scenario/StepList';
import { useOtherScenario, useShown } from '../scenario/useOtherScenario';
import { useScenario } from '../scenario/useScenario';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { EffectsPanel } from './EffectsPanel';
import { TryPlace } from './TryPlace';
import { useTrial } from './useTrial';

const noEffects: readonly Effect[] = [];

interface Props {
  results: readonly Result[];
  shell: Shell;
}

/** A promise that is measured at places, on the map, with a place to try. */
export function Workspace({ results, shell }: Props) {
  const { t, name } = useTexts();
  const { state, go, commit } = shell;
  const mapped = results.filter((result) => result.register === 'population_point');
  const pledges = groupPledges(mapped);
  const pledge = pledges.find(({ indicator }) => indicator === state.indicator) ?? pledges[0];
  const result = pledge?.readings.find(({ variant }) => variant === state.variant) ?? pledge?.counts;
  const question = questionOf(result ?? { indicator: '', variant: '' }, state);
  const { indicator, area, variant } = question;
  const { data } = useQuery({ ...layerQuery({ indicator, area, variant }), enabled: result !== undefined });
  const kinds = [...new Set((data?.facilities ?? []).map((row) => row.kind))].filter(Boolean).toSorted();
  const trial = useTrial({ area, kinds, commit });
  const show = useShown(indicator, area, variant);
  const work = useScenario(shell, show, t('scenario.defaultName'));
  const other = useOtherScenario(state.compare, show);
  const [difference, setDifference] = useState(false);
  const facilities = data?.facilities;
  const places = useMemo(
    () => placesAfter(facilities ?? [], work.steps),
    [facilities, work.steps],
  );
  const onMap: ScenarioOnMap = {
    changes: work.effect?.surface ?? noChanges,
    difference: difference && work.effect !== undefined,
    steps: work.steps,
    version: state.scenario,
    onDrag: work.scenario === undefined || work.writable ? work.drag : undefined,
  };
  const asked = results.find((known) => known.indicator === state.indicator);
  if (result === undefined) return <p className="empty">{t('detail.noMapHere')}</p>;
  return (
    <div className="workspace">
      <div className="detail-main">
        {asked !== undefined && asked.indicator !== result.indicator && (
          <p className="warning" role="status">{t('status.notMapped', { name: titleOf(asked, name) })}</p>
        )}
        <label className="inline">
          <span>{t('table.name')}</span>
          <select
            name="indicator"
            value={result.indicator}
            onChange={(event) => { go({ indicator: event.target.value }); }}
          >
            {pledges.map(({ counts }) => (
              <option key={counts.indicator} value={counts.indicator}>
                {titleOf(counts, name)}
              </option>
            ))}
          </select>
        </label>
        <Readings result={result} results={mapped} shell={shell} />
      </div>
      <div className="detail-side">
        <PromiseMap
          question={question}
          result={result}
          shell={shell}
          effects={(work.effect ?? trial.whatIf)?.results ?? noEffects}
          candidate={{ at: trial.tried, picking: trial.picking, onPick: trial.pick }}
          scenario={onMap}
          table
        >
          {state.compare !== '' && <h3>{work.scenario?.name ?? t('scenario.baseline')}</h3>}
        </PromiseMap>
        {state.compare !== '' && state.scenario !== '' && (
          <>
            <PromiseMap
              label={other.scenario?.name ?? state.compare}
              question={question}
              result={result}
              shell={shell}
              effects={other.effect?.results ?? noEffects}
              scenario={{ changes: other.effect?.surface ?? noChanges, difference, steps: other.scenario?.steps ?? [], version: state.compare }}
            >
              <h3>{other.scenario?.name ?? state.compare}</h3>
            </PromiseMap>
            <Comparison shell={shell} results={results} revision={work.scenario?.revision ?? 0} />
          </>
        )}
      </div>
      <div className="detail-main workspace-forms">
        {work.effect && (
          <section className="card scenario-effect">
            <EffectsPanel whatIf={work.effect} area={area} results={results}>
              {work.effect.surface && <PeopleTable change={work.effect.surface} areas={shell.areas} />}
            </EffectsPanel>
          </section>
        )}
        <ScenarioBar work={work} shell={shell} difference={difference} onDifference={setDifference} />
        <StepList work={work} shell={shell} />
        <StepForm key={area} work={work} shell={shell} kinds={kinds} places={places} />
        <TryPlace trial={trial} shell={shell} kinds={kinds} results={results} />
      </div>
    </div>
  );
}
