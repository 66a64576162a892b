/** WebM: packs frames encoded by the browser, each with its own time stamp, however long it took to paint. */
import { concat } from '../base/bytes.js';
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';

/** Bits per second and pixel: detailed textures need that many. */
const BITS = 1;
const KEY_EVERY = 30;

/** Writes a video frame by frame. */
export class Webm {
  /** @type {Uint8Array[]} */
  #clusters = [];
  /** @type {unknown} */
  #failed = null;
  #count = 0;

  /**
   * @param {number} width
   * @param {number} height
   * @param {number} fps
   * @throws {UserError} if the browser cannot encode video
   */
  constructor(width, height, fps) {
    if (!('VideoEncoder' in window))
      throw new UserError(t('This browser cannot write WebM here: export a GIF, or use https or localhost.'));
    this.size = [number(0xb0, width), number(0xba, height)];
    this.fps = fps;
    this.encoder = new VideoEncoder({
      output: (chunk) => {
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
        const head = Uint8Array.of(0x81, 0, 0, chunk.type === 'key' ? 0x80 : 0);
        const time = number(0xe7, Math.round(chunk.timestamp / 1000));
        this.#clusters.push(element(0x1f43b675, time, element(0xa3, head, data)));
      },
      error: (error) => (this.#failed = error),
    });
    this.encoder.configure({
      codec: 'vp09.00.41.08',
      width,
      height,
      framerate: fps,
      bitrate: width * height * fps * BITS,
    });
  }

  /** Adds a frame. @param {ImageData} picture */
  async add(picture) {
    const timestamp = Math.round((1e6 * this.#count) / this.fps);
    const frame = new VideoFrame(await createImageBitmap(picture), { timestamp });
    this.encoder.encode(frame, { keyFrame: this.#count++ % KEY_EVERY === 0 });
    frame.close();
    await this.encoder.flush();
    if (this.#failed) throw this.#failed;
  }

  /** @returns {Blob} the file */
  end() {
    const duration = new Uint8Array(8);
    new DataView(duration.buffer).setFloat64(0, (1000 * this.#count) / this.fps);
    const info = element(0x1549a966, number(0x2ad7b1, 1e6), element(0x4489, duration));
    // As browsers encode pictures: BT.709 matrix, full range, sRGB transfer.
    const color = element(0x55b0, number(0x55b1, 1), number(0x55b9, 2), number(0x55ba, 13), number(0x55bb, 1));
    const video = element(0xe0, ...this.size, color);
    const track = element(0xae, number(0xd7, 1), number(0x73c5, 1), number(0x83, 1), text(0x86, 'V_VP9'), video);
    const head = element(0x1a45dfa3, text(0x4282, 'webm'), number(0x4287, 2), number(0x4285, 2));
    const body = element(0x18538067, info, element(0x1654ae6b, track), ...this.#clusters);
    return new Blob(/** @type {BlobPart[]} */ ([head, body]), { type: 'video/webm' });
  }
}

/** @type {(id: number, ...parts: Uint8Array[]) => Uint8Array} */
function element(id, ...parts) {
  const name = eight(id);
  const size = eight(parts.reduce((sum, part) => sum + part.length, 0));
  size[0] = 1;
  return concat([name.subarray(name.findIndex(Boolean)), size, ...parts]);
}

/** @param {number} value */
const eight = (value) => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer).reverse();

/** @type {(id: number, value: number) => Uint8Array} */
const number = (id, value) => element(id, eight(value));

/** @type {(id: number, words: string) => Uint8Array} */
const text = (id, words) => element(id, new TextEncoder().encode(words));
