/** Reads label maps from files. */
/** @typedef {import('../base/types.js').Model} Model */
import { hexToRgb } from '../base/color.js';
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { labelsOf, newLabels } from '../maps/labelmap.js';
import { decodePng } from './png.js';

/**
 * Reads a label map: class ids from a gray or palette PNG, or a color PNG that uses exactly the colors of the classes or
 * has ids in three equal channels.
 * @param {Uint8Array} file
 * @param {Model} model
 * @returns {Promise<import('../base/types.js').LabelMap>}
 * @throws {UserError} with the id or color that belongs to no class
 */
export async function readLabels(file, model) {
  const raster = await decodePng(file);
  const found = labelIds(raster, model);
  const known = new Set(model.classes.map(({ id }) => id));
  const strange = found.find((id) => !known.has(id));
  if (strange !== undefined) {
    throw new UserError(
      t('This label map uses id {id}, which {name} does not have.', { id: strange, name: model.name }),
    );
  }
  return { width: raster.width, height: raster.height, labels: labelsOf(model, found) };
}

/**
 * Gets the class ids of a decoded label map, by the rules of models/files/label_pictures.py.
 * @param {import('./png.js').Raster} raster
 * @param {import('../base/types.js').MadeWith} model  classes of a project file may be without a color
 * @returns {import('../base/types.js').Labels}
 * @throws {UserError} for a color of no class
 */
export function labelIds({ ids, palette, rgb }, model) {
  return ids ? idsOfPalette(ids, palette, model.classes) : idsOfColors(/** @type {Uint8Array} */ (rgb), model);
}

/**
 * Gets the class ids of a palette picture: its indices, unless its palette has the class colors in another order.
 * @param {import('../base/types.js').Labels} ids  palette indices, or gray levels
 * @param {Uint8Array|null} palette  three bytes per index; null for gray
 * @param {{id: number, color: string}[]} classes  those of a project file may be without a color
 * @returns {import('../base/types.js').Labels}
 */
export function idsOfPalette(ids, palette, classes) {
  if (!palette) return ids;
  const count = palette.length / 3;
  const shown = Array.from({ length: count }, (_, i) => String(palette.subarray(3 * i, 3 * i + 3)));
  const colors = colorsOf(classes);
  const owners = new Map([...colors].map(([id, color]) => [color, id]));
  const used = [...new Set(ids)];
  const asWritten = used.every((index) => colors.get(index) === shown[index]);
  const known = used.every((index) => owners.has(shown[index])) && owners.size === colors.size;
  // Sorting keeps colors apart: a palette that shows several indices alike is not one of classes.
  const apart = new Set(used.map((index) => shown[index])).size === used.length;
  // One color alone says little, unless the palette was shortened to it.
  const telling = used.length > 1 || count === 1;
  if (asWritten || !known || !apart || !telling) return ids;
  const found = newLabels({ classes }, ids.length);
  ids.forEach((index, i) => (found[i] = owners.get(shown[index]) ?? index));
  return found;
}

/**
 * @param {{id: number, color: string}[]} classes
 * @returns {Map<number, string>} 'red,green,blue' by id
 */
function colorsOf(classes) {
  const colored = classes.filter(({ color }) => /^#[0-9a-f]{6}$/i.test(color));
  return new Map(colored.map(({ id, color }) => [id, String(hexToRgb(color))]));
}

/**
 * @param {Uint8Array} rgb  three bytes per pixel
 * @param {import('../base/types.js').MadeWith} model
 * @throws {UserError} for a color of no class
 */
function idsOfColors(rgb, model) {
  const colors = colorsOf(model.classes);
  const owners = new Map([...colors].map(([id, color]) => [color, id]));
  const shared = owners.size < colors.size;
  const ids = newLabels(model, rgb.length / 3);
  let strange = '';
  let gray = true;
  for (let i = 0; i < ids.length; i++) {
    const [red, green, blue] = rgb.subarray(3 * i, 3 * i + 3);
    const color = `${red},${green},${blue}`;
    const id = owners.get(color);
    if (id === undefined) strange ||= color;
    else ids[i] = id;
    gray &&= red === green && red === blue && colors.has(red);
  }
  if (!strange && !shared) return ids;
  if (gray) return ids.map((_, i) => rgb[3 * i]);
  const { name } = model;
  throw new UserError(
    strange
      ? t('This picture has the color rgb({color}), which no class of {name} has.', { color: strange, name })
      : t('This picture is in colors, but several classes of {name} share one.', { name }),
  );
}
