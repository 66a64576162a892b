/** Many draws of one label map, as a data set to train on: the dialog, and the zip it makes. */
/** @typedef {import('../editor.js').Editor} Editor */
import { colorTable } from '../classes.js';
import { encodePicture, find, pause } from '../dom.js';
import { download } from '../files.js';
import { randomSeed } from '../noise.js';
import { wireContent } from '../noise/rings.js';
import { encodePng } from '../png.js';
import { render } from '../render.js';
import { toastError } from '../toast.js';
import { packZip } from '../zip.js';
import { about } from './recipe.js';

/** @typedef {{draws: number, first: number, keep: boolean, type: string}} Wish  keep: locked regions as they are */

/**
 * @param {Editor} editor
 * @returns {() => void} opens the dialog
 */
export function attachSet(editor) {
  const dialog = find('#set', HTMLDialogElement);
  const form = find('#set form', HTMLFormElement);
  const fields = find('#set fieldset', HTMLFieldSetElement);
  const make = find('#set .primary', HTMLButtonElement);
  const progress = find('#set progress', HTMLProgressElement);
  let making = new AbortController();
  /** @param {boolean} busy */
  const show = (busy) => {
    fields.disabled = make.disabled = busy;
    progress.hidden = !busy;
    progress.value = 0;
  };

  form.addEventListener('submit', async (event) => {
    if (event.submitter !== make) return;
    event.preventDefault();
    const data = new FormData(form);
    making = new AbortController();
    const { signal } = making;
    show(true);
    try {
      const [draws, first] = [Number(data.get('draws')), Number(data.get('first'))];
      const wish = { draws, first, keep: data.has('keep'), type: String(data.get('type')) };
      const zip = await makeSet(editor, wish, signal, (share) => (progress.value = share));
      download(zip, `${editor.state.model?.id}-set-${first}.zip`);
      dialog.close();
    } catch (error) {
      if (!signal.aborted) toastError(error);
    } finally {
      if (making.signal === signal) show(false);
    }
  });
  dialog.addEventListener('close', () => making.abort());
  return () => {
    show(false);
    find('#set [name=first]', HTMLInputElement).value = String(randomSeed());
    dialog.showModal();
  };
}

/**
 * @param {Editor} editor
 * @param {Wish} wish
 * @param {AbortSignal} signal
 * @param {(share: number) => void} progress  0..1
 * @returns {Promise<Blob>} in the layout that `oasis-studio check-data` reads; the same wish, the same pictures
 */
async function makeSet({ doc, state: { model } }, { draws, first, keep, type }, signal, progress) {
  if (!model) throw new Error('There is no model.');
  const { width, height, labels, regions, noise } = doc.snapshot();
  const labelPng = await encodePng(labels, width, colorTable(model.classes));
  /** @type {{name: string, data: Uint8Array}[]} */
  const files = [];
  const images = [];
  for (let i = 0; i < draws; i++) {
    const seed = (first + i) >>> 0;
    // Seeds of regions follow from the picture's; the factor keeps them away from those of its neighbours.
    const drawn = noise.regions.map((one) =>
      keep && one.locked ? one : { ...one, seed: (seed + Math.imul(one.id, 0x9e3779b1)) >>> 0, blend: [] },
    );
    const content = { width, labels, regions, noise: { seed, regions: drawn } };
    const picture = await encodePicture(await render(model, content, signal), { type, quality: 1 });
    const stem = String(i + 1).padStart(3, '0');
    const image = `images/${stem}.${picture.type.slice(6)}`;
    files.push({ name: image, data: new Uint8Array(await picture.arrayBuffer()) });
    files.push({ name: `labels/${stem}.png`, data: labelPng });
    images.push({ image, labels: `labels/${stem}.png`, noise: wireContent(content).noise });
    progress((i + 1) / draws);
    await pause();
    signal.throwIfAborted();
  }
  const { classes, ignore_id } = model;
  /** @type {(name: string, value: object) => void} */
  const put = (name, value) => files.push({ name, data: new TextEncoder().encode(JSON.stringify(value, null, 1)) });
  put('classes.json', { name: `${model.name} set`, classes: classes.map(({ id, name, color }) => ({ id, name, color })), ignore_id });
  const check = `oasis-studio check-data . --split . --size ${height} ${width}`;
  put('manifest.json', { format: 'oasis-set', version: 1, model: about(model), size: { width, height }, first, check, images });
  return packZip(files);
}
