/** Recreating a photo: segments it and paints three pictures from its labels to choose from. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
import { find, make, thumbnail } from '../../base/dom.js';
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { toastError } from '../../base/toast.js';
import { randomSeed } from '../../document/noise.js';
import { openPhoto, takePicture } from '../../editor/steps.js';
import { cropPhoto, readPhoto } from '../../formats/photo.js';
import { resizeNearest } from '../../maps/labelmap.js';
import { sizeFor } from '../../maps/size.js';
import { segment } from '../../server/api.js';
import { render } from '../../server/render.js';

/** Recreations to choose from, and the height of their thumbnails. */
const CHOICES = 3;
const THUMB = 192;

/** The panel with the recreations. */
export class Recreations {
  #panel = find('#recreations', HTMLElement);
  #list = find('#recreation-list', HTMLElement);
  #busy = find('#busy', HTMLElement);
  /** Counts the photos, so that late results of earlier ones are dropped. */
  #turn = 0;

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    find('#recreations-more', HTMLButtonElement).addEventListener('click', () => this.#offer(randomSeed()));
    find('#recreations-close', HTMLButtonElement).addEventListener('click', () => this.close());
    editor.store.watch(['model'], () => this.close());
  }

  /** Closes the panel. */
  close() {
    this.#turn++;
    this.#panel.hidden = true;
    this.#busy.hidden = true;
  }

  /**
   * Tells why photos cannot be opened.
   * @param {import('../../base/types.js').State} state
   * @returns {string|null} for display; null if they can
   */
  obstacle({ model }) {
    return model?.capabilities.segment === false
      ? t('{name} paints, but cannot label photos.', { name: model.name })
      : null;
  }

  /** Opens a photo. @param {File} file */
  async recreate(file) {
    const { model } = this.editor.state;
    if (!model) return;
    const obstacle = this.obstacle(this.editor.state);
    if (obstacle) throw new UserError(obstacle);
    const turn = ++this.#turn;
    this.#busy.hidden = false;
    try {
      const photo = await readPhoto(file);
      const { width, height } = sizeFor(photo, this.editor.doc, model);
      const { picture, sent } = await cropPhoto(photo, width, height);
      const found = await segment(model.id, sent);
      const small = thumbnail(await createImageBitmap(picture), THUMB);
      if (turn !== this.#turn) return;
      const [high, wide] = model.native_size;
      const labels = resizeNearest(found.labels, wide, high, width, height);
      const confidence = resizeNearest(found.confidence, wide, high, width, height);
      const seed = randomSeed();
      openPhoto(this.editor, { picture, labels, confidence, shown: false }, seed);
      this.editor.store.set({ view: { overlay: 'confidence' } });
      find('#recreation-source', HTMLElement).replaceChildren(small);
      this.#panel.hidden = false;
      this.#busy.hidden = true;
      await this.#offer(seed);
    } finally {
      if (turn === this.#turn) this.#busy.hidden = true;
    }
  }

  /**
   * Paints recreations of the current labels.
   * @param {number} first  the seed of the first one
   */
  async #offer(first) {
    const turn = this.#turn;
    const { model } = this.editor.state;
    if (!model) return;
    const seeds = Array.from({ length: CHOICES }, (_, i) => (i ? randomSeed() : first));
    const buttons = seeds.map((seed, i) => {
      const label = t('Recreation {number}, seed {seed}', { number: i + 1, seed });
      return make('button', { class: 'recreation', disabled: '', 'aria-label': label });
    });
    this.#list.replaceChildren(...buttons);
    const { width, labels } = this.editor.doc;
    const maps = { width, labels: labels.slice(), regions: new Uint8Array(labels.length) };
    for (const [i, seed] of seeds.entries()) {
      try {
        const content = { ...maps, noise: { seed, regions: [] } };
        const picture = await render(model, content);
        if (turn !== this.#turn || !buttons[i].isConnected) return;
        buttons[i].replaceChildren(thumbnail(await createImageBitmap(picture), THUMB));
        buttons[i].disabled = false;
        buttons[i].addEventListener('click', () => takePicture(this.editor, content, picture));
      } catch (error) {
        return toastError(error);
      }
    }
  }
}
