/**
 * Pointer input on a pane: mouse, pen and one finger paint, two fingers pan and zoom, the wheel zooms at the cursor,
 * Space or the middle button pans.
 */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {import('../editor/editor.js').Editor} Editor */
/** @typedef {import('../base/types.js').Pane} Pane */

import { toolOf } from './tools.js';

/** If a second finger follows within this many milliseconds, the first did not start a stroke. */
const PINCH_GRACE = 300;
/** CSS pixels within which a mouse or a finger hits a point. */
const REACH = 8;
const REACH_TOUCH = 20;
/** The eraser button of a pen. */
const PEN_ERASER = 5;

/**
 * Connects the pointers of a pane.
 * @param {Pane} pane
 * @param {Editor} editor
 * @param {import('./gesture.js').ActiveGesture} active
 */
export function attachPointer(pane, editor, active) {
  const { element, view } = pane;
  /** The pointers that are down. @type {Map<number, Point>} */
  const down = new Map();
  /** @type {{pointer: number, type: string, since: number}|null} */
  let painting = null;
  let panning = false;

  /** @param {MouseEvent} event */
  const inPane = (event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  /**
   * @param {PointerEvent} event
   * @returns {import('./tool.js').Sample}
   */
  const sample = (event) => ({
    ...pane.toMap(inPane(event)),
    pressure: event.pointerType === 'pen' ? event.pressure : 1,
    shift: event.shiftKey,
    alt: event.altKey,
    space: active.space,
    reach: (event.pointerType === 'touch' ? REACH_TOUCH : REACH) / view.place(pane.box, pane.map).scale,
  });

  /** @param {'lift'|'cancel'|'undoPress'} how */
  const finish = (how) => {
    if (painting) active[how]();
    painting = null;
  };

  /** @param {PointerEvent} event */
  const pressed = (event) => {
    const { button, pointerType, pointerId } = event;
    const erases = pointerType === 'pen' && button === PEN_ERASER;
    if ((button > 1 && !erases) || !editor.state.model) return;
    event.preventDefault();
    // Keyboard input goes to the map again, not to the slider used last.
    if (document.activeElement !== element) /** @type {HTMLElement|null} */ (document.activeElement)?.blur();
    if (pointerType === 'pen' && !editor.state.tools.pen) editor.store.set({ tools: { pen: true, fingerPans: true } });
    // Ignore the palm of the hand that holds the pen.
    if (painting?.type === 'pen') return;
    if (pointerType === 'pen') {
      finish('undoPress');
      down.clear();
      panning = false;
    }
    element.setPointerCapture(pointerId);
    down.set(pointerId, inPane(event));
    if (down.size > 1) {
      finish(performance.now() - (painting?.since ?? 0) < PINCH_GRACE ? 'undoPress' : 'lift');
      panning = true;
      return;
    }
    const { tool, fingerPans } = editor.state.tools;
    const pans =
      (active.space && !active.busy) || button === 1 || toolOf(tool).pans || (fingerPans && pointerType === 'touch');
    if (pans) {
      panning = true;
      element.classList.add('panning');
    } else if (active.press(sample(event), erases ? 'eraser' : tool)) {
      painting = { pointer: pointerId, type: pointerType, since: performance.now() };
    }
  };

  /** @param {PointerEvent} event */
  const moved = (event) => {
    const now = inPane(event);
    pane.hover(event.pointerType === 'touch' && !down.size ? null : now);
    const before = down.get(event.pointerId);
    if (!before) return active.hover(() => sample(event));
    if (painting?.pointer === event.pointerId) {
      const events = event.getCoalescedEvents?.() ?? [];
      active.move((events.length ? events : [event]).map(sample));
    } else if (panning) {
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      const share = other ? 2 : 1;
      view.pan((now.x - before.x) / share, (now.y - before.y) / share, pane.box, pane.map);
      if (other) pinch(other, before, now);
    }
    down.set(event.pointerId, now);
  };

  /**
   * Zooms after one of two fingers moved.
   * @param {Point} other
   * @param {Point} before
   * @param {Point} now
   */
  const pinch = (other, before, now) => {
    const spread = Math.hypot(before.x - other.x, before.y - other.y) || 1;
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    view.zoomAt(Math.hypot(now.x - other.x, now.y - other.y) / spread, middle, pane.box, pane.map);
  };

  /** @param {PointerEvent} event */
  const released = (event) => {
    if (!down.delete(event.pointerId)) return;
    if (painting?.pointer === event.pointerId) finish(event.type === 'pointerup' ? 'lift' : 'cancel');
    if (down.size === 0) {
      panning = false;
      element.classList.remove('panning');
      if (event.pointerType === 'touch') pane.hover(null);
    }
  };

  element.addEventListener('pointerdown', pressed);
  element.addEventListener('pointermove', moved);
  element.addEventListener('pointerup', released);
  element.addEventListener('pointercancel', released);
  element.addEventListener('lostpointercapture', released);
  element.addEventListener('pointerleave', () => pane.hover(null));
  element.addEventListener('contextmenu', (event) => event.preventDefault());
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const speed = event.ctrlKey ? 0.01 : 0.0016;
      view.zoomAt(Math.exp(-event.deltaY * lines * speed), inPane(event), pane.box, pane.map);
    },
    { passive: false },
  );
}
