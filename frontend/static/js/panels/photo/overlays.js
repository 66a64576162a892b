/** Overlays on a pane: uncertain labels, and heat maps of the discriminator's hints. */
/** @typedef {import('../../base/types.js').State} State */
import { find, make } from '../../base/dom.js';
import { t } from '../../base/i18n.js';
import { className } from '../../maps/classes.js';
import { attachHinter } from './hinter.js';
import { hatched, heat, ranks, unsure } from './shade.js';

/** @type {Record<string, {legend: (values: {mean: string}) => string, color: [number, number, number]}>} */
const HEATS = {
  realism: {
    legend: (values) => t('Realism {mean}: pink looks least real', values),
    color: [255, 45, 135],
  },
  fidelity: {
    legend: (values) => t('Label fidelity {mean}: orange does not match its label', values),
    color: [255, 150, 0],
  },
};

/** @param {number} share  0..1 */
const percent = (share) => `${Math.round(100 * share)} %`;

/**
 * Connects the overlays and the list of hints.
 * @param {import('../../editor/editor.js').Editor} editor
 * @param {import('../../base/types.js').Stage} stage
 */
export function attachOverlays(editor, stage) {
  const { store } = editor;
  const legend = find('#legend', HTMLElement);
  const text = find('#legend-text', HTMLElement);
  const doubt = find('#doubt', HTMLInputElement);
  const section = find('#hints', HTMLDetailsElement);
  const items = find('#hint-list', HTMLElement);
  /** The last hints. @type {import('../../server/hints.js').Hints|null} */
  let found = null;
  /** What they are about. @type {Partial<import('./hinter.js').Target>} */
  let about = {};

  /** @param {State} state */
  const show = ({ model, view, doc: { photo, stroking } }) => {
    const { overlay, layout } = view;
    const heats = HEATS[overlay];
    if ((overlay === 'confidence' && !photo) || (heats && !model?.capabilities.inspect))
      return store.set({ view: { overlay: 'none' } });
    legend.hidden = !heats && overlay !== 'confidence';
    legend.dataset.overlay = overlay;
    if (stroking) return;
    const { doc } = editor;
    if (overlay === 'none') stage.showOverlay(null);
    if (photo && overlay === 'confidence') {
      const over = layout === 'split' || layout === 'labels' ? 'labels' : 'photo';
      stage.showOverlay(hatched(unsure(photo, doc.labels, view.doubt), doc.width), over);
      doubt.value = String(Math.round(100 * view.doubt));
      text.textContent = t('Uncertain below {share}', { share: percent(view.doubt) });
    }
    if (!heats) return;
    const kind = /** @type {'realism'|'fidelity'} */ (overlay);
    const hints = about.version === doc.version ? found : null;
    stage.showOverlay(
      hints && heat(kind === 'realism' ? ranks(hints.maps.realism) : hints.maps[kind], about.width ?? 1, heats.color),
    );
    text.textContent = heats.legend({ mean: hints ? percent(hints[kind]) : '…' });
  };

  /** Lists the classes, least recognized first, with their shares while those are current. @param {State} state */
  const list = ({ doc: { stroking, version } }) => {
    if (stroking) return;
    const fresh = about.version === version;
    const classes = [...((about.doc === editor.doc && found?.classes) || [])].sort((a, b) => a[1] - b[1]);
    const rows = classes.map(([id, share]) => {
      const pick = make('button', { class: 'menu-item', id: `hint-${id}` }, className(editor.state.model, id));
      pick.append(...(fresh ? [make('meter', { value: String(share) }), percent(share)] : ['…']));
      pick.addEventListener('click', () => store.set({ classes: { classId: id } }));
      return make('li', {}, pick);
    });
    const focused = items.querySelector(':focus')?.id;
    items.replaceChildren(...rows);
    if (focused) document.getElementById(focused)?.focus();
  };

  const check = attachHinter(
    editor,
    ({ view }) => view.overlay in HEATS || section.open,
    (...answer) => {
      [found, about] = answer;
      show(store.state);
      list(store.state);
    },
  );
  section.addEventListener('toggle', check);
  doubt.addEventListener('input', () => store.set({ view: { doubt: doubt.valueAsNumber / 100 } }));
  store.watch(['doc.version', 'doc.stroking', 'model'], list);
  store.watch(['view.overlay', 'doc.photo', 'doc.version', 'view.doubt', 'view.layout', 'doc.stroking', 'model'], show);
}
