/** Augmentation sets: many pictures of one label map, as a data set to train on. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
import { find } from '../../base/dom.js';
import { download } from '../../base/download.js';
import { nextTask } from '../../base/idle.js';
import { toastError } from '../../base/toast.js';
import { randomSeed } from '../../document/noise.js';
import { wireContent } from '../../document/wire-noise.js';
import { modelInfo, pack } from '../../formats/pack.js';
import { encodePicture } from '../../formats/picture.js';
import { encodePng } from '../../formats/png.js';
import { colorTable } from '../../maps/classes.js';
import { render } from '../../server/render.js';

/**
 * Connects the dialog.
 * @param {Editor} editor
 * @returns {() => void} opens the dialog
 */
export function attachSet(editor) {
  const dialog = find('#set', HTMLDialogElement);
  const form = find('#set form', HTMLFormElement);
  const make = find('#set .primary', HTMLButtonElement);
  const progress = find('#set progress', HTMLProgressElement);
  let making = new AbortController();
  /** @param {boolean} busy */
  const show = (busy) => {
    make.disabled = busy;
    progress.hidden = !busy;
    progress.value = 0;
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const { signal } = (making = new AbortController());
    const data = new FormData(form);
    show(true);
    try {
      const zip = await makeSet(editor, data, signal, (share) => (progress.value = share));
      download(zip, `${editor.state.model?.id}-set-${data.get('first')}.zip`);
      dialog.close();
    } catch (error) {
      if (!signal.aborted) toastError(error);
    }
    if (signal === making.signal) show(false);
  });
  find('#set .quiet', HTMLElement).addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => making.abort());
  return () => {
    show(false);
    find('#set [name=first]', HTMLInputElement).value = String(randomSeed());
    dialog.showModal();
  };
}

/**
 * Paints a set.
 * @param {Editor} editor
 * @param {FormData} options  count, first (seed), type, keep (locked regions)
 * @param {AbortSignal} signal
 * @param {(share: number) => void} progress  0..1
 * @returns {Promise<Blob>} a zip in the layout of `oasis-studio check-data`; equal options give equal pictures
 */
async function makeSet({ doc, state: { model } }, options, signal, progress) {
  if (!model) throw new Error('There is no model.');
  const { classes, ignore_id } = model;
  const { width, height, labels, regions, noise } = doc.snapshot();
  const labelPng = await encodePng(labels, width, colorTable(classes));
  const [count, first, type] = [
    Number(options.get('count')),
    Number(options.get('first')),
    String(options.get('type')),
  ];
  /** @type {Map<string, Blob|Uint8Array|object>} */
  const files = new Map();
  const images = [];
  for (let i = 0; i < count; i++) {
    const seed = (first + i) >>> 0;
    const rerolled = noise.regions.map((region) => {
      if (region.locked && options.has('keep')) return region;
      // Derived from the seed of the picture. The factor avoids seeds of other pictures.
      return { ...region, seed: (seed + Math.imul(region.id, 0x9e3779b1)) >>> 0, blend: [] };
    });
    const content = { width, labels, regions, noise: { seed, regions: rerolled } };
    const picture = await encodePicture(await render(model, content, signal), { type, quality: 1 });
    const stem = String(i + 1).padStart(3, '0');
    const [image, map] = [`images/${stem}.${picture.type.slice(6)}`, `labels/${stem}.png`];
    files.set(image, picture).set(map, labelPng);
    images.push({ image, labels: map, noise: wireContent(content).noise });
    progress((i + 1) / count);
    await nextTask();
    signal.throwIfAborted();
  }
  const check = `oasis-studio check-data . --split . --size ${height} ${width}`;
  files.set('classes.json', { name: model.name, classes, ignore_id });
  files.set('manifest.json', {
    format: 'oasis-set',
    version: 1,
    model: modelInfo(model),
    size: { width, height },
    first,
    check,
    images,
  });
  return pack(files);
}
