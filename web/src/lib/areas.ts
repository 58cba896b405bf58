export interface TreeArea {
  code: string;
  parent: string;
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
