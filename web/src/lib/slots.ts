// Where a value is entered: an element of an area in a period.

export interface Slot {
  element: string;
  area: string;
  period: string;
}

/**
 * The slots that a reason for "no data" speaks of, so that the screen can offer
 * to fill them. The server writes them as
 *   unreported       "care.beds 640104 2025"
 *   unchosen_rivals  "care.beds 640104 2025: source a, source b"
 *   incomplete       "care.beds: 1 of 3, lacking 640104 640105"
 */
export function slotsOfReason(reason: { code: string; what: string } | null | undefined, here: { area: string; period: string }): Slot[] {
  if (!reason) return [];
  const { code, what } = reason;
  if (code === 'unreported' || code === 'unchosen_rivals') {
    const [element, area, period] = (what.split(':', 1)[0] ?? '').trim().split(/\s+/);
    return element && area && period ? [{ element, area, period }] : [];
  }
  if (code === 'incomplete') {
    const [head = '', tail = ''] = what.split(': ');
    const [element, area, period] = head.trim().split(/\s+/);
    if (!element) return [];
    if (area && period) return [{ element, area, period }];
    const lacking = tail.split('lacking ')[1]?.trim().split(/[\s,]+/) ?? [];
    return lacking.filter((place) => /^\d{6,12}$/.test(place)).map((place) => ({ element, area: place, period: here.period }));
  }
  return [];
}

interface Node {
  indicator: string;
  area: string;
  formula: string;
  children?: readonly Node[] | null;
}

/** The elements below an explanation: nodes that name something else than the explained indicator. */
export function slotsOfExplanation(top: Node): Slot[] {
  const found = new Map<string, Slot>();
  const visit = (node: Node) => {
    for (const child of node.children ?? []) {
      if (child.indicator !== top.indicator && /^\d{4}(-\d{2})?$/.test(child.formula)) {
        const slot = { element: child.indicator, area: child.area, period: child.formula };
        found.set(formatSlot(slot), slot);
      }
      visit(child);
    }
  };
  visit(top);
  return [...found.values()];
}

/** A slot as the URL has it: element@area@period. */
export const formatSlot = ({ element, area, period }: Slot): string => [element, area, period].join('@');

export function parseSlot(text: string): Slot | null {
  const [element, area, period, more] = text.split('@');
  return element && area && period && more === undefined ? { element, area, period } : null;
}
