// The URL is the state of the screen: whoever gets the link sees the same.

export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

export interface MapPlace {
  lon: number;
  lat: number;
  zoom: number;
}

/** The screens, each with its path: the first is the page itself. */
export const screens = ['scoreboard', 'indicator', 'ledger', 'map', 'siting', 'registry', 'import', 'changes', 'admin'] as const;
export type Screen = (typeof screens)[number];

export interface UrlState {
  /** null is a path that leads nowhere. */
  screen: Screen | null;
  lang: Language;
  area: string;
  period: string;
  indicator: string;
  variant: string;
  /** Id of the point or facility selected on the map. */
  selected: string;
  /** Element whose values are open for entry. */
  element: string;
  /** Filters of the scoreboard: a state, and words of the clause. */
  state: string;
  words: string;
  /** A department's name, of clauses and promises it answers for. */
  owner: string;
  /** The register at hand, and the part of it: a kind, words, an order, and the row that is open. */
  register: string;
  kind: string;
  find: string;
  sort: string;
  row: string;
  /** Which of a screen's parts is open. */
  tab: string;
  /** The plan package at hand. */
  plan: string;
  /** A scenario, "ID" or "ID@VERSION", and another to see beside it. */
  scenario: string;
  compare: string;
  /** What a map shows: "people" where they live, or "areas" by their values; "" is what fits. */
  layer: string;
  /** The level of the areas on a map and in its table; "" is the next below. */
  level: string;
  map: MapPlace | null;
}

const names = ['area', 'period', 'indicator', 'variant', 'selected', 'element', 'state', 'words', 'owner', 'register', 'kind', 'find', 'sort', 'row', 'tab', 'plan', 'scenario', 'compare', 'layer', 'level'] as const;

export const initialUrlState: UrlState = {
  screen: 'scoreboard',
  lang: 'zh-CN',
  area: '',
  period: '',
  indicator: '',
  variant: '',
  selected: '',
  element: '',
  state: '',
  words: '',
  owner: '',
  register: '',
  kind: '',
  find: '',
  sort: '',
  row: '',
  tab: '',
  plan: '',
  scenario: '',
  compare: '',
  layer: '',
  level: '',
  map: null,
};

/** The levels of areas; another is none. */
const levels: ReadonlySet<string> = new Set(['region', 'prefecture', 'county', 'township', 'village']);

const pathOf = (screen: Screen | null): string => (screen === null || screen === 'scoreboard' ? '/' : `/${screen}`);

export function parseUrlState(pathname: string, search: string): UrlState {
  const query = new URLSearchParams(search);
  const path = pathname === '/' ? '/' : pathname.replace(/\/$/, '');
  const state: UrlState = { ...initialUrlState, screen: screens.find((screen) => pathOf(screen) === path) ?? null };
  for (const name of names) state[name] = query.get(name) ?? '';
  const lang = query.get('lang');
  state.lang = languages.find((known) => known === lang) ?? 'zh-CN';
  if (!levels.has(state.level)) state.level = '';
  state.map = parseMapPlace(query.get('map') ?? '');
  return state;
}

function parseMapPlace(text: string): MapPlace | null {
  const parts = text.split(',');
  const [lon, lat, zoom] = parts.map(Number);
  if (parts.length !== 3 || lon === undefined || lat === undefined || zoom === undefined) return null;
  const valid = Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 24;
  return valid ? { lon, lat, zoom } : null;
}

/** The path and query of a state, without what is the default: "/" or "/map?…". */
export function formatUrlState(state: UrlState): string {
  const query = new URLSearchParams();
  for (const name of names) if (state[name] !== '') query.set(name, state[name]);
  if (state.map !== null) {
    const { lon, lat, zoom } = state.map;
    query.set('map', `${lon.toFixed(5)},${lat.toFixed(5)},${zoom.toFixed(2)}`);
  }
  if (state.lang !== 'zh-CN') query.set('lang', state.lang);
  const text = query.toString().replaceAll('%2C', ',');
  return pathOf(state.screen) + (text === '' ? '' : `?${text}`);
}

/** The state after a step; what belongs to the thing left behind goes with it. */
export function stepUrlState(state: UrlState, step: Partial<UrlState>): UrlState {
  const next = { ...state, ...step };
  const moved = (name: 'area' | 'indicator' | 'register' | 'screen') => step[name] !== undefined && step[name] !== state[name];
  if (moved('area')) {
    if (step.selected === undefined) next.selected = '';
    if (step.map === undefined) next.map = null;
    if (step.level === undefined) next.level = '';
  }
  if (moved('indicator')) {
    if (step.variant === undefined) next.variant = '';
    if (step.selected === undefined) next.selected = '';
    if (step.element === undefined) next.element = '';
  }
  if (moved('register')) {
    for (const name of ['kind', 'sort', 'row', 'tab'] as const) if (step[name] === undefined) next[name] = '';
  }
  if (moved('screen')) {
    for (const name of ['row', 'tab'] as const) if (step[name] === undefined) next[name] = '';
  }
  return next;
}
