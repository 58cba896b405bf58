import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApiError } from '../../api/problem';
import {
  createScenario, editScenario, parseVersion, redoScenario, refreshScenario, scenarioEffectQuery, scenarioQuery, scenariosKey, scenariosQuery,
  trySteps, undoScenario,
  type Edit, type ScenarioVersion, type Shown, type Step, type Tried, type TrialQuestion,
} from '../../api/scenarios';
import { randomId } from '../../lib/ids';
import type { LonLat } from '../../lib/projection';
import { SingleFlight } from '../../lib/single-flight';
import { dragEdit } from '../../lib/steps';
import type { Shell } from '../shell/shell';

/** What is done to a scenario; each makes a revision of it. */
type Deed = { do: 'edit'; edits: Edit[] } | { do: 'undo' } | { do: 'redo' } | { do: 'refresh' } | { do: 'create'; name: string; steps: Step[] };

/** The codes of refusals after which the scenario is read again: somebody else was there. */
const overtaken = new Set(['scenario_conflict', 'scenario_stale', 'revision_unknown', 'nothing_to_undo', 'nothing_to_redo']);

/** The scenario at hand: its steps, what they would change, and what is tried upon it. */
export function useScenario(shell: Shell, show: Shown, newName: string) {
  const { state, go } = shell;
  const queries = useQueryClient();
  const { id, version } = parseVersion(state.scenario);
  const list = useQuery(scenariosQuery);
  const found = useQuery(scenarioQuery(state.scenario));
  const scenario = found.data;
  const pinned = version !== 0 && scenario !== undefined && scenario.head !== version;
  const writable = scenario !== undefined && scenario.state === 'open' && !pinned;

  const standing = useMemo<TrialQuestion | null>(
    () => (scenario === undefined || scenario.steps.length === 0 ? null : { scenario: id, version, area: show.area, steps: [], show }),
    [scenario, id, version, show],
  );
  const effect = useQuery(scenarioEffectQuery(standing, scenario?.revision ?? 0));

  // What is tried upon it: a step of the form, or a place under the pointer.
  const [trial, setTrial] = useState<{ edit: Edit; steps: Step[] } | null>(null);
  const [tried, setTried] = useState<Tried | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const flight = useRef<SingleFlight<TrialQuestion, Tried> | null>(null);
  useEffect(() => {
    const made = new SingleFlight<TrialQuestion, Tried>({
      ask: trySteps,
      onAnswer: (answer) => {
        setTried(answer);
        setFailure(null);
      },
      onFailure: (error) => { setFailure(error instanceof Error ? error : new Error(String(error))); },
    });
    flight.current = made;
    return () => { made.stop(); };
  }, []);

  const steps = useMemo(() => scenario?.steps ?? [], [scenario]);
  const attempt = useCallback(
    (edit: Edit) => {
      // A step that takes the place of another is tried with the others around it.
      const others = edit.do === 'replace' ? steps.map((step) => (step.key === edit.key && edit.step ? edit.step : step)) : steps;
      const all = edit.do === 'replace' || edit.step === undefined ? others : [...others, edit.step];
      setTrial({ edit, steps: all });
      const question: TrialQuestion =
        edit.do === 'replace'
          ? { scenario: '', version: 0, area: show.area, steps: all.map(withoutSeen), show }
          : { scenario: id, version, area: show.area, steps: edit.step ? [edit.step] : [], show };
      flight.current?.send(question);
    },
    [steps, id, version, show],
  );
  const abandon = useCallback(() => {
    flight.current?.stop();
    setTrial(null);
    setTried(null);
    setFailure(null);
  }, []);

  const write = useMutation({
    mutationFn: async (deed: Deed): Promise<ScenarioVersion> => {
      const key = randomId();
      if (deed.do === 'create') return createScenario({ area: show.area, name: deed.name, steps: deed.steps }, key);
      if (scenario === undefined) throw new Error('there is no scenario');
      switch (deed.do) {
        case 'edit':
          return editScenario(scenario, deed.edits, key);
        case 'undo':
          return undoScenario(scenario, key);
        case 'redo':
          return redoScenario(scenario, key);
        case 'refresh':
          return refreshScenario(scenario, key);
      }
    },
    onSuccess: (now) => {
      queries.setQueryData(scenarioQuery(now.id).queryKey, now);
      void queries.invalidateQueries({ queryKey: scenariosQuery.queryKey });
      if (state.scenario !== now.id) go({ scenario: now.id });
      abandon();
    },
    onError: (error) => {
      // What was tried stays; the scenario is read as the other left it.
      if (error instanceof ApiError && overtaken.has(error.code)) void queries.invalidateQueries({ queryKey: scenariosKey });
    },
  });

  /** Keeps an edit: in the scenario, or in a new one. */
  const keep = (edit: Edit, onKept: () => void) => {
    if (writable) write.mutate({ do: 'edit', edits: [edit] }, { onSuccess: onKept });
    else if (scenario === undefined && edit.step) write.mutate({ do: 'create', name: newName, steps: [edit.step] }, { onSuccess: onKept });
  };

  const drag = (place: string, at: LonLat, done: boolean) => {
    const edit = dragEdit(steps, place, [at.lon, at.lat]) as Edit;
    attempt(edit);
    if (done && writable) write.mutate({ do: 'edit', edits: [edit] });
  };

  const shown = trial === null ? effect.data : (tried ?? effect.data);
  return {
    list: list.data?.scenarios ?? [],
    scenario,
    pinned,
    writable,
    steps: trial?.steps ?? steps,
    trial: trial?.edit ?? null,
    effect: scenario === undefined && trial === null ? undefined : shown,
    busy: write.isPending,
    error: write.error ?? failure ?? found.error ?? effect.error,
    attempt,
    abandon,
    keep,
    drag,
    write: write.mutate,
  };
}

/** What the server wrote of a step is not part of a trial. */
function withoutSeen(step: Step): Step {
  const bare = { ...step };
  delete bare.seen;
  delete bare.key;
  return bare;
}

export type ScenarioWork = ReturnType<typeof useScenario>;
