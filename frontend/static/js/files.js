/** Pictures and label maps between the page and the disk. */
/** @typedef {import('./types.js').Model} Model */
/** @typedef {import('./editor.js').Editor} Editor */
import { colorTable } from './classes.js';
import { encodePicture, make } from './dom.js';
import { withRecipe } from './export/recipe.js';
import { t } from './i18n.js';
import { decodePng, hexToRgb } from './png.js';
import { toast } from './toast.js';

/** What `choose` accepts as a photo. */
export const PICTURES = 'image/png,image/jpeg,image/webp';

/**
 * @param {string} accept
 * @returns {Promise<File|null>} what the person chose, null when nothing
 */
export function choose(accept) {
  return new Promise((resolve) => {
    const input = make('input', { type: 'file', accept });
    input.hidden = true;
    /** @param {File} [file] */
    const end = (file) => {
      input.remove();
      resolve(file ?? null);
    };
    input.addEventListener('change', () => end(input.files?.[0]));
    input.addEventListener('cancel', () => end());
    // In the page, or a browser may throw it away while the person looks for the file.
    document.body.append(input);
    input.click();
  });
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/**
 * With the recipe of the picture in it.
 * @param {Editor} editor
 * @param {'png'|'webp'} kind
 */
export async function savePicture(editor, kind) {
  await editor.settled();
  const { picture, state } = editor;
  if (!picture) throw new Error(t('There is no picture yet to save.'));
  // Of a picture that is not of the newest edits the recipe is not known.
  const doc = state.shown === state.version ? editor.doc.snapshot() : null;
  const file = await encodePicture(picture, { type: `image/${kind}`, quality: 1 });
  if (!doc) toast(t('Saved as it is on screen, without the newest edits.'));
  download(
    doc ? await withRecipe(file, doc, state.model) : file,
    `${state.model?.id ?? 'oasis'}-${state.noise.seed}.${file.type.slice(6)}`,
  );
}

/** @param {Editor} editor */
export async function saveColors({ doc, state: { model } }) {
  const rgb = colorTable(model?.classes ?? []).map(hexToRgb);
  const picture = new ImageData(doc.width, doc.height);
  doc.labels.forEach((id, i) => picture.data.set([...rgb[id], 255], 4 * i));
  download(await encodePicture(picture), `${model?.id ?? 'oasis'}-colors.png`);
}

/** @param {Editor} editor */
export async function saveLabels(editor) {
  const png = new Blob([/** @type {BlobPart} */ (await editor.labelsPng())], { type: 'image/png' });
  download(png, `${editor.state.model?.id ?? 'oasis'}-labels.png`);
}

/**
 * Reads a label map: ids from a gray or palette PNG, or colors that are exactly
 * the classes' colors.
 * @param {Uint8Array} file
 * @param {Model} model
 * @returns {Promise<import('./types.js').LabelMap>}
 * @throws {Error} fit for people; names the id or color that is no class
 */
export async function readLabels(file, model) {
  const { width, height, ids, rgb } = await decodePng(file);
  const labels = ids ?? idsOfColors(/** @type {Uint8Array} */ (rgb), model);
  const known = new Set(model.classes.map(({ id }) => id));
  const strange = labels.find((id) => !known.has(id));
  if (strange !== undefined) {
    throw new Error(
      t('This label map uses the id {id}, and {name} has no such class.', { id: strange, name: model.name }),
    );
  }
  return { width, height, labels };
}

/**
 * @param {Uint8Array} rgb
 * @param {Model} model
 */
function idsOfColors(rgb, model) {
  const byColor = new Map(model.classes.map(({ id, color }) => [String(hexToRgb(color)), id]));
  const ids = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < ids.length; i++) {
    const color = String(rgb.subarray(3 * i, 3 * i + 3));
    const id = byColor.get(color);
    if (id === undefined) {
      throw new Error(
        t('This picture has the color rgb({color}), which is no class of {name}.', { color, name: model.name }),
      );
    }
    ids[i] = id;
  }
  return ids;
}
