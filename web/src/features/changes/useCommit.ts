import { useCallback } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { factsKey, resultsQuery, workspaceQuery, type ResultsQuestion } from '../../api/queries';
import type { Result } from '../../api/types';
import { differences, type Difference } from '../../lib/scoreboard';

/** What the screen says after a write: which change it became and which numbers it moved. */
export interface Notice {
  kind: 'saved' | 'undone';
  seq: number;
  /** The results that changed; null where they could not be read again. */
  differences: Difference<Result>[] | null;
}

export type Commit = (kind: Notice['kind'], write: () => Promise<{ seq: number }>) => Promise<void>;

/** Writes, reads everything measured again, and tells what changed in the watched results. */
export function useCommit(watched: ResultsQuestion, onNotice: (notice: Notice) => void): Commit {
  const queries = useQueryClient();
  const { area, period, below } = watched;
  return useCallback<Commit>(
    async (kind, write) => {
      const watch = resultsQuery({ area, period, below });
      // A screen that shows no results has not read them: without, no effect could be told.
      const known = queries.getQueryData(watch.queryKey) ?? (await queries.fetchQuery({ ...watch, retry: false }).catch(() => undefined));
      const before = known?.results ?? [];
      const { seq } = await write();
      void queries.invalidateQueries({ queryKey: factsKey });
      void queries.invalidateQueries({ queryKey: workspaceQuery.queryKey });
      // It is written; that its effect cannot be read does not make it refused.
      const after = await queries.fetchQuery({ ...watch, retry: false }).catch(() => undefined);
      onNotice({ kind, seq, differences: after === undefined ? null : differences(before, after.results) });
    },
    [queries, area, period, below, onNotice],
  );
}
