/** Reads the members of a project. They are untrusted: errors name the damaged member. */
/** @typedef {import('../../base/types.js').Step} Step */
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { parseJson } from '../../base/json.js';
import { isVector } from '../../document/vectors.js';
import { labelIds } from '../../formats/labels.js';
import { decodePicture } from '../../formats/picture.js';
import { decodePng } from '../../formats/png.js';
import { diff, unpackDelta } from '../../maps/delta.js';
import { isWide, labelsOf } from '../../maps/labelmap.js';
import { FORMAT, giveName, VERSION } from './members.js';

/**
 * Reads a project.
 * @param {Map<string, Uint8Array>} files  the members by name
 * @returns {Promise<import('../../base/types.js').Project>}
 * @throws {UserError} if it is damaged or of another version
 */
export async function readProject(files) {
  /** Pending reads by name and parser. @type {Map<string, Map<Function, Promise<any>>>} */
  const begun = new Map();
  /**
   * Reads a member once, however often it is requested.
   * @type {<T>(name: string, parse: (bytes: Uint8Array<ArrayBuffer>) => T|Promise<T>) => Promise<T>}
   */
  const read = (name, parse) => {
    const reading = async () => {
      const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (files.get(name) ?? expect(false, name));
      return Promise.resolve(bytes)
        .then(parse)
        .catch(() => expect(false, name));
    };
    const ways = begun.get(name) ?? new Map();
    const found = ways.get(parse) ?? reading();
    begun.set(name, ways.set(parse, found));
    return found;
  };
  /** @param {string} name */
  const readJson = (name) => read(name, (bytes) => parseJson(new TextDecoder().decode(bytes)) ?? expect(false, name));
  /** Reads a region map or a mask. @param {string} name */
  const readMap = async (name) => {
    const { ids, width, height } = await read(name, decodePng);
    return { ids: named(ids instanceof Uint8Array ? ids : expect(false, name), name), width, height };
  };
  /** @param {Uint8Array} bytes */
  const toLabels = async (bytes) => {
    const raster = await decodePng(bytes);
    return { ...raster, ids: labelIds(raster, model) };
  };
  /**
   * Reads a label map, with the bits per id of the model.
   * @param {string} name
   * @returns {Promise<{ids: import('../../base/types.js').Labels, width: number, height: number}>}
   */
  const readLabels = async (name) => {
    const { ids, width, height } = await read(name, toLabels);
    const labels = labelsOf(model, ids);
    if (labels === ids) return { ids: named(ids, name), width, height };
    const same = ids.every((id, i) => id === labels[i]);
    return same ? { ids: labels, width, height } : expect(false, name);
  };
  /** @param {string} name */
  const readPicture = async (name) => named(await read(name, toPicture), name);

  /**
   * Reads a picture, and maps of its size.
   * @type {(length: number, name: string, ...maps: string[]) => Promise<{picture: ImageData, maps: Uint8Array[]}>}
   */
  const readStack = async (length, name, ...maps) => {
    const picture = await readPicture(name);
    expect(picture.data.length === 4 * length, name);
    const read = maps.map(async (map) => {
      const { ids, width } = await readMap(map);
      expect(ids.length === length && width === picture.width, map);
      return ids;
    });
    return { picture, maps: await Promise.all(read) };
  };
  /** @type {(content: any, length: number) => Promise<Pick<import('../../base/types.js').Snapshot, 'frozen'|'photo'>>} */
  const readPixels = async ({ kept, photo }, length) => {
    const old = kept && (await readStack(length, kept.picture, kept.cover));
    const own = photo && (await readStack(length, photo.picture, photo.confidence));
    const found = photo && (await readLabels(photo.labels));
    expect(!found || (found.ids.length === length && found.width === own.picture.width), photo?.labels);
    return {
      frozen: old && { picture: old.picture, mask: old.maps[0] },
      photo: own && { picture: own.picture, labels: found.ids, confidence: own.maps[0], shown: Boolean(photo.kept) },
    };
  };

  /** @type {(list: any, length: number) => Promise<Step[]>} */
  const readSteps = async (list, length) => {
    expect(Array.isArray(list) && list.every(Boolean), 'history.json');
    /** @type {Step[]} */
    const steps = [];
    for (const step of list.reverse()) {
      const { name, version, noise, labels, regions, whole } = step;
      expect(typeof name === 'string' && isNoise(noise), 'history.json');
      const [map, other] = whole ? [await readLabels(whole.labels), await readMap(whole.regions)] : [];
      expect(map?.ids.length === other?.ids.length, whole?.regions);
      length = map?.ids.length ?? length;
      /** @type {(file: string|null, wide?: boolean) => Promise<import('../../base/types.js').Delta|null>} */
      const delta = async (file, wide) =>
        file ? named(await read(file, (bytes) => unpackDelta(bytes, length, wide)), file) : null;
      steps.unshift({
        ...{ name, version, noise, labels: await delta(labels, isWide(model)), regions: await delta(regions) },
        ...(await readPixels(step, length)),
        whole: map && other ? { width: map.width, height: map.height, labels: map.ids, regions: other.ids } : null,
      });
    }
    return steps;
  };

  /** @param {any} key */
  const readKeyFrame = async (key) => {
    expect(isNoise(key?.noise), 'manifest.json');
    const { ids: labels, width, height } = await readLabels(key.labels);
    const { picture, maps } = await readStack(labels.length, key.picture, key.regions);
    expect(picture.width === width, key.picture);
    const { noise, version } = key;
    const snapshot = {
      width,
      height,
      labels,
      regions: maps[0],
      noise,
      version,
      ...(await readPixels(key, labels.length)),
    };
    return { snapshot, picture };
  };

  const manifest = await readJson('manifest.json');
  if (manifest.format !== FORMAT) throw new UserError(t('This is not an Oasis Studio project.'));
  if (manifest.version !== VERSION) {
    const versions = { version: String(manifest.version), known: VERSION };
    throw new UserError(t('This project has format version {version}; this page reads version {known}.', versions));
  }
  const { name, model, noise, size, underlay, link = null, keys = [] } = manifest;
  expect(typeof name === 'string' && isModel(model) && isNoise(noise) && Array.isArray(keys), 'manifest.json');
  const { ids, width, height } = await readLabels('labels.png');
  expect(width === size?.width && height === size.height, 'labels.png');
  const known = idsOf(model.classes);
  const labels = ids.map((id) => (known.has(id) ? id : (model.ignore_id ?? 0)));
  const mended = diff(ids, labels);
  /** @type {Uint8Array} */
  const regions = files.has('regions.png') ? (await readMap('regions.png')).ids : new Uint8Array(labels.length);
  const given = idsOf(noise.regions).add(0);
  expect(regions.length === labels.length && regions.every((id) => given.has(id)), 'regions.png');
  const picture = files.has('picture.png') ? await readPicture('picture.png') : null;
  expect(!picture || (picture.width === width && picture.height === height), 'picture.png');
  const { at, done, undone } = await readJson('history.json');
  const pixels = await readPixels(manifest, labels.length);
  const steps = { done: await readSteps(done, labels.length), undone: await readSteps(undone, labels.length) };
  if (mended) {
    // Removing unknown classes is an undo step, so that the earlier steps still apply.
    steps.done.push({
      name: 'Unknown classes',
      version: at,
      noise,
      labels: mended,
      regions: null,
      whole: null,
      ...pixels,
    });
    steps.undone = [];
  }
  return {
    ...{ name, link, model, steps },
    note: mended && t('Pixels without a class are now blank.'),
    picture: mended ? null : picture,
    snapshot: { ...{ width, height, labels, regions, noise, version: mended ? -1 : at }, ...pixels },
    keyFrames: await Promise.all(keys.map(readKeyFrame)),
    underlay: underlay ? named(await read(underlay, toBitmap), underlay) : null,
  };
}

/**
 * Takes away the folder around all members, where a project was unpacked and zipped again with its folder.
 * @param {Map<string, Uint8Array>} files
 * @returns {Map<string, Uint8Array>}
 */
export function withoutFolder(files) {
  const around = [...files.keys()].filter((name) => /^[^/]+\/manifest\.json$/.test(name));
  if (files.has('manifest.json') || around.length !== 1) return files;
  const folder = around[0].slice(0, -'manifest.json'.length);
  const inside = [...files].filter(([name]) => name.startsWith(folder));
  return new Map(inside.map(([name, data]) => [name.slice(folder.length), data]));
}

/** @type {(right: unknown, name: string) => any} */
const expect = (right, name) => {
  if (!right) throw new UserError(t("This project is damaged: '{name}' is missing or invalid.", { name }));
};

/** @type {<T extends object>(thing: T, name: string) => T} */
const named = (thing, name) => {
  if (name.startsWith('parts/')) giveName(thing, name);
  return thing;
};

/** @param {Uint8Array<ArrayBuffer>} bytes */
const toPicture = (bytes) => decodePicture(new Blob([bytes]));

/** @param {Uint8Array<ArrayBuffer>} bytes */
const toBitmap = (bytes) => createImageBitmap(new Blob([bytes]));

/** @param {{id: number}[]} list */
const idsOf = (list) => new Set(list.map(({ id }) => id));

/** @param {any} model */
const isModel = (model) =>
  [model?.id, model?.name].every((each) => typeof each === 'string') &&
  Array.isArray(model.classes) &&
  model.classes.every((/** @type {any} */ each) => typeof each?.name === 'string');

/** @param {any} noise  the server validates the rest */
const isNoise = (noise) => Array.isArray(noise?.regions) && [noise, ...noise.regions].every(isVector);
