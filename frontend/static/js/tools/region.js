/** Paints a noise region. */
import { UserError } from '../base/errors.js';
import { t } from '../base/i18n.js';
import { toastError } from '../base/toast.js';
import { regionMask } from '../document/composite.js';
import { newRegion } from '../document/noise.js';
import { reroll } from '../document/vectors.js';
import { freezePixels, pixelsToFreeze } from '../editor/frozen-pixels.js';
import { selected } from '../editor/pen.js';
import { noiseLocks } from '../editor/regions.js';
import { applyPlan, planObject } from '../editor/reroll.js';
import { dab, stroke } from './strokes.js';

/** @type {import('./tool.js').Begin} */
const begin = (editor, start) => {
  const { subtract, regionId } = editor.state.reroll;
  if (subtract && regionId === null) return null;
  editor.openStroke(subtract ? t('Cut from a noise region') : t('Brush a noise region'));
  try {
    const { regions } = editor.doc;
    const selection = selected(editor);
    const id = activeRegion(editor);
    const mask = regionMask(regions, id);
    const { version } = editor.state.doc;
    /** @type {ImageData|null} */
    let base = null;
    const isLocked = noiseLocks(editor.doc, id);
    let [painted, barred] = [false, false];
    /** @param {number} i */
    const paint = (i) => {
      if (selection?.[i] === 0) return;
      if (subtract) regions[i] = regions[i] === id ? 0 : regions[i];
      else if (isLocked(i)) barred = true;
      else [regions[i], mask[i], painted] = [id, 1, true];
    };
    /** @type {(a: import('./tool.js').Sample, b: import('./tool.js').Sample) => void} */
    const along = (a, b) => {
      // The previous picture may still be in flight when the stroke begins.
      base ??= pixelsToFreeze(editor, mask, version);
      dab(editor, a, b, paint);
      freezePixels(editor, mask, base);
    };
    return stroke(editor, start, along, () => {
      if (barred && !painted) throw new UserError(t('The noise there is locked: unlock it first.'));
    });
  } catch (error) {
    editor.cancelStroke();
    throw error;
  }
};

/**
 * @param {import('../editor/editor.js').Editor} editor  with an open stroke
 * @returns {number} id of the active region, or of a new one, added to the open step
 */
function activeRegion({ doc, state, store }) {
  const { noise } = doc;
  const { regionId } = state.reroll;
  if (regionId !== null && noise.regions.some(({ id }) => id === regionId)) return regionId;
  const region = newRegion(noise, null, reroll(noise, state.reroll));
  doc.noise = { ...noise, regions: [...noise.regions, region] };
  store.set({ reroll: { regionId: region.id } });
  return region.id;
}

/** Makes the object under the pointer a noise region. @type {import('./tool.js').Begin} */
const beginWithAlt = (editor, start) => {
  if (editor.classAt(start) === null) return null;
  const end = () => void applyPlan(editor, () => planObject(editor, start)).catch(toastError);
  return { instant: true, end };
};

/** @type {import('./tool.js').Tool<'region'>} */
export const region = {
  id: 'region',
  name: 'Noise-region brush',
  key: 'N',
  options: ['size', 'shape', 'region', 'symmetry', 'pen'],
  showsRegions: true,
  begin,
  beginWithAlt,
};
