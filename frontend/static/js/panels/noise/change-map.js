/** A heat map of what the last step changed in the picture. */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
import { find } from '../../base/dom.js';
import { t } from '../../base/i18n.js';

/** The difference of a color channel, 0..255, at which the heat map saturates. */
const HOT = 96;

/**
 * Compares two pictures.
 * @param {ImageData} before
 * @param {ImageData} now  of the same size
 * @returns {{pixels: ImageData, share: number}} pixels: transparent where nothing changed; share: of the pixels that changed, 0..1
 */
export function changeMap(before, now) {
  const pixels = new ImageData(now.width, now.height);
  const [a, b] = [before.data, now.data];
  let changed = 0;
  for (let i = 0; i < b.length; i += 4) {
    const most = Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2]));
    if (!most) continue;
    changed++;
    const heat = Math.min(1, most / HOT);
    pixels.data.set([255, 230 - 200 * heat, 40, 100 + 130 * heat], i);
  }
  return { pixels, share: (4 * changed) / b.length };
}

/**
 * Connects the heat map.
 * @param {Editor} editor
 * @param {import('../../base/types.js').Stage} stage
 */
export function attachChangeMap(editor, stage) {
  const text = find('#change-text', HTMLElement);
  editor.store.watch(
    ['view.overlay', 'doc.version', 'live.shown', 'doc.stroking'],
    ({ view: { overlay }, doc: { version, stroking }, live: { shown } }) => {
      if (overlay !== 'change') {
        text.textContent = t('Heat map of the last step');
        return;
      }
      if (stroking || shown !== version) return;
      const { picture, before } = editor.painting;
      const known = picture && before && picture.width === before.width && picture.height === before.height;
      const map = known ? changeMap(before, picture) : null;
      stage.showOverlay(map?.pixels ?? null);
      text.textContent = map
        ? t('{share} % of the pixels changed', { share: (100 * map.share).toFixed(map.share < 0.1 ? 1 : 0) })
        : t('The previous picture is not available');
    },
  );
}
