// Points, facilities and marks on top of the streets.

import type { MapGroup } from '../lib/map-groups';
import { project, toScreen, zoomOf, type LonLat, type ScreenPoint, type View, type WorldPoint } from '../lib/projection';
import { cellFinder, differenceOf, groupOfCell } from '../lib/surface';
import { paintChanges, type PaintedSurface } from './surface-picture';
import { candidateColour, differenceSymbols, facilityColour, routeColour, selectionColour, symbols, traceShape } from './symbols';

export interface MapPoint extends LonLat {
  id: string;
  people: number;
  group: MapGroup;
}

export interface MapFacility extends LonLat {
  id: string;
  name: string;
  /** What a scenario does to it; drawn with a mark of its own. */
  mark?: 'added' | 'moved' | 'closed' | 'changed';
}

interface PlacedPoint {
  point: MapPoint;
  at: WorldPoint;
}

interface PlacedFacility {
  facility: MapFacility;
  at: WorldPoint;
}

const rank = (group: MapGroup) => drawingOrder.indexOf(group);

/** The people of a map, projected once and in the order of drawing: what fails lies on top. */
export class People {
  readonly points: readonly PlacedPoint[];
  readonly mostPeople: number;

  constructor(points: readonly MapPoint[]) {
    this.points = points
      .map((point) => ({ point, at: project(point) }))
      .toSorted((a, b) => rank(a.point.group) - rank(b.point.group) || b.point.people - a.point.people);
    this.mostPeople = points.reduce((most, { people }) => Math.max(most, people), 1);
  }

  /** How many points a view shows, counted up to a limit. */
  countIn(view: View, limit: number): number {
    let count = 0;
    for (const { at } of this.points) {
      if (onScreen(view, toScreen(view, at)) && ++count > limit) return count;
    }
    return count;
  }
}

/** What is drawn above the streets. The people are apart: they stay while a place is dragged. */
export class Places {
  readonly facilities: readonly PlacedFacility[];

  constructor(
    private readonly people: People,
    facilities: readonly MapFacility[],
  ) {
    this.facilities = facilities.map((facility) => ({ facility, at: project(facility) }));
  }

  get points(): readonly PlacedPoint[] {
    return this.people.points;
  }

  /** Half the width of a point in pixels: its area grows with its people. */
  radius(people: number, zoom: number): number {
    const largest = Math.max(5, Math.min(16, 7 * 2 ** ((zoom - 13) * 0.5)));
    return Math.max(1.8, largest * Math.sqrt(Math.max(0, people) / this.people.mostPeople));
  }

  facilitySize(zoom: number): number {
    return Math.max(3, Math.min(7, 3.5 * 2 ** ((zoom - 13) * 0.4)));
  }

  /** The facility under a position on the screen. */
  findFacility(view: View, at: ScreenPoint): MapFacility | undefined {
    const size = Math.max(8, this.facilitySize(zoomOf(view)) + 4);
    return this.facilities.findLast(({ at: place }) => {
      const { x, y } = toScreen(view, place);
      return Math.abs(x - at.x) <= size && Math.abs(y - at.y) <= size;
    })?.facility;
  }

  /** The point or facility under a position on the screen. */
  find(view: View, at: ScreenPoint): { id: string } | undefined {
    const zoom = zoomOf(view);
    const slack = 4;
    let best: { id: string; distance: number } | undefined;
    const consider = (id: string, place: WorldPoint, radius: number) => {
      const { x, y } = toScreen(view, place);
      const distance = Math.hypot(x - at.x, y - at.y);
      if (distance <= radius + slack && (best === undefined || distance < best.distance)) best = { id, distance };
    };
    for (const { point, at: place } of this.points) consider(point.id, place, this.radius(point.people, zoom));
    for (const { facility, at: place } of this.facilities) consider(facility.id, place, this.facilitySize(zoom));
    return best;
  }
}

export interface Marks {
  selected: string;
  hovered: string;
  /** A position that is selected. */
  position: LonLat | null;
  /** The ways from what is selected to the nearest places, the nearest first. */
  routes: readonly (readonly LonLat[])[];
  candidate: LonLat | null;
  crosshair: boolean;
  /** What a trial changes; its surface tells which point lies in which cell. */
  trial: PaintedSurface | null;
  /** Whether the people are drawn one by one; a surface below shows them otherwise. */
  points: boolean;
}

export function paintPlaces(context: CanvasRenderingContext2D, view: View, places: Places, marks: Marks): void {
  if (marks.points) paintPoints(context, view, places, marks.trial);
  else if (marks.trial !== null) paintChanges(context, view, marks.trial);
  paintFacilities(context, view, places);
  paintMarks(context, view, places, marks);
}

/** More places than this would hide the people around them, and are drawn small. */
const fewFacilities = 300;
const crowdedPixels = 1.5;

// One path for all that stand unchanged, as for points.
function paintFacilities(context: CanvasRenderingContext2D, view: View, places: Places): void {
  const size = places.facilitySize(zoomOf(view));
  const standing: ScreenPoint[] = [];
  const marked: { facility: MapFacility; at: ScreenPoint }[] = [];
  for (const { facility, at } of places.facilities) {
    const shown = toScreen(view, at);
    if (!onScreen(view, shown)) continue;
    if (facility.mark === undefined) standing.push(shown);
    else marked.push({ facility, at: shown });
  }
  const crowded = standing.length > fewFacilities;
  const side = crowded ? crowdedPixels : 2 * size;
  context.beginPath();
  for (const { x, y } of standing) context.rect(x - side / 2, y - side / 2, side, side);
  context.fillStyle = facilityColour;
  context.strokeStyle = '#ffffff';
  context.lineWidth = 1;
  if (!crowded) context.stroke();
  context.globalAlpha = crowded ? 0.6 : 1;
  context.fill();
  context.globalAlpha = 1;
  const half = size + 2;
  for (const { facility, at } of marked) {
    const { x, y } = at;
    const closed = facility.mark === 'closed';
    context.fillStyle = closed ? '#ffffff' : candidateColour;
    context.strokeStyle = closed ? candidateColour : '#ffffff';
    context.lineWidth = closed ? 2 : 1;
    context.fillRect(x - half, y - half, 2 * half, 2 * half);
    context.beginPath();
    context.rect(x - half, y - half, 2 * half, 2 * half);
    if (closed) {
      context.moveTo(x - half, y - half);
      context.lineTo(x + half, y + half);
      context.moveTo(x + half, y - half);
      context.lineTo(x - half, y + half);
    }
    context.stroke();
  }
}

function onScreen(view: View, { x, y }: { x: number; y: number }): boolean {
  return x > -20 && y > -20 && x < view.width + 20 && y < view.height + 20;
}

type Drawn = MapGroup | keyof typeof differenceSymbols;

/** How each point is drawn while a trial runs: as what it comes to, or as what that changes. */
function drawnOf(trial: PaintedSurface | null): (placed: PlacedPoint) => Drawn {
  if (trial === null) return ({ point }) => point.group;
  const { surface, changes, difference } = trial;
  const cellOf = cellFinder(surface);
  const at = new Map(changes.cells.map((cell, i) => [cell, i]));
  return ({ at: place, point: { group } }) => {
    const change = at.size === 0 ? undefined : at.get(cellOf(place) ?? -1);
    if (change === undefined) return difference ? 'unchanged' : group;
    const after = changes.after[change] ?? 0;
    if (!difference) return groupOfCell(after) ?? group;
    return differenceOf(changes.before[change] ?? 0, after) ?? 'unchanged';
  };
}

const drawnSymbols = { ...symbols, ...differenceSymbols };

const drawingOrder: readonly Drawn[] = [
  'unchanged', 'not_applicable', 'pass', 'near', 'within', 'no_data', 'fail', 'beyond', 'far', 'unreachable', 'worse', 'better', 'loss', 'gain',
];

// All points of one group in one path: a fill per point would cost a hundred
// times as much on 20,000 points.
function paintPoints(context: CanvasRenderingContext2D, view: View, places: Places, trial: PaintedSurface | null): void {
  const zoom = zoomOf(view);
  const paths = new Map<Drawn, Path2D>();
  const drawn = drawnOf(trial);
  for (const placed of places.points) {
    const { x, y } = toScreen(view, placed.at);
    if (!onScreen(view, { x, y })) continue;
    const group = drawn(placed);
    const path = paths.get(group) ?? new Path2D();
    paths.set(group, path);
    traceShape(path, drawnSymbols[group].shape, { x, y, r: places.radius(placed.point.people, zoom) });
  }
  for (const group of drawingOrder) {
    const path = paths.get(group);
    if (path === undefined) continue;
    context.fillStyle = drawnSymbols[group].fill;
    context.strokeStyle = drawnSymbols[group].stroke;
    context.lineWidth = group === 'no_data' ? 1.2 : 0.8;
    context.fill(path);
    context.stroke(path);
  }
}

function paintMarks(context: CanvasRenderingContext2D, view: View, places: Places, marks: Marks): void {
  const zoom = zoomOf(view);
  marks.routes.toReversed().forEach((route, i) => { paintRoute(context, view, route, i === marks.routes.length - 1); });
  if (marks.position !== null) {
    const { x, y } = toScreen(view, project(marks.position));
    ring(context, { x, y, r: 7 }, selectionColour);
  }
  for (const id of [marks.hovered, marks.selected]) {
    if (id === '') continue;
    const point = places.points.find((placed) => placed.point.id === id);
    const facility = point ? undefined : places.facilities.find((placed) => placed.facility.id === id);
    const found = point ?? facility;
    if (found === undefined) continue;
    const { x, y } = toScreen(view, found.at);
    const radius = (point ? places.radius(point.point.people, zoom) : places.facilitySize(zoom)) + 4;
    ring(context, { x, y, r: radius }, selectionColour);
  }
  if (marks.candidate !== null) {
    const { x, y } = toScreen(view, project(marks.candidate));
    ring(context, { x, y, r: 10 }, candidateColour);
    context.fillStyle = candidateColour;
    context.beginPath();
    context.arc(x, y, 4, 0, 2 * Math.PI);
    context.fill();
  }
  if (marks.crosshair) {
    const x = view.width / 2;
    const y = view.height / 2;
    context.strokeStyle = candidateColour;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x - 12, y);
    context.lineTo(x + 12, y);
    context.moveTo(x, y - 12);
    context.lineTo(x, y + 12);
    context.stroke();
  }
}

/** A way along the streets: whole to the nearest place, in dashes to the second. */
function paintRoute(context: CanvasRenderingContext2D, view: View, route: readonly LonLat[], nearest: boolean): void {
  context.beginPath();
  route.forEach((at, i) => {
    const { x, y } = toScreen(view, project(at));
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.lineJoin = 'round';
  context.strokeStyle = '#ffffff';
  context.lineWidth = nearest ? 7 : 5;
  context.stroke();
  context.setLineDash(nearest ? [] : [6, 5]);
  context.strokeStyle = routeColour;
  context.lineWidth = nearest ? 4 : 2.5;
  context.stroke();
  context.setLineDash([]);
}

function ring(context: CanvasRenderingContext2D, at: { x: number; y: number; r: number }, colour: string): void {
  context.beginPath();
  context.arc(at.x, at.y, at.r, 0, 2 * Math.PI);
  context.strokeStyle = '#ffffff';
  context.lineWidth = 5;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = 2.5;
  context.stroke();
}
