/** A tooltip with the name of the class under the mouse. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
/** @typedef {import('./stage.js').Pane} Pane */
import { find } from '../base/dom.js';
import { className } from '../maps/classes.js';

/** Milliseconds that the mouse has to rest. */
const REST = 300;

/**
 * Connects the tooltip.
 * @param {Pane[]} panes
 * @param {Editor} editor
 */
export function attachClassTag(panes, editor) {
  const tag = find('#class-tag', HTMLElement);
  let timer = 0;
  const hide = () => {
    clearTimeout(timer);
    tag.hidden = true;
  };
  for (const pane of panes) {
    const { element } = pane;
    element.addEventListener('pointermove', (event) => {
      hide();
      if (event.pointerType === 'touch' || event.buttons) return;
      timer = setTimeout(() => {
        const box = element.getBoundingClientRect();
        const id = editor.classAt(pane.toMap({ x: event.clientX - box.left, y: event.clientY - box.top }));
        if (id === null) return;
        tag.textContent = className(editor.state.model, id);
        tag.style.setProperty('--class', editor.state.classes.colors[id] ?? 'transparent');
        tag.hidden = false;
        const { offsetWidth: width, offsetHeight: height } = tag;
        tag.style.left = `${Math.min(event.clientX + 14, innerWidth - width - 6)}px`;
        tag.style.top = `${Math.min(event.clientY + 18, innerHeight - height - 6)}px`;
      }, REST);
    });
    for (const end of ['pointerleave', 'pointerdown', 'wheel']) element.addEventListener(end, hide, { passive: true });
  }
}
