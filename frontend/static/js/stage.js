/**
 * The two panes: the label map and the photo, or the labels over the photo.
 * Pixels are painted at most once a frame, and only when they changed.
 */
/** @typedef {import('./types.js').Point} Point */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./editor.js').Editor} Editor */
/** @typedef {import('./view.js').View} View */
import { context2d, find, make } from './dom.js';
import { cut, difference } from './labelmap.js';
import { outlines, regionColor } from './noise.js';
import { hexToRgb } from './png.js';

/** One view onto the map, with its outlines and the brush's true size. */
export class Pane {
  /** In the pane, where the pointer is. @type {Point|null} */
  #pointer = null;
  #sheet = make('div', { class: 'sheet' });
  #lines = make('canvas', { class: 'lines', 'aria-hidden': 'true' });
  #cursor = make('div', { class: 'cursor', 'aria-hidden': 'true' });
  #outlined = false;
  box = { width: 1, height: 1 };

  /**
   * @param {HTMLElement} element
   * @param {View} view
   * @param {Editor} editor
   * @param {(at: Point|null) => void} hovered  in pixels of the map
   */
  constructor(element, view, editor, hovered) {
    this.element = element;
    this.view = view;
    this.editor = editor;
    this.hovered = hovered;
    element.append(this.#sheet, this.#lines, this.#cursor);
    new ResizeObserver(() => this.#measure()).observe(element);
    this.#measure();
  }

  get map() {
    return this.editor.doc;
  }

  /** @param {HTMLCanvasElement} canvas  of the map's size */
  hold(canvas) {
    this.#sheet.append(canvas);
  }

  /** @param {Point} at  in the pane */
  toMap(at) {
    return this.view.toMap(at, this.box, this.map);
  }

  /** @param {Point|null} at  in the pane */
  hover(at) {
    this.#pointer = at;
    this.hovered(at && this.toMap(at));
  }

  #measure() {
    this.box = { width: this.element.clientWidth || 1, height: this.element.clientHeight || 1 };
    const ratio = devicePixelRatio;
    this.#lines.width = Math.round(this.box.width * ratio);
    this.#lines.height = Math.round(this.box.height * ratio);
    this.place();
  }

  /** Puts the map where the view says. Drawing the outlines is up to the stage. */
  place() {
    const { scale, left, top } = this.view.place(this.box, this.map);
    const { style } = this.#sheet;
    style.width = `${this.map.width}px`;
    style.height = `${this.map.height}px`;
    style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }

  /**
   * @param {Map<number, Path2D>} paths  by region
   * @param {number|null} active
   */
  drawOutlines(paths, active) {
    if (!paths.size && !this.#outlined) return;
    this.#outlined = paths.size > 0;
    const context = context2d(this.#lines);
    context.resetTransform();
    context.clearRect(0, 0, this.#lines.width, this.#lines.height);
    const { scale, left, top } = this.view.place(this.box, this.map);
    const ratio = devicePixelRatio;
    context.setTransform(scale * ratio, 0, 0, scale * ratio, left * ratio, top * ratio);
    for (const [id, path] of paths) {
      const width = (id === active ? 1.75 : 1.25) / scale;
      context.setLineDash([]);
      context.lineWidth = width + 1.5 / scale;
      context.strokeStyle = 'rgb(0 0 0 / 0.5)';
      context.stroke(path);
      context.lineWidth = width;
      context.strokeStyle = regionColor(id);
      if (id !== active) context.setLineDash([5 / scale, 4 / scale]);
      context.stroke(path);
    }
  }

  /**
   * @param {Point|null} at  in pixels of the map
   * @param {State} state
   */
  drawCursor(at, { tool, size }) {
    const { scale, left, top } = this.view.place(this.box, this.map);
    const sized = tool === 'brush' || tool === 'eraser' || tool === 'region';
    const own = this.#pointer !== null;
    this.#cursor.hidden = !at || (!sized && own);
    this.element.dataset.cursor = tool === 'hand' ? 'hand' : sized ? 'size' : 'point';
    if (!at) return;
    const { style } = this.#cursor;
    const across = Math.max(4, sized ? size * scale : 8);
    style.width = style.height = `${across}px`;
    style.transform = `translate(${left + at.x * scale - across / 2}px, ${top + at.y * scale - across / 2}px)`;
    this.#cursor.classList.toggle('echo', !own);
  }
}

export class Stage {
  labels = find('#labels', HTMLCanvasElement);
  photo = find('#photo', HTMLCanvasElement);
  /** Where the pointer is, in pixels of the map. @type {Point|null} */
  #hover = null;
  /** @type {Map<number, Path2D>} */
  #paths = new Map();
  /** The label map on the canvas. @type {Uint8Array|null} */
  #drawn = null;
  /** The region map that `#paths` go around. */
  #outlined = new Uint8Array(0);
  #colors = new Uint32Array(256);
  #dirty = new Set(['labels', 'photo', 'view']);
  #frame = 0;

  /**
   * @param {Editor} editor
   * @param {View} view
   */
  constructor(editor, view) {
    this.editor = editor;
    this.view = view;
    /** @param {Point|null} at */
    const hovered = (at) => {
      this.#hover = at;
      this.#ask('cursor');
    };
    this.left = new Pane(find('#label-pane', HTMLElement), view, editor, hovered);
    this.right = new Pane(find('#photo-pane', HTMLElement), view, editor, hovered);
    this.panes = [this.left, this.right];
    this.right.hold(this.photo);

    new ResizeObserver(() => this.#ask('view')).observe(this.right.element);
    new ResizeObserver(() => this.#ask('view')).observe(this.left.element);
    view.watch(() => {
      editor.store.set({ zoom: view.zoom });
      this.#ask('view');
    });
    const { store } = editor;
    store.watch(['model'], () => this.#useModel());
    store.watch(['version'], () => this.#ask('labels'));
    store.watch(['shown'], () => this.#ask('photo'));
    store.watch(['regionId', 'noise', 'tool'], () => this.#ask('view'));
    store.watch(['size'], () => this.#ask('cursor'));
    store.watch(['layout', 'opacity'], ({ layout, opacity }) => {
      (layout === 'overlay' ? this.right : this.left).hold(this.labels);
      this.labels.style.opacity = layout === 'overlay' ? String(opacity) : '';
      this.#ask('view');
    });
  }

  #useModel() {
    const { model } = this.editor.state;
    if (!model) return;
    this.#colors.fill(0);
    for (const { id, color } of model.classes) {
      const [red, green, blue] = hexToRgb(color);
      if (id !== model.ignore_id) this.#colors[id] = (255 << 24) | (blue << 16) | (green << 8) | red;
    }
    for (const canvas of [this.labels, this.photo]) {
      canvas.width = this.editor.doc.width;
      canvas.height = this.editor.doc.height;
    }
    this.#drawn = null;
    this.#outlined = new Uint8Array(this.editor.doc.regions.length);
    this.#paths = new Map();
    this.view.fit();
    this.#ask('labels');
  }

  /** @param {string} what  is to be drawn in the next frame */
  #ask(what) {
    this.#dirty.add(what);
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    const dirty = this.#dirty;
    this.#dirty = new Set();
    if (dirty.has('labels')) this.#drawLabels();
    if (dirty.has('photo')) this.#drawPhoto();
    if (dirty.has('labels') || dirty.has('view')) this.#drawOutlines();
    for (const pane of this.panes) {
      if (dirty.has('view')) pane.place();
      pane.drawCursor(this.#hover, this.editor.state);
    }
  }

  #drawLabels() {
    const { labels, width, height } = this.editor.doc;
    const all = { left: 0, top: 0, width, height };
    const changed = this.#drawn ? difference(this.#drawn, labels, width) : all;
    if (!changed) return;
    this.#drawn = labels.slice();
    const pixels = new ImageData(changed.width, changed.height);
    const words = new Uint32Array(pixels.data.buffer);
    cut(labels, width, changed).forEach((id, i) => (words[i] = this.#colors[id]));
    context2d(this.labels).putImageData(pixels, changed.left, changed.top);
  }

  #drawPhoto() {
    const { picture, trip } = this.editor;
    if (!picture) return;
    context2d(this.photo).putImageData(picture, 0, 0);
    if (trip) report(trip);
  }

  #drawOutlines() {
    const { doc, state } = this.editor;
    if (difference(this.#outlined, doc.regions, doc.width)) {
      this.#outlined = doc.regions.slice();
      this.#paths = outlines(doc.regions, doc.width);
    }
    const overPhoto = state.tool === 'region' || (state.layout === 'overlay' && state.opacity > 0);
    this.left.drawOutlines(this.#paths, state.regionId);
    this.right.drawOutlines(overPhoto ? this.#paths : new Map(), state.regionId);
  }
}

/**
 * The edit in the browser's profiler and for benchmarks/edit_latency.py. It is not
 * kept in the page, which may be open for days; observers get it all the same.
 * @param {import('./types.js').Trip} trip  of the picture that was just drawn
 */
function report(trip) {
  performance.measure('edit', { start: trip.wanted, detail: trip });
  performance.clearMeasures('edit');
}
