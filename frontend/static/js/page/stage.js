/**
 * The two panes: the label map and the picture, or the labels over the picture. Canvases are redrawn at most once per
 * frame, and only if they changed.
 */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {import('../base/types.js').State} State */
/** @typedef {import('../editor/editor.js').Editor} Editor */
/** @typedef {import('./view.js').View} View */
import { hexToRgb } from '../base/color.js';
import { context2d, find, linePath, make, onPixelRatio } from '../base/dom.js';
import { regionColor } from '../document/noise.js';
import { cut, difference } from '../maps/labelmap.js';
import { outlines } from '../maps/outlines.js';
import { toolOf } from '../tools/tools.js';

/** Width of the thumb of the comparison slider in CSS pixels, as in panes.css. */
const THUMB = 32;

/** A view of the map, with outlines and a cursor of the size of the brush. */
export class Pane {
  /** The position of the pointer in the pane. @type {Point|null} */
  #pointer = null;
  #surface = make('div', { class: 'surface' });
  #lines = make('canvas', { class: 'lines', 'aria-hidden': 'true' });
  #cursor = make('div', { class: 'cursor', 'aria-hidden': 'true' });
  #lined = false;
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
    element.append(this.#surface, this.#lines, this.#cursor);
    new ResizeObserver(() => this.#measure()).observe(element);
    this.#measure();
  }

  get map() {
    return this.editor.doc;
  }

  /** Adds a canvas. @param {HTMLCanvasElement} canvas  of the map's size */
  add(canvas) {
    this.#surface.append(canvas);
  }

  /** Converts a point of the pane. @param {Point} at @returns {Point} in pixels of the map */
  toMap(at) {
    return this.view.toMap(at, this.box, this.map);
  }

  /** Moves the cursor. @param {Point|null} at  in the pane; null: the pointer has left */
  hover(at) {
    this.#pointer = at;
    this.hovered(at && this.toMap(at));
  }

  #measure() {
    this.box = { width: this.element.clientWidth || 1, height: this.element.clientHeight || 1 };
    this.place();
  }

  /** Places the map according to the view. The stage draws the outlines. */
  place() {
    const { scale, left, top } = this.view.place(this.box, this.map);
    const { style } = this.#surface;
    style.width = `${this.map.width}px`;
    style.height = `${this.map.height}px`;
    style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }

  /**
   * Draws the outlines of regions and the guide.
   * @param {Map<number, Path2D>} paths  by region
   * @param {number|null} active
   * @param {number} opacity  of the regions
   * @param {Path2D|null} guide  of the current tool
   */
  drawLines(paths, active, opacity, guide) {
    if (!paths.size && !guide && !this.#lined) return;
    this.#lined = paths.size > 0 || guide !== null;
    const ratio = devicePixelRatio;
    const [width, height] = [this.box.width, this.box.height].map((side) => Math.round(side * ratio));
    resizeCanvas(this.#lines, { width, height });
    const context = context2d(this.#lines);
    context.resetTransform();
    context.clearRect(0, 0, this.#lines.width, this.#lines.height);
    const { scale, left, top } = this.view.place(this.box, this.map);
    context.setTransform(scale * ratio, 0, 0, scale * ratio, left * ratio, top * ratio);
    /** @type {(path: Path2D, width: number, color: string, dashed: boolean) => void} */
    const line = (path, width, color, dashed) => {
      context.setLineDash([]);
      context.lineWidth = (width + 1.5) / scale;
      context.strokeStyle = 'rgb(0 0 0 / 0.5)';
      context.stroke(path);
      context.lineWidth = width / scale;
      context.strokeStyle = color;
      if (dashed) context.setLineDash([5 / scale, 4 / scale]);
      context.stroke(path);
    };
    context.globalAlpha = opacity;
    for (const [id, path] of paths) line(path, id === active ? 1.75 : 1.25, regionColor(id), id !== active);
    context.globalAlpha = 1;
    if (guide) line(guide, 1.25, '#fff', true);
  }

  /**
   * Draws the cursor.
   * @param {Point|null} at  in pixels of the map
   * @param {State['tools']} tools
   */
  drawCursor(at, { tool, size, square }) {
    const { scale, left, top } = this.view.place(this.box, this.map);
    const { options, pans } = toolOf(tool);
    const sized = options.includes('size');
    const own = this.#pointer !== null;
    this.#cursor.hidden = !at || (!sized && own);
    this.element.dataset.cursor = pans ? 'hand' : sized ? 'size' : 'point';
    if (!at) return;
    const { style } = this.#cursor;
    const across = Math.max(4, sized ? size * scale : 8);
    style.width = style.height = `${across}px`;
    style.transform = `translate(${left + at.x * scale - across / 2}px, ${top + at.y * scale - across / 2}px)`;
    this.#cursor.classList.toggle('echo', !own);
    this.#cursor.classList.toggle('square', sized && square);
  }
}

/** Draws the document and the picture into the panes. */
export class Stage {
  labels = find('#labels', HTMLCanvasElement);
  photo = find('#photo', HTMLCanvasElement);
  /** The picture before the last step, over the photo. */
  #before = find('#before', HTMLCanvasElement);
  #underlay = find('#underlay', HTMLCanvasElement);
  #overlay = find('#overlay', HTMLCanvasElement);
  #compare = find('#compare', HTMLInputElement);
  /** The position of the pointer in pixels of the map. @type {Point|null} */
  #hover = null;
  /** @type {Map<number, Path2D>} */
  #paths = new Map();
  /** The label map on the canvas; empty if all of it must be redrawn. */
  #drawn = /** @type {import('../base/types.js').Labels} */ (new Uint8Array(0));
  /** The region map that `#paths` outlines. */
  #outlined = new Uint8Array(0);
  #colors = new Uint32Array(0);
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
      this.#invalidate('cursor');
    };
    this.left = new Pane(find('#label-pane', HTMLElement), view, editor, hovered);
    this.right = new Pane(find('#photo-pane', HTMLElement), view, editor, hovered);
    this.panes = [this.left, this.right];
    this.left.add(this.#underlay);
    for (const canvas of [this.photo, this.#before, this.#overlay]) this.right.add(canvas);

    new ResizeObserver(() => this.#invalidate('view')).observe(this.right.element);
    new ResizeObserver(() => this.#invalidate('view')).observe(this.left.element);
    onPixelRatio(() => this.#invalidate('view'));
    view.watch(() => {
      editor.store.set({ view: { zoom: view.zoom } });
      this.#invalidate('view');
    });
    const { store } = editor;
    store.watch(['model'], () => this.view.fit());
    store.watch(['classes.colors', 'classes.hidden'], () => this.#recolor());
    store.watch(['doc.version'], () => this.#invalidate('labels'));
    store.watch(['live.shown'], () => this.#invalidate('photo'));
    store.watch(['reroll.regionId', 'doc.noise', 'tools.tool', 'marks.guide'], () => this.#invalidate('view'));
    store.watch(['tools.size', 'tools.square'], () => this.#invalidate('cursor'));
    store.watch(['view.layout', 'view.layers', 'view.underlay'], (state) => this.#arrange(state));
    store.watch(['view.layout', 'view.before', 'live.shown'], () => this.#drawBefore());
    this.#compare.addEventListener('input', () => this.#invalidate('view'));
    // Dragging the slider must not paint.
    this.#compare.addEventListener('pointerdown', (event) => event.stopPropagation());
  }

  /** The position of the pointer in pixels of the map. @returns {Point|null} */
  get pointer() {
    return this.#hover;
  }

  /**
   * Shows or removes a heat map.
   * @param {ImageData|null} pixels  of the map's size; null removes it
   * @param {'photo'|'labels'} [over]
   */
  showOverlay(pixels, over = 'photo') {
    this.#overlay.hidden = !pixels;
    if (!pixels) return;
    (over === 'photo' ? this.right : this.left).add(this.#overlay);
    resizeCanvas(this.#overlay, pixels);
    context2d(this.#overlay).putImageData(pixels, 0, 0);
  }

  /** Redraws the label map after its colors changed. */
  #recolor() {
    const { model } = this.editor.state;
    const { colors, hidden } = this.editor.state.classes;
    this.#colors = new Uint32Array(colors.length);
    colors.forEach((color, id) => {
      const [red, green, blue] = hexToRgb(color);
      if (id !== model?.ignore_id && !hidden.includes(id))
        this.#colors[id] = (255 << 24) | (blue << 16) | (green << 8) | red;
    });
    this.#drawn = new Uint8Array(0);
    this.#invalidate('labels');
  }

  /** @param {State} state */
  #arrange({ view: { layout, layers, underlay: photo } }) {
    const { labels, underlay } = layers;
    (layout === 'overlay' ? this.right : this.left).add(this.labels);
    const over = layout === 'overlay' || (photo !== null && underlay.visible);
    this.labels.style.opacity = over ? String(labels.opacity) : '';
    this.labels.hidden = !labels.visible;
    this.#underlay.style.opacity = String(underlay.opacity);
    this.#underlay.hidden = !photo || !underlay.visible;
    if (photo) {
      resizeCanvas(this.#underlay, photo);
      context2d(this.#underlay).drawImage(photo, 0, 0);
    }
    this.#invalidate('view');
  }

  /** @param {string} what  to redraw in the next frame */
  #invalidate(what) {
    this.#dirty.add(what);
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = 0;
    const dirty = this.#dirty;
    this.#dirty = new Set();
    if (dirty.has('labels')) this.#drawLabels(dirty);
    if (dirty.has('photo')) this.#drawPhoto();
    if (dirty.has('labels') || dirty.has('view')) this.#drawLines();
    for (const pane of this.panes) {
      if (dirty.has('view')) pane.place();
      pane.drawCursor(this.#hover, this.editor.state.tools);
    }
    if (dirty.has('view')) this.#placeCompare();
  }

  /** @param {Set<string>} dirty  gets 'view' if the size of the map changed */
  #drawLabels(dirty) {
    const { labels, width, height } = this.editor.doc;
    if (resizeCanvas(this.labels, this.editor.doc)) dirty.add('view');
    const whole = this.#drawn.length !== labels.length || dirty.has('view');
    const changed = whole ? { left: 0, top: 0, width, height } : difference(this.#drawn, labels, width);
    if (!changed) return;
    if (whole) this.#drawn = labels.slice();
    else this.#drawn.set(labels);
    const pixels = new ImageData(changed.width, changed.height);
    const words = new Uint32Array(pixels.data.buffer);
    const ids = cut(labels, width, changed);
    for (let i = 0; i < ids.length; i++) words[i] = this.#colors[ids[i]];
    context2d(this.labels).putImageData(pixels, changed.left, changed.top);
  }

  #drawPhoto() {
    const { picture, trip } = this.editor.painting;
    if (!picture) return;
    resizeCanvas(this.photo, picture);
    context2d(this.photo).putImageData(picture, 0, 0);
    if (trip) report(trip);
  }

  /** Shows the previous picture over the current one: all of it while a key is held, a part of it to compare. */
  #drawBefore() {
    const { layout, before } = this.editor.state.view;
    const picture = before || layout === 'compare' ? this.editor.painting.before : null;
    this.#before.hidden = !picture;
    this.#compare.hidden = layout !== 'compare';
    if (picture) {
      resizeCanvas(this.#before, picture);
      context2d(this.#before).putImageData(picture, 0, 0);
    }
    this.#invalidate('view');
  }

  #placeCompare() {
    const { layout, before } = this.editor.state.view;
    if (layout !== 'compare' || before) return void (this.#before.style.clipPath = '');
    const { scale, left } = this.view.place(this.right.box, this.editor.doc);
    // The center of the thumb moves from one side of the map to the other.
    this.#compare.style.left = `${left - THUMB / 2}px`;
    this.#compare.style.width = `${scale * this.editor.doc.width + THUMB}px`;
    this.#before.style.clipPath = `inset(0 ${100 - this.#compare.valueAsNumber}% 0 0)`;
  }

  #drawLines() {
    const { doc, state } = this.editor;
    if (this.#outlined.length !== doc.regions.length || difference(this.#outlined, doc.regions, doc.width)) {
      this.#outlined = doc.regions.slice();
      const found = outlines(doc.regions, doc.width);
      this.#paths = new Map([...found].map(([id, segments]) => [id, linePath(segments)]));
    }
    const { labels, regions } = state.view.layers;
    const paths = regions.visible ? this.#paths : new Map();
    const overPhoto =
      toolOf(state.tools.tool).showsRegions ||
      (state.view.layout === 'overlay' && labels.visible && labels.opacity > 0);
    this.left.drawLines(paths, state.reroll.regionId, regions.opacity, state.marks.guide);
    this.right.drawLines(overPhoto ? paths : new Map(), state.reroll.regionId, regions.opacity, state.marks.guide);
  }
}

/**
 * Gives a canvas the size of its content. On screen it always has the size of the map.
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} size
 * @returns {boolean} whether that changed it
 */
function resizeCanvas(canvas, { width, height }) {
  if (canvas.width === width && canvas.height === height) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}

/**
 * Reports the timing of an edit to the browser's profiler and to benchmarks/edit_latency.py. The entry is cleared at
 * once, since the page may stay open for days; observers still receive it.
 * @param {import('../base/types.js').RoundTrip} trip  of the picture that was just drawn
 */
function report(trip) {
  performance.measure('edit', { start: trip.wanted, detail: trip });
  performance.clearMeasures('edit');
}
