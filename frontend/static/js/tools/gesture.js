/** The gesture in progress, made with a mouse, a pen, a finger or the keyboard. There is at most one. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
/** @typedef {import('./tool.js').Sample} Sample */
/** @typedef {import('./tool.js').Gesture} Gesture */
/** @typedef {import('../base/types.js').ToolId} ToolId */
import { toolOf } from './tools.js';

/** Passes input to the gesture of the current tool. */
export class ActiveGesture {
  /** Whether Space is held down. */
  space = false;
  /** @type {Gesture|null} */
  #gesture = null;
  #down = false;
  /** @type {Sample|null} */
  #last = null;

  /**
   * @param {Editor} editor
   * @param {(error: unknown) => void} failed  called with errors of gestures
   */
  constructor(editor, failed) {
    this.editor = editor;
    this.failed = failed;
    editor.store.watch(['tools.tool', 'model', 'doc.width', 'doc.height'], () => this.cancel());
    for (const type of /** @type {const} */ (['keydown', 'keyup'])) {
      addEventListener(type, (event) => this.#pressedKey(event), true);
    }
  }

  /** Whether a gesture is in progress. */
  get busy() {
    return this.#gesture !== null;
  }

  /**
   * Starts a gesture, or presses again within one.
   * @param {Sample} sample
   * @param {ToolId} [tool]
   * @returns {boolean} whether a gesture is in progress now
   */
  press(sample, tool = this.editor.state.tools.tool) {
    const gesture = this.#gesture;
    // Another pointer or the keyboard is in use.
    if (gesture && (this.#down || !gesture.press)) return false;
    this.#last = sample;
    this.#down = true;
    if (gesture) this.#attempt(() => gesture.press?.(sample));
    else if (!this.editor.doc.isOpen) this.#attempt(() => (this.#gesture = this.#begin(sample, tool)));
    this.#down = this.busy;
    return this.busy;
  }

  /**
   * @param {Sample} sample
   * @param {ToolId} id
   */
  #begin(sample, id) {
    const { begin, beginWithAlt = begin } = toolOf(id);
    return (sample.alt ? beginWithAlt : begin)(this.editor, sample);
  }

  /** Moves the pointer. @param {Sample[]} samples */
  move(samples) {
    this.#last = samples[samples.length - 1];
    if (this.#down) this.#attempt(() => this.#gesture?.move?.(samples));
    else this.#attempt(() => this.#last && this.#gesture?.hover?.(this.#last));
  }

  /** Moves a pointer that is up. Ignored while another pointer or the keyboard is down. @param {() => Sample} sample */
  hover(sample) {
    if (this.busy && !this.#down) this.move([sample()]);
  }

  /** Ends the press, and with it most gestures. */
  lift() {
    const gesture = this.#gesture;
    let more = false;
    this.#gesture = null;
    this.#down = false;
    this.#attempt(() => (more = gesture?.end() === true));
    this.#gesture = gesture;
    if (!more) this.#over();
  }

  /** Cancels the gesture and reverts its step. */
  cancel() {
    const gesture = this.#over();
    if (!gesture) return;
    this.editor.cancelStroke();
    gesture.cancel?.();
  }

  #over() {
    const gesture = this.#gesture;
    this.#gesture = null;
    this.#down = false;
    if (gesture) this.editor.store.set({ marks: { band: null } });
    return gesture;
  }

  /** Reverts a press because a second finger followed. If there were several presses, only the last is reverted. */
  undoPress() {
    this.#down = false;
    if (!this.#gesture?.press) this.cancel();
    else if (this.#gesture.key?.('Backspace')) this.#over();
  }

  /** Whether the gesture consists of clicks, without dragging. */
  get isClick() {
    return this.#gesture?.instant === true || this.#gesture?.press !== undefined;
  }

  /** @param {() => void} work */
  #attempt(work) {
    try {
      work();
    } catch (error) {
      this.failed(error);
    }
  }

  /** @param {KeyboardEvent} event */
  #pressedKey(event) {
    const { key, shiftKey, altKey } = event;
    const gesture = this.#gesture;
    if (!gesture || event.target instanceof HTMLInputElement) return;
    if ([' ', 'Shift', 'Alt'].includes(key) && this.#last) {
      if (key === 'Alt') event.preventDefault();
      const space = key === ' ' ? event.type === 'keydown' : this.space;
      this.move([{ ...this.#last, shift: shiftKey, alt: altKey, space }]);
    }
    if (event.type === 'keyup' || !['Escape', 'Enter', 'Backspace'].includes(key)) return;
    if (key === 'Escape') this.cancel();
    else if (!gesture.key) return;
    else this.#attempt(() => gesture.key?.(key) && this.#over());
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
