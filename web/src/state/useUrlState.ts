import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { formatUrlState, parseUrlState, stepUrlState, type UrlState } from '../lib/url-state';

const changed = 'lifecircle:url';

function subscribe(notify: () => void): () => void {
  window.addEventListener('popstate', notify);
  window.addEventListener(changed, notify);
  return () => {
    window.removeEventListener('popstate', notify);
    window.removeEventListener(changed, notify);
  };
}

export type Go = (step: Partial<UrlState>, how?: 'push' | 'replace') => void;

/** The state of the screen and the way to change it; "back" undoes a push. */
export function useUrlState(): [UrlState, Go] {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const state = useMemo(() => parseUrlState(search), [search]);
  const go = useCallback<Go>((step, how = 'push') => {
    const next = formatUrlState(stepUrlState(parseUrlState(window.location.search), step));
    if (next === window.location.search) return;
    const url = window.location.pathname + next;
    if (how === 'push') window.history.pushState(null, '', url);
    else window.history.replaceState(null, '', url);
    window.dispatchEvent(new Event(changed));
  }, []);
  return [state, go];
}

/** The link that leads to a step from here. */
export function linkTo(state: UrlState, step: Partial<UrlState>): string {
  return formatUrlState(stepUrlState(state, step)) || '?';
}
