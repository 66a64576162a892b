/** Starter scenes: label maps that come with a model; one without borrows what the others have and it can paint. */
/** @typedef {import('../base/types.js').Model} Model */
/** @typedef {import('../base/types.js').SceneInfo} SceneInfo */
/** @typedef {{name: string, seed: number, labels: import('../base/types.js').Labels}} Scene  labels of the model's size */
import { readLabels } from '../formats/labels.js';
import { SHARE_MIN, translate } from '../maps/classes.js';
import { resizeNearest } from '../maps/labelmap.js';
import { fetchScene } from './api.js';

/**
 * The scene that a model opens with: the first that can be had.
 * @param {Model} model
 * @param {readonly Model[]} models  all there are
 * @returns {Promise<Scene|null>} null if there is none
 * @throws {UserError} why the first one failed, if there is none because of that
 */
export async function openingScene(model, models) {
  /** @type {unknown[]} */
  const errors = [];
  // All at once: one that hangs keeps none of the others.
  const coming = allScenes(model, models).map((each) => each.catch((error) => void errors.push(error)));
  for (const each of coming) {
    const scene = await each;
    if (scene) return scene;
  }
  if (errors.length) throw errors[0];
  return null;
}

/**
 * All scenes for a model, each on its way.
 * @param {Model} model
 * @param {readonly Model[]} models  all there are
 * @returns {Promise<Scene|null>[]} in their order; null for one that the model cannot paint, a UserError
 */
export function allScenes(model, models) {
  return offers(model, models).map(({ owner, info }) => load(owner, info, model));
}

/**
 * @param {Model} model
 * @param {readonly Model[]} models
 * @returns {{owner: Model, info: SceneInfo}[]}
 */
function offers(model, models) {
  const owners = model.scenes.length ? [model] : models;
  return owners.flatMap((owner) => owner.scenes.map((info) => ({ owner, info })));
}

/**
 * @param {Model} owner
 * @param {SceneInfo} info
 * @param {Model} model  that it is for
 * @returns {Promise<Scene|null>} null if the model has no classes for most of it
 */
async function load(owner, { id, name, seed }, model) {
  const { width, height, labels: own } = await readLabels(await fetchScene(owner.id, id), owner);
  const { labels, share } = owner === model ? { labels: own, share: 1 } : translate(own, owner, model);
  const [newHeight, newWidth] = model.native_size;
  return share < SHARE_MIN ? null : { name, seed, labels: resizeNearest(labels, width, height, newWidth, newHeight) };
}
