/** Earlier results, newest first; a click goes back to one, as an undoable step. */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./types.js').State} State */
import { find, make, thumbnail, whenIdle } from './dom.js';

const LIMIT = 40;
const THUMB = 144;

export class Strip {
  #list = find('#results', HTMLElement);
  /** @type {{version: number, button: HTMLButtonElement}[]} */
  #results = [];
  #count = 0;

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    editor.store.watch(['model'], () => this.#clear());
    editor.store.watch(['shown', 'version', 'stroking'], whenIdle(() => this.#update(editor.state)));
  }

  #clear() {
    this.#results = [];
    this.#list.replaceChildren();
  }

  /** @param {State} state */
  #update({ shown, version, stroking }) {
    const { picture } = this.editor;
    if (shown !== version || stroking || !picture) return;
    if (!this.#results.some((result) => result.version === version)) this.#add(picture);
    for (const result of this.#results) {
      if (result.version === version) result.button.setAttribute('aria-current', 'true');
      else result.button.removeAttribute('aria-current');
    }
  }

  /** @param {ImageData} picture  of the document as it is now */
  #add(picture) {
    const snapshot = this.editor.doc.snapshot();
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
