/** Starting, opening and switching works. */
/** @typedef {import('../base/types.js').Model} Model */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./editor.js').Work} Work */
import { Document } from '../document/document.js';
import { withoutEmpty } from '../document/noise.js';
import { Pictures } from '../document/picture-cache.js';
import { SHARE_MIN, translate } from '../maps/classes.js';
import { resizeNearest } from '../maps/labelmap.js';

/**
 * @param {Model} model
 * @returns {Work} an empty work of the model's native size
 */
function newWork(model) {
  const [height, width] = model.native_size;
  const doc = new Document(width, height, model);
  doc.touch();
  return { model, doc, pictures: new Pictures(), opening: -1 };
}

/**
 * Starts a new work with a scene.
 * @param {Editor} editor
 * @param {Model} model
 * @param {{labels: import('../base/types.js').Labels, seed: number}|null|void} scene  of the model's native size; without one the map is blank
 */
export function beginWork(editor, model, scene) {
  const work = newWork(model);
  const { doc } = work;
  doc.labels.fill(model.ignore_id ?? 0);
  if (scene) doc.labels.set(scene.labels);
  if (scene) doc.noise = { seed: scene.seed, regions: [] };
  editor.resume({ ...work, opening: doc.version });
}

/**
 * Switches to `model`: to its last work if that was edited, else with the current work if something was painted and can
 * be translated, else to its unedited last work.
 * @param {Editor} editor
 * @param {Model} model
 * @returns {boolean} false if there was none of these
 */
export function switchModel(editor, model) {
  const last = editor.works.get(model.id);
  const next = (!last?.doc.isEdited && carried(editor, model)) || last;
  if (next) editor.resume(next);
  return next !== undefined;
}

/**
 * @param {Editor} editor
 * @param {Model} model
 * @returns {Work|null} the current document translated to `model`: resized, classes matched by name; null if it still
 * shows the labels of its opening scene, or if `model` lacks classes for most of it
 */
function carried({ work }, model) {
  if (!work) return null;
  const { doc } = work;
  if (work.opening >= 0 && !doc.steps.done.some(({ labels, whole }) => labels || whole)) return null;
  const { labels, share } = translate(doc.labels, work.model, model);
  if (share < SHARE_MIN) return null;
  const next = newWork(model);
  const { width, height } = next.doc;
  next.doc.labels.set(resizeNearest(labels, doc.width, doc.height, width, height));
  next.doc.regions.set(resizeNearest(doc.regions, doc.width, doc.height, width, height));
  next.doc.noise = withoutEmpty(doc.noise, next.doc.regions);
  next.doc.about = { ...next.doc.about, name: doc.about.name };
  return next;
}

/**
 * Opens a project.
 * @param {Editor} editor
 * @param {Model} model
 * @param {Pick<import('../base/types.js').Project, 'snapshot'|'steps'|'keyFrames'|'name'|'link'|'picture'>} project  for this model
 * @param {boolean} saved  whether it is unchanged since it was saved
 */
export function openProject(editor, model, { snapshot, steps, keyFrames, name, link, picture }, saved) {
  const work = newWork(model);
  const { doc, pictures } = work;
  doc.recall(snapshot, steps, keyFrames);
  doc.about = { ...doc.about, name, link, saved: saved ? doc.version : -1 };
  if (picture) pictures.put(doc.version, picture);
  editor.resume(work);
}
