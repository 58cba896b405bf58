import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { outlinesQuery, rankingQuery, type RankingQuestion } from '../../api/queries';
import type { Effect, Result } from '../../api/types';
import { cornersOfAreas, shapesOf } from '../../lib/area-shapes';
import { toneOf } from '../../lib/area-scale';
import type { Tone } from '../../map/tones';
import { useTexts } from '../texts';

/** A promise in the areas below: their values, and how a map fills them. */
export function useAreaLayer(question: RankingQuestion, effects: readonly Effect[]) {
  const { name, value, unitOf } = useTexts();
  const ranking = useQuery(rankingQuery(question));
  const level = ranking.data?.level ?? '';
  const outlines = useQuery({ ...outlinesQuery(question.area, level), enabled: level !== '' });
  const features = outlines.data?.features;
  const ground = useMemo(() => ({ shapes: shapesOf(features ?? []), extent: cornersOfAreas(features ?? []) }), [features]);

  // What a trial changes is shown as it leaves the areas.
  const after = new Map(
    effects.filter((effect) => effect.indicator === question.indicator && effect.variant === question.variant).map((effect) => [effect.area, effect]),
  );
  const results = (ranking.data?.results ?? []).map((result): Result => {
    const effect = after.get(result.area);
    if (effect === undefined) return result;
    const gap = result.target === null || effect.after === null ? null : (result.target_bound === 'at_most' ? -1 : 1) * (result.target - effect.after);
    return { ...result, value: effect.after, state: effect.state_after as Result['state'], gap };
  });
  const resultOf = new Map(results.map((result) => [result.area, result]));
  const counts = new Map<Tone, number>();
  const fillOf = new Map(
    results.map((result) => {
      const tone = ranking.data === undefined ? 'no_data' : toneOf(ranking.data.scale, result);
      counts.set(tone, (counts.get(tone) ?? 0) + 1);
      const shown = result.value === null ? [] : [`${value(result)} ${unitOf(result)}`.trim()];
      return [result.area, { tone, lines: [name(result.area_name), ...shown] }] as const;
    }),
  );
  const notes = [...new Set((features ?? []).map(({ properties }) => name(properties.note)))].filter(Boolean);
  return { ranking, outlines, ground, results, resultOf, counts, fillOf, notes };
}
