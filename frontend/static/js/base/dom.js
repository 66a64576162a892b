/** Helpers for the DOM: finding and making elements, canvases, paths. */
import { UserError } from './errors.js';

/**
 * Finds an element the page must have.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} type
 * @param {ParentNode} [root]
 * @returns {T} the first match
 * @throws {Error} if there is none of this type
 */
export function find(selector, type, root = document) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} '${selector}'.`);
  return found;
}

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} [attributes]
 * @param {...(Node|string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  // The default in a form is a submit button.
  if (element instanceof HTMLButtonElement) element.type = 'button';
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * Makes an icon.
 * @param {string} name  of a symbol in the page's sprite
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
 * Makes a button that shows only an icon.
 * @param {string} symbol  in the page's sprite
 * @param {string} name  its label and tooltip
 * @param {() => void} run
 * @returns {HTMLButtonElement}
 */
export function iconButton(symbol, name, run) {
  const button = make('button', { class: 'icon-button', 'aria-label': name, title: name }, icon(symbol));
  button.addEventListener('click', run);
  return button;
}

/**
 * Gets the 2D context of a canvas.
 * @template {HTMLCanvasElement|OffscreenCanvas} C
 * @param {C} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {C extends HTMLCanvasElement ? CanvasRenderingContext2D : OffscreenCanvasRenderingContext2D}
 * @throws {UserError} if the browser is out of memory
 */
export function context2d(canvas, settings) {
  const context = canvas.getContext('2d', settings);
  if (!context) throw new UserError('This browser cannot draw on a canvas.');
  return /** @type {any} */ (context);
}

/**
 * Draws a picture at thumbnail size.
 * @param {CanvasImageSource & {width: number, height: number}} source
 * @param {number} height  of the thumbnail, in pixels
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
 * Makes a path of line segments.
 * @param {readonly number[]} segments  four numbers per segment: x and y of its start, x and y of its end
 * @returns {Path2D}
 */
export function linePath(segments) {
  const path = new Path2D();
  for (let i = 0; i < segments.length; i += 4) {
    path.moveTo(segments[i], segments[i + 1]);
    path.lineTo(segments[i + 2], segments[i + 3]);
  }
  return path;
}

/**
 * Watches the pixels of the screen: a window that is moved to another screen may get more of them in the same size.
 * @param {() => void} changed
 */
export function onPixelRatio(changed) {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const listener = () => {
    changed();
    onPixelRatio(changed);
  };
  query.addEventListener('change', listener, { once: true });
}
