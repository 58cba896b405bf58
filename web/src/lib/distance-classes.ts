// Classes of distance for the map; the reach of the target is always a break,
// so no class holds both who is served and who is not.

export const distanceClasses = ['near', 'within', 'beyond', 'far', 'unreachable'] as const;
export type DistanceClass = (typeof distanceClasses)[number];

/** The limits in metres above which the classes within, beyond and far begin. */
export function classBreaks(reach: number): [number, number, number] {
  return [reach / 2, reach, reach * 1.5];
}

/** The class of a distance; each limit belongs to the class below it, as the target includes its own number. */
export function distanceClass(metres: number | null, reach: number): DistanceClass {
  if (metres === null) return 'unreachable';
  const [half, whole, more] = classBreaks(reach);
  if (metres <= half) return 'near';
  if (metres <= whole) return 'within';
  return metres <= more ? 'beyond' : 'far';
}

export interface ClassedPoint {
  people: number;
  metres: number | null;
  verdict: string;
}

/** The groups a map legend lists: the classes of distance, and the points that no distance judges. */
export const mapGroups = [...distanceClasses, 'pass', 'fail', 'no_data', 'not_applicable'] as const;
export type MapGroup = (typeof mapGroups)[number];

/**
 * The group a point is drawn in. The verdict is the server's; the distance only
 * shades it, and only where both agree, so a map never contradicts the number
 * beside it.
 */
export function groupOf(point: ClassedPoint, reach: number | null): MapGroup {
  if (point.verdict !== 'pass' && point.verdict !== 'fail') {
    return point.verdict === 'not_applicable' ? 'not_applicable' : 'no_data';
  }
  if (reach === null) return point.verdict;
  const found = distanceClass(point.metres, reach);
  const served = found === 'near' || found === 'within';
  return served === (point.verdict === 'pass') ? found : point.verdict;
}

/** Points and people of each group that has any, in the order of the legend. */
export function countGroups(points: readonly ClassedPoint[], reach: number | null): { group: MapGroup; points: number; people: number }[] {
  const counts = new Map(mapGroups.map((group) => [group, { group, points: 0, people: 0 }]));
  for (const point of points) {
    const count = counts.get(groupOf(point, reach));
    if (count === undefined) continue;
    count.points++;
    count.people += point.people;
  }
  return [...counts.values()].filter((count) => count.points > 0);
}
