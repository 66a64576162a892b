/** Earlier results, newest first. A click restores one, as an undoable step. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
/** @typedef {import('../../base/types.js').Snapshot} Snapshot */
/** @typedef {import('../../base/types.js').State} State */
import { find, make, thumbnail } from '../../base/dom.js';
import { t } from '../../base/i18n.js';
import { whenIdle } from '../../base/idle.js';
import { restore } from '../../editor/steps.js';

/** The most results. */
const LIMIT = 40;
/** The most bytes of all results; there are fewer results of large pictures. */
const BYTES_MAX = 128 * 2 ** 20;
const THUMB = 144;

/** Keeps the row of results up to date. */
export class Results {
  #list = find('#results', HTMLElement);
  /** @type {{version: number, button: HTMLButtonElement, bytes: number}[]} */
  #results = [];
  /** Results not listed yet. @type {{snapshot: Snapshot, picture: ImageData}[]} */
  #waiting = [];
  #count = 0;
  /** The document that all of them belong to. @type {import('../../document/document.js').Document|null} */
  #doc = null;

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    const show = whenIdle(() => this.#show());
    editor.store.watch(['live.shown', 'doc.version', 'doc.stroking'], (state) => {
      if (editor.doc !== this.#doc) this.#clear();
      this.#take(state);
      show();
    });
  }

  #clear() {
    this.#doc = this.editor.doc;
    this.#results = [];
    this.#waiting = [];
    this.#list.replaceChildren();
  }

  /** @param {State} state */
  #take({ live: { shown }, doc: { version, stroking } }) {
    const { doc } = this.editor;
    const { picture } = this.editor.painting;
    if (shown !== version || stroking || !picture) return;
    const known = [...this.#results, ...this.#waiting.map(({ snapshot }) => snapshot)];
    if (!known.some((result) => result.version === version)) this.#waiting.push({ snapshot: doc.snapshot(), picture });
  }

  #show() {
    for (const { snapshot, picture } of this.#waiting) this.#add(snapshot, picture);
    this.#waiting = [];
    for (const result of this.#results) {
      if (result.version === this.editor.state.live.shown) result.button.setAttribute('aria-current', 'true');
      else result.button.removeAttribute('aria-current');
    }
  }

  /**
   * @param {Snapshot} snapshot
   * @param {ImageData} picture
   */
  #add(snapshot, picture) {
    const label = t('Result {n}, seed {seed}', { n: ++this.#count, seed: snapshot.noise.seed });
    // An image, since canvases cost the browser time in every frame.
    const image = make('img', { alt: '' });
    const button = make('button', { 'aria-label': label }, image);
    button.addEventListener('click', () => {
      if (!this.editor.doc.isOpen) restore(this.editor, snapshot, picture);
    });
    const item = make('li', {}, button);
    createImageBitmap(picture).then((bitmap) => (image.src = thumbnail(bitmap, THUMB).toDataURL('image/webp')));
    const bytes = snapshot.labels.byteLength + snapshot.regions.length + picture.data.length;
    this.#results.unshift({ version: snapshot.version, button, bytes });
    this.#list.prepend(item);
    this.#list.scrollLeft = 0;
    let held = this.#results.reduce((sum, result) => sum + result.bytes, 0);
    while (this.#results.length > LIMIT || (held > BYTES_MAX && this.#results.length > 1)) {
      held -= this.#results.pop()?.bytes ?? 0;
      this.#list.lastElementChild?.remove();
    }
  }
}
