// The first line of the scoreboard. Only readings that count are counted, and
// nothing that rests on generated figures is counted as achieved or missed: a
// demonstration proves nothing about a plan.

import { isTarget } from './scoreboard';

export type ResultState =
  | 'achieved'
  | 'on_track'
  | 'at_risk'
  | 'off_track'
  | 'worsening'
  | 'stale'
  | 'not_yet_due'
  | 'no_data'
  | 'not_applicable'
  | 'reported';

export interface Counted {
  chosen: boolean;
  state: ResultState;
  target: number | null;
  provenance: string;
}

export interface Headline {
  targets: number;
  achieved: number;
  onTrack: number;
  atRisk: number;
  /** Off track or worsening. */
  off: number;
  notDue: number;
  noData: number;
  /** Targets measured with generated figures, or in a demonstration with estimates. */
  demo: number;
  /** Chosen readings that are watched without a duty, or do not apply here. */
  apart: number;
}

/** In a demonstration an estimate was made up as well, so it is set apart too. */
export function isDemo(provenance: string, demonstration: boolean): boolean {
  return provenance === 'generated' || (demonstration && provenance === 'estimated');
}

export function countHeadline(results: readonly Counted[], demonstration: boolean): Headline {
  const headline: Headline = { targets: 0, achieved: 0, onTrack: 0, atRisk: 0, off: 0, notDue: 0, noData: 0, demo: 0, apart: 0 };
  for (const result of results) {
    if (!result.chosen) continue;
    if (!isTarget(result)) {
      headline.apart++;
      continue;
    }
    headline.targets++;
    if (result.state === 'no_data' || result.state === 'stale') headline.noData++;
    else if (isDemo(result.provenance, demonstration)) headline.demo++;
    else if (result.state === 'achieved') headline.achieved++;
    else if (result.state === 'on_track') headline.onTrack++;
    else if (result.state === 'at_risk') headline.atRisk++;
    else if (result.state === 'off_track' || result.state === 'worsening') headline.off++;
    else headline.notDue++;
  }
  return headline;
}
