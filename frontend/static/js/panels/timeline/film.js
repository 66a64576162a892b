/** All frames of a timeline: what each is made of, and its picture. */
/** @typedef {import('./tween.js').Content} Content */
import { composite } from '../../document/composite.js';
import { Pictures } from '../../document/picture-cache.js';
import { wireContent } from '../../document/wire-noise.js';
import { resizeNearest } from '../../maps/labelmap.js';
import { render } from '../../server/render.js';
import { tween } from './tween.js';

export class Film {
  #pictures = new Pictures();
  #leg = -1;
  /** From the key frame of that number to the next. @type {ReturnType<typeof tween>|null} */
  #way = null;

  /**
   * @param {import('../../base/types.js').Model} model
   * @param {Content[]} keyFrames  the first one's size counts
   * @param {import('../../base/types.js').TimelineState} pace
   * @param {import('../../base/types.js').FrozenPixels|null} frozen  what all pictures have in common
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

  /** @param {number} frame */
  async content(frame) {
    const { keyFrames, step, pace } = this;
    const leg = Math.floor(frame / step);
    if (leg !== this.#leg || !this.#way) this.#way = tween(keyFrames[leg], keyFrames[(leg + 1) % keyFrames.length]);
    this.#leg = leg;
    const t = (frame % step) / step;
    return (await this.#way)(pace.smooth ? t * t * (3 - 2 * t) : t);
  }

  /**
   * @param {number} frame
   * @param {AbortSignal} signal
   * @throws {UserError} or what the signal says
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

/** @type {(content: Content, width: number, height: number) => Content} of that size, as the server is told it */
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
