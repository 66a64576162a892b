/** Asks for hints about the picture on screen, once it rests. */
/** @typedef {import('../hints.js').Hints} Hints */
/** @typedef {import('../types.js').State} State */
import { hints } from '../hints.js';
import { toastError } from '../toast.js';

/** Milliseconds that a picture has to rest: hints cost the server as much as a picture. */
const REST = 300;

export class Hinter {
  /** The version that was asked about. */
  #asked = -1;
  #asking = new AbortController();
  #timer = 0;
  /** The last failure was said, and nothing has worked since. */
  #said = false;

  /**
   * @param {import('../editor.js').Editor} editor
   * @param {(state: State) => boolean} wanted  whether anybody looks at them
   * @param {(hints: Hints|null) => void} show  them; null if there are none, or not yet
   */
  constructor(editor, wanted, show) {
    this.editor = editor;
    this.wanted = wanted;
    this.show = show;
    editor.store.watch(['overlay', 'shown', 'version', 'stroking', 'model'], () => this.look());
  }

  /** Sees whether there is something to ask. */
  look() {
    const { state } = this.editor;
    const { model, shown, version, stroking } = state;
    const idle = !model?.segmenter || !this.wanted(state);
    if (idle || version !== this.#asked) this.#giveUp();
    if (idle || stroking || shown !== version || version === this.#asked) return;
    this.#asked = version;
    this.#timer = setTimeout(() => this.#ask(model), REST);
  }

  #giveUp() {
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#asked = -1;
  }

  /** @param {import('../types.js').Model} model */
  async #ask(model) {
    const { picture, doc } = this.editor;
    const { signal } = (this.#asking = new AbortController());
    if (!picture) return;
    try {
      const found = await hints(model, doc, picture, signal);
      if (signal.aborted) return;
      this.#said = false;
      this.show(found);
    } catch (error) {
      if (signal.aborted) return;
      if (!this.#said) toastError(error);
      this.#said = true;
      this.show(null);
    }
  }
}
