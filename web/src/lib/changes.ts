export interface LoggedChange {
  seq: number;
  action: string;
  undoes?: number;
}

/** The newest change that may be taken back: not an undo itself, and not taken back yet. */
export function findUndoable<C extends LoggedChange>(changes: readonly C[]): C | undefined {
  const undone = new Set(changes.map((change) => change.undoes ?? 0));
  return changes
    .toSorted((a, b) => b.seq - a.seq)
    .find((change) => change.action === 'change' && !undone.has(change.seq));
}

/** One operation of a change in the words a list needs: what was done, and to what. */
export interface Operation {
  op: string;
  /** The name or id of a place or row; empty for a figure. */
  subject: string;
  /** The figure of an element in an area and a period. */
  slot?: { element: string; area: string; period: string };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The operations in the body of a change; other bodies (loads) have none. */
export function operations(body: unknown): Operation[] {
  if (!Array.isArray(body)) return [];
  return body.map((change: unknown) => {
    const facility = field(change, 'facility');
    const slot = field(change, 'value') ?? field(change, 'key') ?? field(change, 'choice');
    const subject = text(field(facility, 'name')) || text(field(facility, 'id')) || text(field(change, 'id'));
    const element = text(field(slot, 'element'));
    return {
      op: text(field(change, 'op')),
      subject,
      ...(element === '' ? {} : { slot: { element, area: text(field(slot, 'area')), period: text(field(slot, 'period')) } }),
    };
  });
}
