import { useEffect, useRef, type RefObject } from 'react';
import { panBy, screen, zoomAt, type View } from '../lib/projection';

interface Handlers {
  onMove: (view: View) => void;
  onHover: (x: number, y: number) => void;
  onLeave: () => void;
  onTap: (x: number, y: number) => void;
  /** Takes hold of what lies under the pointer; undefined where nothing can be moved. */
  grab: (x: number, y: number) => Move | undefined;
}

/** Moves what was taken hold of; done when it is let go. */
type Move = (x: number, y: number, done: boolean) => void;

// A finger or mouse that moves no further than this has tapped, not dragged.
const tapPixels = 5;
// One notch of a mouse wheel is 100 to 120 units of deltaY and zooms by about 1.35.
const wheelZoomPerUnit = 0.003;

interface Finger {
  x: number;
  y: number;
}

/** Dragging, pinching, the wheel and taps on a map's frame. */
export function useMapGestures(frame: RefObject<HTMLElement | null>, view: View | null, handlers: Handlers): void {
  const latest = useRef({ view, handlers });
  useEffect(() => {
    latest.current = { view, handlers };
  });

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const fingers = new Map<number, Finger>();
    let travelled = 0;
    let held: Move | undefined;

    const position = (event: MouseEvent): Finger => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };
    const move = (next: View) => {
      latest.current.view = next; // several events may come before the next drawing
      latest.current.handlers.onMove(next);
    };

    const onDown = (event: PointerEvent) => {
      if (event.button !== 0) return;
      const at = position(event);
      if (fingers.size === 0) {
        travelled = 0;
        held = latest.current.handlers.grab(at.x, at.y);
      }
      fingers.set(event.pointerId, at);
    };
    const onMove = (event: PointerEvent) => {
      const at = position(event);
      const from = fingers.get(event.pointerId);
      const shown = latest.current.view;
      if (from === undefined || shown === null) {
        if (event.pointerType === 'mouse') latest.current.handlers.onHover(at.x, at.y);
        return;
      }
      travelled += Math.hypot(at.x - from.x, at.y - from.y);
      if (travelled <= tapPixels) return;
      if (!element.hasPointerCapture(event.pointerId)) element.setPointerCapture(event.pointerId);
      if (held !== undefined) {
        fingers.set(event.pointerId, at);
        held(at.x, at.y, false);
        return;
      }
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, finger]) => finger);
      fingers.set(event.pointerId, at);
      if (other === undefined) {
        move(panBy(shown, at.x - from.x, at.y - from.y));
        return;
      }
      const spread = Math.hypot(at.x - other.x, at.y - other.y) / Math.max(1, Math.hypot(from.x - other.x, from.y - other.y));
      const panned = panBy(shown, (at.x - from.x) / 2, (at.y - from.y) / 2);
      move(zoomAt(panned, screen((at.x + other.x) / 2, (at.y + other.y) / 2), spread));
    };
    const onUp = (event: PointerEvent) => {
      const known = fingers.delete(event.pointerId);
      const at = position(event);
      if (held !== undefined && travelled > tapPixels) held(at.x, at.y, true);
      held = undefined;
      if (!known || fingers.size > 0 || travelled > tapPixels) return;
      latest.current.handlers.onTap(at.x, at.y);
    };
    const onCancel = (event: PointerEvent) => {
      fingers.delete(event.pointerId);
      held = undefined;
      travelled = tapPixels + 1;
    };
    const onLeave = () => {
      latest.current.handlers.onLeave();
    };
    const onWheel = (event: WheelEvent) => {
      const shown = latest.current.view;
      if (shown === null) return;
      event.preventDefault();
      const at = position(event);
      move(zoomAt(shown, screen(at.x, at.y), Math.exp(-event.deltaY * wheelZoomPerUnit)));
    };

    element.addEventListener('pointerdown', onDown);
    element.addEventListener('pointermove', onMove);
    element.addEventListener('pointerup', onUp);
    element.addEventListener('pointercancel', onCancel);
    element.addEventListener('pointerleave', onLeave);
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', onDown);
      element.removeEventListener('pointermove', onMove);
      element.removeEventListener('pointerup', onUp);
      element.removeEventListener('pointercancel', onCancel);
      element.removeEventListener('pointerleave', onLeave);
      element.removeEventListener('wheel', onWheel);
    };
  }, [frame]);
}
