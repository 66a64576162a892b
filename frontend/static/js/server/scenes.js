/**
 * Starter scenes: label maps that come with a model. A model without scenes borrows those of others that it can paint.
 */
/** @typedef {import('../base/types.js').Model} Model */
/** @typedef {import('../base/types.js').SceneInfo} SceneInfo */
/** @typedef {{name: string, seed: number, labels: import('../base/types.js').Labels}} Scene  Labels of the model's native size. */
import { readLabels } from '../formats/labels.js';
import { SHARE_MIN, translate } from '../maps/classes.js';
import { resizeNearest } from '../maps/labelmap.js';
import { fetchScene } from './api.js';

/**
 * Loads the scene that a model opens with: the first one that loads.
 * @param {Model} model
 * @param {readonly Model[]} models  all models
 * @returns {Promise<Scene|null>} null if there is none
 * @throws {UserError} the first failure, if no scene loads
 */
export async function openingScene(model, models) {
  /** @type {unknown[]} */
  const errors = [];
  // All at once, so that one that hangs does not delay the others.
  const coming = allScenes(model, models).map((each) => each.catch((error) => void errors.push(error)));
  for (const each of coming) {
    const scene = await each;
    if (scene) return scene;
  }
  if (errors.length) throw errors[0];
  return null;
}

/**
 * Starts loading all scenes for a model.
 * @param {Model} model
 * @param {readonly Model[]} models  all models
 * @returns {Promise<Scene|null>[]} in order; null for one that the model cannot paint; a UserError for one that fails
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
 * @param {Model} model  to translate it to
 * @returns {Promise<Scene|null>} null if the model lacks classes for most of it
 */
async function load(owner, { id, name, seed }, model) {
  const { width, height, labels: own } = await readLabels(await fetchScene(owner.id, id), owner);
  const { labels, share } = owner === model ? { labels: own, share: 1 } : translate(own, owner, model);
  const [newHeight, newWidth] = model.native_size;
  return share < SHARE_MIN ? null : { name, seed, labels: resizeNearest(labels, width, height, newWidth, newHeight) };
}
