/** A film as a file: GIF, WebM, or its frames as PNG with all they were made of. */
/** @typedef {import('./film.js').Film} Film */
import { crc32 } from '../bytes.js';
import { colorTable } from '../classes.js';
import { encodePicture, pause } from '../dom.js';
import { about } from '../export/recipe.js';
import { encodePng } from '../png.js';
import { packZip } from '../zip.js';
import { Colors } from './colors.js';
import { CLEAR, Gif } from './gif.js';
import { Webm } from './webm.js';

/** Frames that the palette of a GIF is chosen for. */
const SAMPLES = 16;

/**
 * @callback Frames  Paints some frames one after another.
 * @param {(picture: ImageData, frame: number) => void|Promise<void>} take
 * @param {number} [every]
 * @returns {Promise<void>}
 */

/** @type {Record<string, (film: Film, frames: Frames) => Promise<Blob>>} */
const WRITERS = { gif: writeGif, webm: writeWebm, zip: writeFrames };

/**
 * @param {Film} film
 * @param {'gif'|'webm'|'zip'} kind
 * @param {AbortSignal} signal
 * @param {(share: number) => void} progress  0..1
 * @returns {Promise<Blob>}
 * @throws {Error} fit for people, or what the signal says
 */
export function exportFilm(film, kind, signal, progress) {
  /** @type {Frames} */
  const frames = async (take, every = 1) => {
    for (let frame = 0; frame < film.length; frame += every) {
      await take(await film.picture(frame, signal), frame);
      if (every === 1) progress((frame + 1) / film.length);
      await pause();
      signal.throwIfAborted();
    }
  };
  return WRITERS[kind](film, frames);
}

/** @type {(film: Film, frames: Frames) => Promise<Blob>} */
async function writeGif({ width, height, length, pace: { fps, loop } }, frames) {
  const colors = new Colors();
  await frames((picture) => colors.count(picture), Math.ceil(length / SAMPLES));
  colors.choose(CLEAR);
  const gif = new Gif(width, height, colors.palette, loop);
  /** In hundredths of a second, the finest a GIF knows: rounded so that errors do not add up. @param {number} frame */
  const moment = (frame) => Math.round((100 * frame) / fps);
  await frames((picture, frame) => gif.add(colors.indices(picture), moment(frame + 1) - moment(frame)));
  return gif.end();
}

/** @type {(film: Film, frames: Frames) => Promise<Blob>} */
async function writeWebm({ width, height, pace: { fps } }, frames) {
  const webm = new Webm(width, height, fps);
  await frames((picture) => webm.add(picture));
  return webm.end();
}

/** @type {(film: Film, frames: Frames) => Promise<Blob>} */
async function writeFrames(film, frames) {
  const { model, width, height, pace } = film;
  const colors = colorTable(model.classes);
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  /** Each different map once. @type {(folder: string, map: Uint8Array, palette?: string[]) => Promise<string>} */
  const mapFile = async (folder, map, palette) => {
    const name = `${folder}/${crc32(map).toString(16).padStart(8, '0')}.png`;
    if (!files.has(name)) files.set(name, await encodePng(map, width, palette));
    return name;
  };
  /** @type {object[]} */
  const list = [];
  await frames(async (picture, frame) => {
    const { labels, regions, noise } = await film.content(frame);
    const file = `frames/${String(frame + 1).padStart(4, '0')}.png`;
    files.set(file, new Uint8Array(await (await encodePicture(picture)).arrayBuffer()));
    const maps = { labels: await mapFile('labels', labels, colors), regions: noise.regions.length ? await mapFile('regions', regions) : null };
    list.push({ file, seconds: frame / pace.fps, noise, ...maps });
  });
  const manifest = { format: 'oasis-frames', version: 1, model: about(model), size: { width, height }, fps: pace.fps, loop: pace.loop, frames: list };
  files.set('manifest.json', new TextEncoder().encode(JSON.stringify(manifest, null, 1)));
  return packZip([...files].map(([path, data]) => ({ name: path, data })));
}
