/**
 * Writes a project as the members of its file; see docs/projects.md. Works saved in the browser have the same members,
 * so both are written and read by the same code.
 */
/** @typedef {import('../../base/types.js').MadeWith} MadeWith */
/** @typedef {import('../../base/types.js').Project} Project */
/** @typedef {import('../../base/types.js').FrozenPixels} FrozenPixels */
/** @typedef {import('../../base/types.js').Noise} Noise */
/** @typedef {import('../../base/types.js').Snapshot} Snapshot */
/** @typedef {import('../../base/types.js').Step} Step */
/** @typedef {() => Uint8Array|Promise<Uint8Array>} Encode  Encodes a member when it is needed. */
import { randomSeed } from '../../document/noise.js';
import { encodePicture } from '../../formats/picture.js';
import { encodePng } from '../../formats/png.js';
import { colorTable } from '../../maps/classes.js';
import { packDelta } from '../../maps/delta.js';

export const FORMAT = 'oasis-project';
export const VERSION = 1;
/** What a project records about its model. @type {readonly (keyof MadeWith)[]} */
const MADE_WITH = ['id', 'name', 'version', 'hash', 'classes', 'ignore_id'];

/**
 * The member names of immutable objects. They are unique, so equal names mean equal content.
 * @type {WeakMap<object, string>}
 */
const names = new WeakMap();
const here = randomSeed().toString(36);
let count = 0;

/**
 * Records the member that an object was read from, so that it is not written again.
 * @param {object} thing
 * @param {string} name
 */
export function giveName(thing, name) {
  names.set(thing, name);
}

/**
 * Lists the members of a project.
 * @param {Project} project
 * @returns {Map<string, Encode>} by name; members in `parts/` with equal names have equal content
 */
export function members({ name, link, model, snapshot, steps, keyFrames, underlay, sent, picture, rendered }) {
  const { width, height, labels, regions, noise, version } = snapshot;
  /** @type {Map<string, Encode>} */
  const files = new Map();

  /** @type {<T extends object>(thing: T|null, type: string, encode: (thing: T) => Uint8Array|Promise<Uint8Array>) => string|null} */
  const put = (thing, type, encode) => {
    if (!thing) return null;
    const file = names.get(thing) ?? `parts/${here}-${++count}.${type}`;
    names.set(thing, file);
    files.set(file, () => encode(thing));
    return file;
  };
  /** @type {(map: import('../../base/types.js').Labels, width: number) => string|null} */
  const putMap = (map, width) => put(map, 'png', (ids) => encodePng(ids, width));
  /** @param {ImageData|ImageBitmap|null} picture */
  const putPicture = (picture) => put(picture, 'png', pictureBytes);
  /** @param {FrozenPixels|null} frozen */
  const putFrozen = (frozen) =>
    frozen && { picture: putPicture(frozen.picture), cover: putMap(frozen.mask, frozen.picture.width) };
  /** @param {import('../../base/types.js').Photo|null} photo */
  const putPhoto = (photo) =>
    photo && {
      picture: putPicture(photo.picture),
      labels: putMap(photo.labels, photo.picture.width),
      confidence: putMap(photo.confidence, photo.picture.width),
      kept: photo.shown,
    };
  /** @param {Step} step */
  const putStep = ({ whole, labels, regions, frozen, photo, ...rest }) => ({
    ...rest,
    kept: putFrozen(frozen),
    photo: putPhoto(photo),
    labels: put(labels, 'bin', packDelta),
    regions: put(regions, 'bin', packDelta),
    whole: whole && { labels: putMap(whole.labels, whole.width), regions: putMap(whole.regions, whole.width) },
  });
  /** @param {import('../../base/types.js').KeyFrame} keyFrame */
  const putKeyFrame = ({ snapshot: { width, labels, regions, noise, version, ...content }, picture }) => ({
    ...{ noise, version, labels: putMap(labels, width), regions: putMap(regions, width), picture: putPicture(picture) },
    ...{ kept: putFrozen(content.frozen), photo: putPhoto(content.photo) },
  });
  /** @type {(name: string, value: object) => void} */
  const putJson = (name, value) => files.set(name, () => new TextEncoder().encode(JSON.stringify(value)));

  const { classes } = model;
  putJson('manifest.json', {
    format: FORMAT,
    version: VERSION,
    name,
    saved: new Date().toISOString(),
    model: Object.fromEntries(MADE_WITH.map((key) => [key, model[key]])),
    size: { width, height },
    noise,
    sent: sent && { noise: sent.noise },
    kept: putFrozen(snapshot.frozen),
    photo: putPhoto(snapshot.photo),
    underlay: putPicture(underlay),
    keys: keyFrames.map(putKeyFrame),
    link,
  });
  files.set('labels.png', () => encodePng(labels, width, colorTable(classes)));
  if (noise.regions.length) files.set('regions.png', () => encodePng(regions, width));
  if (sent && noise.regions.length) files.set('sent-regions.png', () => encodePng(sent.regions, width));
  if (rendered) files.set('rendered.png', () => pictureBytes(rendered));
  if (picture) files.set('picture.png', () => pictureBytes(picture));
  putJson('history.json', { at: version, done: steps.done.map(putStep), undone: steps.undone.map(putStep) });
  return files;
}

/** @param {ImageData|ImageBitmap} picture */
const pictureBytes = async (picture) => new Uint8Array(await (await encodePicture(picture)).arrayBuffer());
