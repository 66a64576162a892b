/** Earlier results, newest first; a click goes back to one, as an undoable step. */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./types.js').Snapshot} Snapshot */
/** @typedef {import('./types.js').State} State */
import { find, make, thumbnail, whenIdle } from './dom.js';

const LIMIT = 40;
const THUMB = 144;

export class Strip {
  #list = find('#results', HTMLElement);
  /** @type {{version: number, button: HTMLButtonElement}[]} */
  #results = [];
  /** Results that the list does not show yet. @type {{snapshot: Snapshot, picture: ImageData}[]} */
  #waiting = [];
  #count = 0;

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    editor.store.watch(['model'], () => this.#clear());
    const show = whenIdle(() => this.#show());
    editor.store.watch(['shown', 'version', 'stroking'], (state) => {
      this.#take(state);
      show();
    });
  }

  #clear() {
    this.#results = [];
    this.#waiting = [];
    this.#list.replaceChildren();
  }

  /** @param {State} state */
  #take({ shown, version, stroking }) {
    const { picture, doc } = this.editor;
    if (shown !== version || stroking || !picture) return;
    const known = [...this.#results, ...this.#waiting.map(({ snapshot }) => snapshot)];
    if (!known.some((result) => result.version === version)) this.#waiting.push({ snapshot: doc.snapshot(), picture });
  }

  #show() {
    for (const { snapshot, picture } of this.#waiting) this.#add(snapshot, picture);
    this.#waiting = [];
    for (const result of this.#results) {
      if (result.version === this.editor.state.shown) result.button.setAttribute('aria-current', 'true');
      else result.button.removeAttribute('aria-current');
    }
  }

  /**
   * @param {Snapshot} snapshot
   * @param {ImageData} picture
   */
  #add(snapshot, picture) {
    const label = `Result ${++this.#count}, seed ${snapshot.noise.seed}`;
    // An image: canvases cost the browser something in every frame.
    const image = make('img', { alt: '' });
    const button = make('button', { type: 'button', 'aria-label': label }, image);
    button.addEventListener('click', () => {
      if (!this.editor.doc.isOpen) this.editor.restore(snapshot, picture);
    });
    const item = make('li', {}, button);
    createImageBitmap(picture).then((bitmap) => (image.src = thumbnail(bitmap, THUMB).toDataURL('image/webp')));
    this.#results.unshift({ version: snapshot.version, button });
    this.#list.prepend(item);
    this.#list.scrollLeft = 0;
    if (this.#results.length > LIMIT) {
      this.#results.pop();
      this.#list.lastElementChild?.remove();
    }
  }
}
