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

const here = () => window.location.pathname + window.location.search;

/** The state of the screen and the way to change it; "back" undoes a push. */
export function useUrlState(): [UrlState, Go] {
  const href = useSyncExternalStore(subscribe, here);
  const state = useMemo(() => {
    const [pathname = '/', search = ''] = href.split('?', 2);
    return parseUrlState(pathname, search);
  }, [href]);
  const go = useCallback<Go>((step, how = 'push') => {
    const { pathname, search } = window.location;
    const next = formatUrlState(stepUrlState(parseUrlState(pathname, search), step));
    if (next === here()) return;
    if (how === 'push') window.history.pushState(null, '', next);
    else window.history.replaceState(null, '', next);
    window.dispatchEvent(new Event(changed));
  }, []);
  return [state, go];
}

/** The link that leads to a step from here. */
export function linkTo(state: UrlState, step: Partial<UrlState>): string {
  return formatUrlState(stepUrlState(state, step));
}
