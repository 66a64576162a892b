/**
 * Pointers on a pane: mouse and pen paint, one finger paints, two fingers pan and
 * zoom, the wheel zooms at the cursor, Space or the middle button pans.
 */
/** @typedef {import('./types.js').Point} Point */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./stage.js').Pane} Pane */
import { TOOLS } from './tools.js';

/** A second finger this soon means the first was no stroke. */
const PINCH_GRACE = 300;

/**
 * @typedef {object} Hands  What all panes share.
 * @property {boolean} space  held down
 * @property {(error: unknown) => void} failed
 */

/**
 * @param {Pane} pane
 * @param {Editor} editor
 * @param {Hands} hands
 */
export function attachGestures(pane, editor, hands) {
  const { element, view } = pane;
  /** Fingers and buttons that are down. @type {Map<number, Point>} */
  const down = new Map();
  /** @type {{pointer: number, since: number, gesture: import('./tools.js').Gesture}|null} */
  let painting = null;
  let panning = false;

  /** @param {MouseEvent} event */
  const inPane = (event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  /** @param {'end'|'cancel'} how */
  const finish = (how) => {
    const gesture = painting?.gesture;
    painting = null;
    gesture?.[how]();
  };

  /** @param {PointerEvent} event */
  const pressed = (event) => {
    if (event.button > 1 || !editor.state.model) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    down.set(event.pointerId, inPane(event));
    if (down.size > 1) {
      finish(performance.now() - (painting?.since ?? 0) < PINCH_GRACE ? 'cancel' : 'end');
      panning = true;
      return;
    }
    const { tool } = editor.state;
    if (hands.space || event.button === 1 || tool === 'hand') {
      panning = true;
      element.classList.add('panning');
      return;
    }
    try {
      const gesture = editor.doc.isOpen ? null : TOOLS[tool](editor, pane.toMap(inPane(event)));
      if (gesture) painting = { pointer: event.pointerId, since: performance.now(), gesture };
    } catch (error) {
      hands.failed(error);
    }
  };

  /** @param {PointerEvent} event */
  const moved = (event) => {
    const now = inPane(event);
    pane.hover(event.pointerType === 'touch' && !down.size ? null : now);
    const before = down.get(event.pointerId);
    if (!before) return;
    if (painting?.pointer === event.pointerId) {
      const events = event.getCoalescedEvents?.() ?? [];
      painting.gesture.move((events.length ? events : [event]).map((each) => pane.toMap(inPane(each))));
    } else if (panning) {
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      const share = other ? 2 : 1;
      view.pan((now.x - before.x) / share, (now.y - before.y) / share, pane.box, pane.map);
      if (other) pinch(other, before, now);
    }
    down.set(event.pointerId, now);
  };

  /**
   * One of two fingers moved.
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
    if (painting?.pointer === event.pointerId) finish(event.type === 'pointerup' ? 'end' : 'cancel');
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
