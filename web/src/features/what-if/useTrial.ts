import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { addFacility, type NewFacility } from '../../api/client';
import { whatIfQuery } from '../../api/queries';
import { OnceKeys } from '../../lib/ids';
import { parseDegrees } from '../../lib/place-entry';
import type { LonLat } from '../../lib/projection';
import { useDraft } from '../../state/useDraft';
import type { Commit } from '../changes/useCommit';
import { useTexts } from '../texts';

interface Options {
  area: string;
  /** The kinds of place that count for the promise at hand. */
  kinds: readonly string[];
  commit: Commit;
}

export type TrialFaults = Partial<Record<'kind' | 'lon' | 'lat', 'required' | 'degrees'>>;

/** A place that is tried before it is kept: its form, what it would change, and keeping it. */
export function useTrial({ area, kinds, commit }: Options) {
  const { t } = useTexts();
  const keys = useMemo(() => new OnceKeys(), []);
  const { draft, change, clear } = useDraft(`try.${area}`, { name: t('try.defaultName'), kind: '', lon: '', lat: '' });
  const [tried, setTried] = useState<NewFacility | null>(null);
  const [picking, setPicking] = useState(false);
  const [faults, setFaults] = useState<TrialFaults>({});
  const kind = draft.kind || (kinds[0] ?? '');

  const tryAt = ({ lon, lat }: LonLat) => {
    setFaults({});
    setTried({
      area,
      kind,
      name: draft.name.trim(),
      lon,
      lat,
      public: true,
      source: t('try.source'),
      provenance: 'estimated',
    });
  };

  const whatIf = useQuery(whatIfQuery(tried));
  const keep = useMutation({
    mutationFn: (facility: NewFacility) => commit('saved', () => addFacility(facility, keys.keyFor(facility))),
    onSuccess: () => {
      keys.done();
      clear();
      change({ lon: '', lat: '' });
      setTried(null);
    },
  });

  return {
    draft: { ...draft, kind },
    change,
    faults,
    tried,
    whatIf: whatIf.error === null && tried !== null ? whatIf.data : undefined,
    busy: whatIf.isFetching,
    error: keep.error ?? whatIf.error,
    /** Whether a click on the map tries a place there. */
    picking,
    setPicking,
    /** A click on the map fills the form and tries the place at once. */
    pick: (at: LonLat) => {
      change({ lon: String(at.lon), lat: String(at.lat) });
      tryAt(at);
    },
    /** Tries what the form says. */
    submit: () => {
      const lon = parseDegrees(draft.lon, 180);
      const lat = parseDegrees(draft.lat, 85);
      if (kind.trim() !== '' && lon !== null && lat !== null) {
        tryAt({ lon, lat });
        return;
      }
      setFaults({
        ...(kind.trim() === '' ? { kind: 'required' as const } : {}),
        ...(lon === null ? { lon: 'degrees' as const } : {}),
        ...(lat === null ? { lat: 'degrees' as const } : {}),
      });
    },
    keep: () => {
      if (tried !== null) keep.mutate({ ...tried, name: draft.name.trim() });
    },
    keeping: keep.isPending,
    stop: () => {
      setTried(null);
      setFaults({});
    },
  };
}

export type Trial = ReturnType<typeof useTrial>;
