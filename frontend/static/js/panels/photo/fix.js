/** Correcting labels: a click on an object opens a list of classes. */
import { find, linePath, make } from '../../base/dom.js';
import { t } from '../../base/i18n.js';
import { toast } from '../../base/toast.js';
import { editLabels, locks } from '../../editor/pen.js';
import { className } from '../../maps/classes.js';
import { connected } from '../../maps/labelmap.js';
import { likelyClasses } from '../../maps/likely.js';
import { outlines } from '../../maps/outlines.js';
import { unsure } from './shade.js';

/**
 * Connects the list.
 * @param {import('../../editor/editor.js').Editor} editor
 * @param {import('../../base/types.js').Stage} stage
 */
export function attachFixer(editor, stage) {
  const { store } = editor;
  const dialog = find('#fix', HTMLDialogElement);
  const search = find('#fix-search', HTMLInputElement);
  const list = find('#fix-list', HTMLElement);
  const part = find('#fix-part', HTMLInputElement);

  /** @param {import('../../base/types.js').State} state */
  const open = ({ model, view: { fix, doubt }, doc: { photo }, classes: { colors } }) => {
    if (!fix || !model) return;
    const { labels, width } = editor.doc;
    const now = labels[fix.at];
    if (locks(editor)[now]) {
      toast(
        t('{name} is locked. Unlock it in the list of classes.', { name: className(editor.state.model, now) }),
        'error',
      );
      return store.set({ view: { fix: null } });
    }
    const whole = connected(labels, width, fix.at);
    const doubted = photo && unsure(photo, labels, doubt);
    const doubtful = whole.map((inside, i) => (doubted ? inside & doubted[i] : 0));
    const hasPart = doubtful.includes(1);
    const area = fix.part && hasPart ? doubtful : whole;
    part.checked = fix.part && hasPart;
    find('label', HTMLElement, dialog).hidden = !hasPart;
    store.set({ marks: { band: linePath(outlines(area, width).get(1) ?? []) } });

    const likely = likelyClasses(labels, width, whole).filter((id) => id !== now);
    const ids = new Set([...likely, now, ...model.classes.map(({ id }) => id)]);
    if (model.ignore_id !== null) ids.delete(model.ignore_id);
    const rows = [...ids].map((id) => {
      const name = className(editor.state.model, id);
      const chip = make('span', { class: 'chip' });
      chip.style.background = colors[id];
      const pick = make('button', { class: 'menu-item' }, chip, id === now ? t('Confirm {name}', { name }) : name);
      pick.addEventListener('click', () => {
        dialog.close();
        relabel(editor, area, id);
      });
      return make('li', {}, pick);
    });
    list.replaceChildren(...rows);
    search.value = '';
    // Open it after the click has ended, which would close it otherwise.
    setTimeout(() => {
      if (!dialog.open) dialog.showModal();
      place(fix.at);
    });
  };

  /** Places the dialog. @param {number} at  index of a pixel of the map */
  const place = (at) => {
    const pane = stage.panes.find(({ element }) => element.matches(':hover')) ?? stage.left;
    const { x, y } = pane.element.getBoundingClientRect();
    const { scale, left, top } = pane.view.place(pane.box, pane.map);
    const { width } = editor.doc;
    dialog.style.left = `min(${x + left + (at % width) * scale + 16}px, 100vw - 240px)`;
    dialog.style.top = `min(${y + top + Math.floor(at / width) * scale + 16}px, 100dvh - 350px)`;
  };

  store.watch(['view.fix'], open);
  dialog.addEventListener('close', () => store.set({ view: { fix: null }, marks: { band: null } }));
  part.addEventListener('change', () => {
    const { fix } = editor.state.view;
    if (fix) store.set({ view: { fix: { ...fix, part: part.checked } } });
  });
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    for (const item of list.querySelectorAll('li')) item.hidden = !item.textContent?.toLowerCase().includes(wanted);
  });
  dialog.addEventListener('keydown', (event) => {
    const stops = [search, ...list.querySelectorAll('button')].filter((each) => each.checkVisibility());
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) stops[stops.indexOf(/** @type {HTMLButtonElement} */ (event.target)) + step]?.focus();
    else if (event.key === 'Enter' && event.target === search) stops[1]?.click();
    else return;
    event.preventDefault();
  });
}

/**
 * Relabels an area. Where the photo is shown it stays, since only its labels were wrong.
 * @param {import('../../editor/editor.js').Editor} editor
 * @param {Uint8Array} area  1 on pixels to relabel
 * @param {number} id
 */
function relabel(editor, area, id) {
  editLabels(editor, t('Relabel as {name}', { name: className(editor.state.model, id) }), () => {
    const { labels, photo } = editor.doc;
    const [found, confidence] = [photo?.labels.slice(), photo?.confidence.slice()];
    for (let i = 0; i < area.length; i++) {
      if (!area[i]) continue;
      if (found && confidence && found[i] === labels[i]) [found[i], confidence[i]] = [id, 255];
      labels[i] = id;
    }
    if (photo && found && confidence) editor.doc.photo = { ...photo, labels: found, confidence };
  });
}
