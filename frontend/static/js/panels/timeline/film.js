/** The frames of a timeline: their contents and their pictures. */
/** @typedef {import('./tween.js').Content} Content */
import { composite } from '../../document/composite.js';
import { Pictures } from '../../document/picture-cache.js';
import { wireContent } from '../../document/wire-noise.js';
import { resizeNearest } from '../../maps/labelmap.js';
import { render } from '../../server/render.js';
import { tween } from './tween.js';

/** Paints frames when they are needed, and caches them. */
export class Film {
  #pictures = new Pictures();
  #leg = -1;
  /** The interpolation from key frame `#leg` to the next. @type {ReturnType<typeof tween>|null} */
  #way = null;

  /**
   * @param {import('../../base/types.js').Model} model
   * @param {Content[]} keyFrames  the film has the size of the first one
   * @param {import('../../base/types.js').TimelineState} pace
   * @param {import('../../base/types.js').FrozenPixels|null} frozen  pixels that are the same in all frames
   */
  constructor(model, keyFrames, pace, frozen) {
    const [{ width, labels }] = keyFrames;
    this.model = model;
    this.width = width;
    this.height = labels.length / width;
    this.keyFrames = keyFrames.map((key) => resized(key, width, this.height));
    this.pace = pace;
    this.frozen = frozen;
    this.step = Math.round(pace.seconds * pace.fps);
    this.length = pace.loop ? keyFrames.length * this.step : (keyFrames.length - 1) * this.step + 1;
  }

  /** Interpolates the content of a frame. @param {number} frame */
  async content(frame) {
    const { keyFrames, step, pace } = this;
    const leg = Math.floor(frame / step);
    if (leg !== this.#leg || !this.#way) this.#way = tween(keyFrames[leg], keyFrames[(leg + 1) % keyFrames.length]);
    this.#leg = leg;
    const t = (frame % step) / step;
    return (await this.#way)(pace.smooth ? t * t * (3 - 2 * t) : t);
  }

  /**
   * Paints a frame.
   * @param {number} frame
   * @param {AbortSignal} signal
   * @throws {UserError} if painting fails; the signal's reason if it was aborted
   */
  async picture(frame, signal) {
    const known = this.#pictures.get(frame);
    if (known) return known;
    const fresh = await render(this.model, await this.content(frame), signal);
    const picture = this.frozen ? composite(this.frozen, fresh) : fresh;
    this.#pictures.put(frame, picture);
    return picture;
  }
}

/** @type {(content: Content, width: number, height: number) => Content} Resizes a content, and converts its noise for the server. */
function resized(content, width, height) {
  const { labels, regions, noise } = /** @type {Content} */ ({ ...content, ...wireContent(content) });
  const before = labels.length / content.width;
  return {
    width,
    labels: resizeNearest(labels, content.width, before, width, height),
    regions: resizeNearest(regions, content.width, before, width, height),
    noise,
  };
}
