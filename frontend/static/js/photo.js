/**
 * A photo in, its classes on the canvas, three recreations to choose from.
 */
/** @typedef {import('./editor.js').Editor} Editor */
import { segment } from './api.js';
import { find, make, thumbnail } from './dom.js';
import { readLabels } from './files.js';
import { randomSeed } from './noise.js';
import { render } from './render.js';
import { toast, toastError } from './toast.js';

const CHOICES = 3;
const THUMB = 192;
/** What the server takes at most; bigger photos are made smaller here. */
const BYTES_MAX = 10 * 2 ** 20;
const SIDE_MAX = 4096;

export class Recreations {
  #tray = find('#recreations', HTMLElement);
  #list = find('#recreation-list', HTMLElement);
  #busy = find('#busy', HTMLElement);
  /** Counts the photos: what an older one still brings is dropped. */
  #turn = 0;
  /** What the recreations are made from. @type {Uint8Array} */
  #labels = new Uint8Array(0);
  #width = 0;

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    find('#recreations-more', HTMLButtonElement).addEventListener('click', () => this.#offer(randomSeed()));
    find('#recreations-close', HTMLButtonElement).addEventListener('click', () => this.close());
    editor.store.watch(['model'], () => this.close());
  }

  close() {
    this.#turn++;
    this.#tray.hidden = true;
    this.#busy.hidden = true;
  }

  /**
   * A file that was dropped or pasted: a PNG that is a label map of this model is
   * taken as one, everything else is a photo.
   * @param {File} file
   */
  async receive(file) {
    const { model } = this.editor.state;
    if (!model) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const labels = await readLabels(bytes, model, this.editor.doc).catch(() => null);
    if (!labels) return this.recreate(file);
    this.close();
    this.editor.replaceLabels('Open a label map', labels);
    toast('Opened as a label map.');
  }

  /**
   * @param {import('./types.js').State} state
   * @returns {string|null} why the model cannot take photos
   */
  obstacle({ model }) {
    return model?.segmenter === null ? `${model.name} paints, but cannot label photos.` : null;
  }

  /** @param {File} file */
  async recreate(file) {
    const { model } = this.editor.state;
    if (!model) return;
    const obstacle = this.obstacle(this.editor.state);
    if (obstacle) throw new Error(obstacle);
    const turn = ++this.#turn;
    this.#busy.hidden = false;
    try {
      const photo = await fitting(file);
      const png = await segment(model.id, photo);
      const labels = await readLabels(png, model, this.editor.doc);
      const small = await decodeSmall(photo);
      if (turn !== this.#turn) return;
      this.#labels = labels;
      this.#width = this.editor.doc.width;
      const seed = randomSeed();
      this.editor.replaceLabels('Recreate a photo', labels, seed);
      find('#recreation-source', HTMLElement).replaceChildren(...(small ? [small] : []));
      this.#tray.hidden = false;
      this.#busy.hidden = true;
      await this.#offer(seed);
    } finally {
      if (turn === this.#turn) this.#busy.hidden = true;
    }
  }

  /** @param {number} first  seed of the first recreation */
  async #offer(first) {
    const turn = this.#turn;
    const { model } = this.editor.state;
    if (!model) return;
    const seeds = Array.from({ length: CHOICES }, (_, i) => (i ? randomSeed() : first));
    const buttons = seeds.map((seed, i) => {
      const label = `Recreation ${i + 1}, seed ${seed}`;
      return make('button', { type: 'button', class: 'recreation', disabled: '', 'aria-label': label });
    });
    this.#list.replaceChildren(...buttons);
    for (const [i, seed] of seeds.entries()) {
      try {
        const picture = await render(model, this.#content(seed));
        if (turn !== this.#turn || !buttons[i].isConnected) return;
        buttons[i].replaceChildren(thumbnail(await createImageBitmap(picture), THUMB));
        buttons[i].disabled = false;
        buttons[i].addEventListener('click', () => this.#take(seed, picture));
      } catch (error) {
        return toastError(error);
      }
    }
  }

  /**
   * @param {number} seed
   * @param {ImageData} picture
   */
  #take(seed, picture) {
    this.editor.take(this.#content(seed), picture);
  }

  /** @param {number} seed */
  #content(seed) {
    const regions = new Uint8Array(this.#labels.length);
    return { width: this.#width, labels: this.#labels, regions, noise: { seed, regions: [] } };
  }
}

/**
 * @param {File} file
 * @returns {Promise<Blob>} the photo, made smaller if the server would refuse it
 */
async function fitting(file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  // What the browser cannot read the server will name more precisely.
  if (!bitmap) return file;
  const shrink = Math.min(1, SIDE_MAX / 2 / Math.max(bitmap.width, bitmap.height));
  const fits = file.size <= BYTES_MAX && Math.max(bitmap.width, bitmap.height) <= SIDE_MAX;
  if (fits) return file;
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * shrink), Math.round(bitmap.height * shrink));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
}

/** @param {Blob} photo */
async function decodeSmall(photo) {
  const bitmap = await createImageBitmap(photo).catch(() => null);
  return bitmap && thumbnail(bitmap, THUMB);
}
