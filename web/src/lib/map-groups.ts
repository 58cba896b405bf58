// The groups in which a map draws people: the server's classes. The reach of the
// target is always a break between two of them, so no group holds both who is
// served and who is not.

/** In the order of the legend. */
export const mapGroups = ['near', 'within', 'beyond', 'far', 'unreachable', 'pass', 'fail', 'no_data', 'not_applicable'] as const;
export type MapGroup = (typeof mapGroups)[number];

export interface GroupedPoint {
  people: number;
  group: MapGroup;
}

/** Points and people of each group that has any, in the order of the legend. */
export function countGroups(points: readonly GroupedPoint[]): { group: MapGroup; points: number; people: number }[] {
  const counts = new Map(mapGroups.map((group) => [group, { group, points: 0, people: 0 }]));
  for (const point of points) {
    const count = counts.get(point.group);
    if (count === undefined) continue;
    count.points++;
    count.people += point.people;
  }
  return [...counts.values()].filter((count) => count.points > 0);
}
