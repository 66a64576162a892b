/** Opens dropped, pasted or chosen pictures: finds out what they can be used as, and lets the user choose. */
/** @typedef {'photo'|'labels'|'underlay'} Kind */
import { find } from '../../base/dom.js';
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { replaceLabels } from '../../editor/steps.js';
import { readLabels } from '../../formats/labels.js';
import { readPhoto } from '../../formats/photo.js';
import { useUnderlay } from './underlay.js';

const KINDS = /** @type {Kind[]} */ (['photo', 'labels', 'underlay']);

/** Opens picture files. */
export class Receiver {
  #dialog = find('#receive', HTMLDialogElement);
  #image = find('#receive-image', HTMLImageElement);
  #name = find('#receive-name', HTMLElement);

  /**
   * @param {import('../../editor/editor.js').Editor} editor
   * @param {import('./recreations.js').Recreations} recreations
   */
  constructor(editor, recreations) {
    this.editor = editor;
    this.recreations = recreations;
  }

  /**
   * Asks how to use a picture, and opens it.
   * @param {File} file
   * @throws {UserError} if it is not a picture
   */
  async receive(file) {
    const { editor, recreations } = this;
    const { model } = editor;
    const photo = await readPhoto(file);
    const noLabels = await readLabelFile(file, model).then(
      () => null,
      (error) => {
        if (!(error instanceof UserError)) throw error;
        return error.message;
      },
    );
    const noPhoto = recreations.obstacle(editor.state);
    const kind = await this.#chooseKind(file, { photo: noPhoto, labels: noLabels, underlay: null });
    if (kind === 'photo') await recreations.recreate(file);
    if (kind === 'labels') await this.openLabels(file);
    if (kind === 'underlay') await useUnderlay(editor, photo);
  }

  /** Opens a label map. @param {File} file */
  async openLabels(file) {
    const labels = await readLabelFile(file, this.editor.model);
    this.recreations.close();
    replaceLabels(this.editor, t('Open a label map'), labels);
  }

  /**
   * @param {File} file
   * @param {Record<Kind, string|null>} obstacles  for display: why it cannot be used as that
   * @returns {Promise<string>} a kind, or '' if canceled
   */
  async #chooseKind(file, obstacles) {
    const dialog = this.#dialog;
    const closing = () => new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
    if (dialog.open) {
      dialog.close();
      await closing();
    }
    const url = URL.createObjectURL(file);
    this.#image.src = url;
    this.#name.textContent = file.name;
    const buttons = KINDS.map((kind) => {
      const button = find(`[value='${kind}']`, HTMLButtonElement, dialog);
      button.disabled = obstacles[kind] !== null;
      button.title = t(obstacles[kind] ?? '');
      return button;
    });
    const [photo, labels, underlay] = buttons;
    dialog.returnValue = '';
    dialog.showModal();
    // The first possible one. A label map is rarely meant as a photo.
    [labels, photo, underlay].find(({ disabled }) => !disabled)?.focus();
    await closing();
    URL.revokeObjectURL(url);
    return dialog.returnValue;
  }
}

/** @type {(file: File, model: import('../../base/types.js').Model) => ReturnType<typeof readLabels>} */
const readLabelFile = async (file, model) => readLabels(new Uint8Array(await file.arrayBuffer()), model);
