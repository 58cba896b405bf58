import { useCallback, useState } from 'react';
import { parseDraft, type Draft } from '../lib/draft';

/**
 * What was typed into a form, kept for the session under a name: an error, a
 * closed form or a reload loses nothing. `clear` forgets it once it is saved.
 */
export function useDraft<D extends Draft>(name: string, initial: D) {
  const storageKey = `lifecircle.draft.${name}`;
  const [draft, setDraft] = useState(() => parseDraft(window.sessionStorage.getItem(storageKey), initial));
  const change = useCallback(
    (part: Partial<D>) => {
      setDraft((old) => {
        const next = { ...old, ...part };
        window.sessionStorage.setItem(storageKey, JSON.stringify(next));
        return next;
      });
    },
    [storageKey],
  );
  const clear = useCallback(() => {
    window.sessionStorage.removeItem(storageKey);
  }, [storageKey]);
  return { draft, change, clear };
}
