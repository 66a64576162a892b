/** The few things every part of the page needs from the browser. */

/** Milliseconds that idle work waits at most. */
const IDLE_LATEST = 400;

/**
 * The one element for `selector`, of a known type.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} type
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function find(selector, type, root = document) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} '${selector}'.`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node|string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * @param {string} name  of a drawing in the page's sprite
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('class', 'icon');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/**
 * @param {string} symbol
 * @param {string} name  for people
 * @param {() => void} run
 * @returns {HTMLButtonElement}
 */
export function iconButton(symbol, name, run) {
  const button = make(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': name, title: name },
    icon(symbol),
  );
  button.addEventListener('click', run);
  return button;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {CanvasRenderingContext2D}
 */
export function context2d(canvas, settings) {
  const context = canvas.getContext('2d', settings);
  if (!context) throw new Error('This browser cannot draw on a canvas.');
  return context;
}

/**
 * @param {Blob} blob  a picture in any format the browser reads
 * @returns {Promise<ImageData>} its pixels, without color management
 */
export async function decodePicture(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser cannot draw on a canvas.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * @param {ImageData|ImageBitmap} picture
 * @param {ImageEncodeOptions} [options]  PNG, unless they say otherwise
 * @returns {Promise<Blob>}
 */
export function encodePicture(picture, options) {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  if (picture instanceof ImageData) context?.putImageData(picture, 0, 0);
  else context?.drawImage(picture, 0, 0);
  return canvas.convertToBlob(options);
}

/**
 * Defers work that is not urgent until the browser is idle.
 * @param {() => void} work
 * @returns {() => void} asks for it; asked for again before it was done, it is done once
 */
export function whenIdle(work) {
  let asked = false;
  const run = () => {
    asked = false;
    work();
  };
  return () => {
    if (asked) return;
    asked = true;
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) requestIdleCallback(run, { timeout: IDLE_LATEST });
    else setTimeout(run, IDLE_LATEST / 4);
  };
}

/** Lets the browser do what else there is to do, within long work. */
export const pause = () => new Promise((resume) => setTimeout(resume));

/**
 * A small picture of a bigger one, on a canvas of its own.
 * @param {CanvasImageSource & {width: number, height: number}} source
 * @param {number} height  of the thumbnail
 * @returns {HTMLCanvasElement}
 */
export function thumbnail(source, height) {
  const canvas = make('canvas');
  canvas.height = height;
  canvas.width = Math.round((height * source.width) / source.height);
  const context = context2d(canvas);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/**
 * @param {string} key
 * @returns {string|null} what is kept of it in this browser, null where nothing may be
 */
export function kept(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * Keeps it in this browser, if that is allowed and has room.
 * @param {string} key
 * @param {string} value
 */
export function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It lasts as long as the page.
  }
}

/**
 * @param {string} text
 * @returns {any} undefined when it is no JSON
 */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
