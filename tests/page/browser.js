/**
 * Stand-ins for the few things of a browser that the document and the editor use, for tests of what does not depend on
 * them: paths that are drawn nowhere, a connection that never opens, and no page. Import it before what needs them.
 */
class Path2D {
  addPath() {}
  arc() {}
  arcTo() {}
  bezierCurveTo() {}
  closePath() {}
  ellipse() {}
  lineTo() {}
  moveTo() {}
  quadraticCurveTo() {}
  rect() {}
  roundRect() {}
}

class ImageData {
  /**
   * @param {Uint8ClampedArray|number} data  or the width
   * @param {number} width  or the height
   * @param {number} [height]
   */
  constructor(data, width, height) {
    const made = typeof data === 'number';
    this.data = made ? new Uint8ClampedArray(4 * data * width) : data;
    this.width = made ? data : width;
    this.height = made ? width : (height ?? data.length / 4 / width);
  }
}

class WebSocket {
  static OPEN = 1;
  readyState = 0;
  send() {
    throw new Error('The connection never opens.');
  }
  close() {}
}

Object.assign(globalThis, {
  HTMLElement: class {},
  Path2D,
  ImageData,
  WebSocket,
  document: {
    baseURI: 'http://localhost/',
    /** @param {string} selector */
    querySelector: (selector) => {
      throw new Error(`There is no page, and so no ${selector}.`);
    },
  },
  addEventListener: () => {},
});

/** A model of five classes that paints 64 x 64. */
export const MODEL = /** @type {import('../../frontend/static/js/base/types.js').Model} */ ({
  id: 'tiny',
  name: 'Tiny test model',
  family: 'oasis',
  version: '1',
  native_size: [64, 64],
  stride: 32,
  classes: ['unlabeled', 'sky', 'tree', 'water', 'earth'].map((name, id) => ({ id, name, color: `#0000${id}0` })),
  ignore_id: 0,
  capabilities: { noise: true, regions: true, segment: false, inspect: false },
  limits: { side: 1024, channels: 64 },
  scenes: [],
  available: true,
  reason: null,
});
