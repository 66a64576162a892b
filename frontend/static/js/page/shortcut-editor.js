/** The shortcuts dialog: lists every action with its key and lets the user change it. */
/** @typedef {import('../base/types.js').Action} Action */
/** @typedef {import('../base/types.js').State} State */
import { find, icon, make } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { saveShortcuts } from '../editor/preferences.js';
import { caps, combination, keyOf, keyText, withKey } from './shortcuts.js';

/** Gestures, which are listed but cannot be changed. */
const GESTURES = [
  { name: 'Pan', key: 'Hold Space' },
  { name: 'Pick class', key: 'Hold Alt' },
  { name: 'Straight line', key: 'Shift, click' },
  { name: 'Move the selection', key: 'Arrows' },
  { name: 'Zoom at the cursor', key: 'Wheel' },
  { name: 'Pan and zoom', key: 'Two fingers' },
  { name: 'Cancel a stroke', key: 'Esc' },
];

/** Keys that press buttons or move the cursor. They cannot be shortcuts. */
const NEEDED = /^( |Enter|Arrow.*)$/;

/**
 * Connects the shortcuts dialog.
 * @param {Action[]} actions
 * @param {import('../base/store.js').Store<State>} store
 * @returns {() => void} opens it
 */
export function attachShortcutEditor(actions, store) {
  const dialog = find('#shortcuts', HTMLDialogElement);
  const search = find('#shortcut-search', HTMLInputElement);
  const note = find('#shortcut-note', HTMLElement);
  const noteText = find('p', HTMLElement, note);
  const take = find('#shortcut-take', HTMLButtonElement);
  const resetAll = find('#shortcut-reset', HTMLButtonElement);
  /**
   * The action whose key is being changed, and the new key if another action uses it.
   * @type {{action: Action, key: string}|null}
   */
  let waiting = null;

  /** @param {string} [text]  what to do next; '' hides the prompt */
  const prompt = (text = '') => {
    noteText.textContent = text;
    note.hidden = !text;
    take.hidden = !waiting?.key;
  };
  /** @param {import('../base/types.js').Shortcuts} custom */
  const save = (custom) => {
    saveShortcuts(custom);
    store.set({ shortcuts: { custom } });
  };
  const stop = () => {
    waiting = null;
    prompt();
    update();
  };

  const rows = actions.map((action) => {
    const key = make('button', { class: 'key' });
    const reset = make('button', {
      class: 'icon-button',
      'aria-label': t('Reset: {name}', { name: t(action.name) }),
    });
    reset.append(icon('undo'));
    key.addEventListener('click', () => {
      waiting = { action, key: '' };
      prompt(
        t('Press the new keys for “{name}”. Esc cancels, Backspace removes the shortcut.', {
          name: t(action.name),
        }),
      );
      update();
      key.focus();
    });
    reset.addEventListener('click', () => {
      save(withKey(actions, store.state.shortcuts.custom, action, action.key ?? ''));
      key.focus();
    });
    return { action, key, reset, ...line(action.name, reset, key) };
  });

  const update = () => {
    const { custom } = store.state.shortcuts;
    for (const { action, key, reset } of rows) {
      const now = keyOf(action, custom);
      const listens = waiting?.action === action;
      key.classList.toggle('listens', listens);
      key.replaceChildren(...(listens ? ['…'] : now ? kbds(now) : ['–']));
      key.setAttribute('aria-label', `${t(action.name)}: ${now ? keyText(now) : t('no shortcut')}`);
      reset.hidden = !(action.id in custom);
    }
    resetAll.hidden = Object.keys(custom).length === 0;
  };

  /** @param {string} key */
  const choose = (key) => {
    if (!waiting) return;
    const { action } = waiting;
    const holder =
      key && actions.find((other) => other !== action && keyOf(other, store.state.shortcuts.custom) === key);
    if (holder && !waiting.key) {
      waiting = { action, key };
      prompt(t('{key} is already used by “{name}”.', { key: keyText(key), name: t(holder.name) }));
      take.focus();
      return;
    }
    save(withKey(actions, store.state.shortcuts.custom, action, key));
    stop();
    rows.find((row) => row.action === action)?.key.focus();
  };

  dialog.addEventListener(
    'keydown',
    (event) => {
      if (!waiting || waiting.key) return;
      if (event.key === 'Tab') return stop();
      const key = combination(event);
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') stop();
      else if (event.key === 'Backspace') choose('');
      else if (key && !NEEDED.test(event.key)) choose(key);
    },
    true,
  );
  take.addEventListener('click', () => waiting && choose(waiting.key));
  find('#shortcut-cancel', HTMLElement).addEventListener('click', stop);
  resetAll.addEventListener('click', () => save({}));
  dialog.addEventListener('close', stop);
  search.addEventListener('input', () => filter());
  search.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());

  const gestures = GESTURES.map(({ name, key }) => line(name, make('kbd', {}, t(key))));
  const sections = [...new Set(actions.map(({ group }) => group)), 'Gestures'].map((group) => {
    const own = rows.filter(({ action }) => action.group === group);
    const lines = own.length ? own : gestures;
    const list = make('dl', {}, ...lines.map(({ item }) => item));
    return { lines, element: make('section', {}, make('h3', {}, t(group)), list) };
  });
  find('#shortcut-groups', HTMLElement).replaceChildren(...sections.map(({ element }) => element));
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    for (const { lines, element } of sections) {
      for (const { item } of lines) item.hidden = !item.textContent?.toLowerCase().includes(wanted);
      element.hidden = lines.every(({ item }) => item.hidden);
    }
  };
  store.watch(['shortcuts.custom'], update);

  return () => {
    search.value = '';
    filter();
    dialog.showModal();
  };
}

/**
 * @param {string} name
 * @param {...(Node|string)} ends
 */
function line(name, ...ends) {
  return { item: make('div', {}, make('dt', {}, t(name)), make('dd', {}, ...ends)) };
}

/** @param {string} key */
const kbds = (key) => caps(key).flatMap((cap, i) => [...(i ? [' '] : []), make('kbd', {}, cap)]);
