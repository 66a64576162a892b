/** Exports a film as GIF, as WebM, or as PNG frames with their labels and noise. */
/** @typedef {import('./film.js').Film} Film */
import { bytesOf, crc32 } from '../../base/bytes.js';
import { nextTask } from '../../base/idle.js';
import { Colors } from '../../formats/gif-colors.js';
import { CLEAR, Gif } from '../../formats/gif.js';
import { modelInfo, pack } from '../../formats/pack.js';
import { encodePicture } from '../../formats/picture.js';
import { encodePng } from '../../formats/png.js';
import { Webm } from '../../formats/webm.js';
import { colorTable } from '../../maps/classes.js';

/** The number of frames used to choose the palette of a GIF. */
const SAMPLES = 16;

/** @typedef {(take: (picture: ImageData, frame: number) => void|Promise<void>, every?: number) => Promise<void>} Frames  Paints the frames in order. */

/** @type {Record<string, (film: Film, frames: Frames) => Promise<Blob>>} */
const WRITERS = {
  async gif({ width, height, length, pace: { fps, loop } }, frames) {
    const colors = new Colors();
    await frames((picture) => colors.count(picture), Math.ceil(length / SAMPLES));
    colors.choose(CLEAR);
    const gif = new Gif(width, height, colors.palette, loop);
    // GIF counts in hundredths of a second. Rounding the absolute time keeps errors from adding up.
    const moment = (/** @type {number} */ frame) => Math.round((100 * frame) / fps);
    await frames((picture, frame) => gif.add(colors.indices(picture), moment(frame + 1) - moment(frame)));
    return gif.end();
  },

  async webm({ width, height, pace: { fps } }, frames) {
    const webm = new Webm(width, height, fps);
    await frames((picture) => webm.add(picture));
    return webm.end();
  },

  async zip(film, frames) {
    const {
      model,
      width,
      height,
      pace: { fps, loop },
    } = film;
    /** @type {Map<string, Blob|Uint8Array|object>} */
    const files = new Map();
    /**
     * Adds each distinct map once.
     * @type {(folder: string, map: import('../../base/types.js').Labels, colors?: string[]) => Promise<string>}
     */
    const mapFile = async (folder, map, colors) => {
      const name = `${folder}/${crc32(bytesOf(map)).toString(16)}.png`;
      if (!files.has(name)) files.set(name, await encodePng(map, width, colors));
      return name;
    };
    /** @type {object[]} */
    const list = [];
    await frames(async (picture, frame) => {
      const content = await film.content(frame);
      const { noise } = content;
      const file = `frames/${String(frame + 1).padStart(4, '0')}.png`;
      const labels = await mapFile('labels', content.labels, colorTable(model.classes));
      const regions = noise.regions.length ? await mapFile('regions', content.regions) : null;
      files.set(file, await encodePicture(picture));
      list.push({ file, seconds: frame / fps, noise, labels, regions });
    });
    const size = { width, height };
    files.set('manifest.json', {
      format: 'oasis-frames',
      version: 1,
      model: modelInfo(model),
      size,
      fps,
      loop,
      frames: list,
    });
    return pack(files);
  },
};

/**
 * Exports a film.
 * @param {Film} film
 * @param {'gif'|'webm'|'zip'} kind
 * @param {AbortSignal} signal
 * @param {(share: number) => void} progress  0..1
 * @returns {Promise<Blob>}
 * @throws {UserError} if painting fails; the signal's reason if it was aborted
 */
export function exportFilm(film, kind, signal, progress) {
  return WRITERS[kind](film, async (take, every = 1) => {
    for (let frame = 0; frame < film.length; frame += every) {
      await take(await film.picture(frame, signal), frame);
      if (every === 1) progress((frame + 1) / film.length);
      await nextTask();
      signal.throwIfAborted();
    }
  });
}
