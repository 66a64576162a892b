/** Painting with the keyboard: arrow keys move a cursor over the map, Space or Enter starts and ends a stroke. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
import { find } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { className } from '../maps/classes.js';

/** Directions of the arrow keys. @type {Record<string, [number, number]>} */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Pixels per arrow key with Shift. */
export const FAR = 10;

/**
 * Adds the keyboard cursor to a pane.
 * @param {HTMLElement} pane  focusable
 * @param {Editor} editor
 * @param {import('./gesture.js').ActiveGesture} active
 */
export function attachCaret(pane, editor, active) {
  const { store } = editor;
  const spoken = find('#caret-text', HTMLElement);
  /** @type {import('../base/types.js').Point|null} */
  let last = null;
  let down = false;

  /** @type {(shift: boolean) => import('./tool.js').Sample} */
  const sample = (shift) => {
    const { x, y } = last ?? { x: 0, y: 0 };
    return { x: x + 0.5, y: y + 0.5, pressure: 1, shift, alt: false, space: false, reach: 1 };
  };
  const show = () => {
    const { width, height } = editor.doc;
    last ??= { x: width >> 1, y: height >> 1 };
    last = { x: Math.min(width - 1, Math.max(0, last.x)), y: Math.min(height - 1, Math.max(0, last.y)) };
    store.set({ marks: { caret: last } });
    const name = className(editor.state.model, editor.classAt(last) ?? 0);
    spoken.textContent = t('{name}, {x} across, {y} down', { name, ...last });
  };

  pane.addEventListener('focus', () => pane.matches(':focus-visible') && show());
  pane.addEventListener('blur', () => {
    if (down) active.lift();
    down = false;
    store.set({ marks: { caret: null } });
  });
  pane.addEventListener('keydown', (event) => {
    if (event.target !== pane || event.ctrlKey || event.metaKey || event.altKey || !editor.state.model) return;
    const way = ARROWS[event.key];
    if (way && last) {
      const step = event.shiftKey ? FAR : 1;
      last = { x: last.x + way[0] * step, y: last.y + way[1] * step };
      show();
      active.move([sample(false)]);
    } else if (event.key === ' ' || event.key === 'Enter') {
      if (event.repeat) return event.preventDefault();
      if (down) active.lift();
      else show();
      down = !down && active.press(sample(event.shiftKey)) && !active.isClick;
      if (!down && active.isClick) active.lift();
      show();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
}
