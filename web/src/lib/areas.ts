export interface TreeArea {
  code: string;
  parent: string;
}

export interface Placed<A> {
  area: A;
  depth: number;
}

/** The areas from the roots down, each followed by the areas below it, by code. */
export function inTreeOrder<A extends TreeArea>(areas: readonly A[]): Placed<A>[] {
  const known = new Set(areas.map((area) => area.code));
  const below = new Map<string, A[]>();
  for (const area of areas) {
    const parent = known.has(area.parent) ? area.parent : '';
    below.set(parent, [...(below.get(parent) ?? []), area]);
  }
  const placed: Placed<A>[] = [];
  const visit = (parent: string, depth: number) => {
    const children = (below.get(parent) ?? []).toSorted((a, b) => a.code.localeCompare(b.code));
    for (const area of children) {
      placed.push({ area, depth });
      visit(area.code, depth + 1);
    }
  };
  visit('', 0);
  return placed;
}

/** The code of the root an area belongs to; the code itself where the area is not known. */
export function rootOf(areas: readonly TreeArea[], code: string): string {
  const byCode = new Map(areas.map((area) => [area.code, area]));
  let current = code;
  for (let steps = 0; steps < areas.length; steps++) {
    const parent = byCode.get(current)?.parent;
    if (parent === undefined || parent === '' || !byCode.has(parent)) break;
    current = parent;
  }
  return current;
}
