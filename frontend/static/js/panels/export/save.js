/** Saves pictures and label maps. */
/** @typedef {import('../../base/types.js').Model} Model */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
import { hexToRgb } from '../../base/color.js';
import { download } from '../../base/download.js';
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { toast } from '../../base/toast.js';
import { encodePicture } from '../../formats/picture.js';
import { encodePng } from '../../formats/png.js';
import { colorTable } from '../../maps/classes.js';
import { withRecipe } from './recipe.js';

/**
 * Saves the picture on screen, with its recipe.
 * @param {Editor} editor
 * @param {'png'|'webp'} kind
 */
export async function savePicture(editor, kind) {
  await editor.painting.settled();
  const { state } = editor;
  const { picture } = editor.painting;
  if (!picture) throw new UserError(t('There is no picture to save yet.'));
  // The recipe is known only if the picture shows the latest edits.
  const doc = state.live.shown === state.doc.version ? editor.doc.snapshot() : null;
  const file = await encodePicture(picture, { type: `image/${kind}`, quality: 1 });
  if (!doc) toast(t('Saved as shown, without the latest edits.'));
  download(
    doc ? await withRecipe(file, doc, state.model) : file,
    `${state.model?.id ?? 'oasis'}-${state.doc.noise.seed}.${file.type.slice(6)}`,
  );
}

/** Saves the label map as a picture in the colors of the classes. @param {Editor} editor */
export async function saveColors({ doc, state: { model } }) {
  const rgb = colorTable(model?.classes ?? []).map(hexToRgb);
  const picture = new ImageData(doc.width, doc.height);
  doc.labels.forEach((id, i) => picture.data.set([...rgb[id], 255], 4 * i));
  download(await encodePicture(picture), `${model?.id ?? 'oasis'}-colors.png`);
}

/** Saves the label map as class ids. @param {Editor} editor */
export async function saveLabels(editor) {
  const png = new Blob(
    [
      /** @type {BlobPart} */ (
        await encodePng(editor.doc.labels, editor.doc.width, colorTable(editor.state.model?.classes ?? []))
      ),
    ],
    { type: 'image/png' },
  );
  download(png, `${editor.state.model?.id ?? 'oasis'}-labels.png`);
}
