/** Starter scenes: label maps that come with a model; one without borrows what the others have and it can paint. */
/** @typedef {import('./types.js').Model} Model */
/** @typedef {import('./types.js').SceneInfo} SceneInfo */
/** @typedef {{name: string, seed: number, labels: Uint8Array}} Scene  labels of the model's size */
import { fetchScene } from './api.js';
import { translate } from './classes.js';
import { readLabels } from './files.js';
import { resizeNearest } from './labelmap.js';

/** Of the pixels of a borrowed scene this share at least must find a class. */
const SHARE_MIN = 0.5;

/**
 * The scene that a model opens with.
 * @param {Model} model
 * @param {readonly Model[]} models  all there are
 * @returns {Promise<Scene|null>} null if there is none
 * @throws {Error} fit for people
 */
export async function openingScene(model, models) {
  for (const { owner, info } of offers(model, models)) {
    const scene = await load(owner, info, model);
    if (scene) return scene;
  }
  return null;
}

/**
 * All scenes for a model, and what went wrong with the others.
 * @param {Model} model
 * @param {readonly Model[]} models  all there are
 * @returns {Promise<{scenes: Scene[], errors: Error[]}>}
 */
export async function allScenes(model, models) {
  const loads = await Promise.allSettled(offers(model, models).map(({ owner, info }) => load(owner, info, model)));
  return {
    scenes: loads.flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value] : [])),
    errors: loads.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
  };
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
  const own = await readLabels(await fetchScene(owner.id, id), owner);
  if (owner === model) return { name, seed, labels: own };
  const { labels, share } = translate(own, owner, model);
  const [from, to] = [owner.native_size, model.native_size];
  return share < SHARE_MIN ? null : { name, seed, labels: resizeNearest(labels, from[1], from[0], to[1], to[0]) };
}
