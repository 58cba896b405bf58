import type { TreeArea } from './areas';

/** An area offered to choose, and how deep it stands below its root. */
export interface AreaChoice<A> {
  area: A;
  depth: number;
}

/** The areas from the root down to a code, the code's own last; empty where it is not known. */
export function pathTo<A extends TreeArea>(areas: readonly A[], code: string): A[] {
  const byCode = new Map(areas.map((area) => [area.code, area]));
  const path: A[] = [];
  for (let at = byCode.get(code); at !== undefined && path.length < areas.length; at = byCode.get(at.parent)) path.unshift(at);
  return path;
}

/** What is offered before anything is typed: the way up, the area itself, what lies directly below, and the other roots. */
export function nearChoices<A extends TreeArea>(areas: readonly A[], code: string): AreaChoice<A>[] {
  const path = pathTo(areas, code);
  const below = areas.filter((area) => area.parent === code).toSorted((a, b) => a.code.localeCompare(b.code));
  const known = new Set(areas.map((area) => area.code));
  const roots = areas.filter((area) => !known.has(area.parent) && area.code !== path[0]?.code);
  return [
    ...path.map((area, depth) => ({ area, depth })),
    ...below.map((area) => ({ area, depth: path.length })),
    ...roots.map((area) => ({ area, depth: 0 })),
  ];
}
