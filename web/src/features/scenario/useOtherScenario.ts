import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { parseVersion, scenarioEffectQuery, scenarioQuery, type Shown, type TrialQuestion } from '../../api/scenarios';

/** The surface whose changes are asked for, the same object while it is the same surface. */
export function useShown(indicator: string, area: string, variant: string): Shown {
  return useMemo(() => ({ indicator, area, ...(variant === '' ? {} : { variant }) }), [indicator, area, variant]);
}

/** The scenario beside the one at hand: it is looked at and not changed. */
export function useOtherScenario(text: string, show: Shown) {
  const { data: scenario } = useQuery(scenarioQuery(text));
  const question = useMemo<TrialQuestion | null>(() => {
    const { id, version } = parseVersion(text);
    return scenario === undefined || scenario.steps.length === 0 ? null : { scenario: id, version, area: show.area, steps: [], show };
  }, [text, scenario, show]);
  const { data: effect } = useQuery(scenarioEffectQuery(question, scenario?.revision ?? 0));
  return { scenario, effect: question === null ? undefined : effect };
}
