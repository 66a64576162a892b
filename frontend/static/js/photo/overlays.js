/** What lies over a pane like a heat map: labels that the segmenter was not sure of, and the discriminator's hints. */
/** @typedef {import('../types.js').State} State */
import { find, make } from '../dom.js';
import { t } from '../i18n.js';
import { attachHinter } from './hinter.js';
import { hatched, heat, ranks, unsure } from './shade.js';

/** @type {Record<string, {legend: string, color: [number, number, number]}>} */
const HEATS = {
  realism: { legend: 'Realism {mean}: pink looks more painted than the rest', color: [255, 45, 135] },
  fidelity: { legend: 'Label fidelity {mean}: orange is not what was painted', color: [255, 150, 0] },
};

/** @param {number} share  0..1 */
const percent = (share) => `${Math.round(100 * share)} %`;

/**
 * @param {import('../editor.js').Editor} editor
 * @param {import('../stage.js').Stage} stage
 */
export function attachOverlays(editor, stage) {
  const { store } = editor;
  const legend = find('#legend', HTMLElement);
  const text = find('#legend-text', HTMLElement);
  const doubt = find('#doubt', HTMLInputElement);
  const section = find('#hints', HTMLDetailsElement);
  /** Of the picture that `width` belongs to. @type {import('../hints.js').Hints|null} */
  let hints = null;
  let width = 1;

  /** @param {State} state */
  const show = ({ overlay, photo, layout, stroking, model, ...state }) => {
    const heats = HEATS[overlay];
    if ((overlay === 'confidence' && !photo) || (heats && !model?.segmenter)) return store.set({ overlay: 'none' });
    legend.hidden = !heats && overlay !== 'confidence';
    legend.dataset.overlay = overlay;
    if (stroking) return;
    const { doc } = editor;
    if (overlay === 'none') stage.showOverlay(null);
    if (photo && overlay === 'confidence') {
      const over = layout === 'split' || layout === 'labels' ? 'labels' : 'photo';
      stage.showOverlay(hatched(unsure(photo, doc.labels, state.doubt), doc.width), over);
      doubt.value = String(Math.round(100 * state.doubt));
      text.textContent = t('Unsure below {share}', { share: percent(state.doubt) });
    }
    if (!heats) return;
    const kind = /** @type {'realism'|'fidelity'} */ (overlay);
    stage.showOverlay(hints && heat(kind === 'realism' ? ranks(hints.maps.realism) : hints.maps[kind], width, heats.color));
    text.textContent = t(heats.legend, { mean: hints ? percent(hints[kind]) : '…' });
  };

  /** The classes, those seen worst first. */
  const list = () => {
    const classes = [...(hints?.classes ?? [])].sort((a, b) => a[1] - b[1]);
    const rows = classes.map(([id, share]) => {
      const pick = make('button', { type: 'button', class: 'menu-item' }, editor.className(id), make('meter', { value: String(share) }), percent(share));
      pick.addEventListener('click', () => store.set({ classId: id }));
      return make('li', {}, pick);
    });
    find('#hint-list', HTMLElement).replaceChildren(...rows);
  };

  const look = attachHinter(editor, ({ overlay }) => overlay in HEATS || section.open, (found) => {
    hints = found;
    width = editor.doc.width;
    show(store.state);
    list();
  });
  section.addEventListener('toggle', look);
  doubt.addEventListener('input', () => store.set({ doubt: doubt.valueAsNumber / 100 }));
  store.watch(['model'], () => (hints = null));
  store.watch(['overlay', 'photo', 'version', 'doubt', 'layout', 'stroking', 'model'], show);
}
