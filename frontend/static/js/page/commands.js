/** The command palette: fuzzy search over actions, classes, scenes and models. */
/** @typedef {import('../base/types.js').Action} Action */
/** @typedef {import('../editor/editor.js').Editor} Editor */
import { find, icon, make } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { parseJson } from '../base/json.js';
import { loadItem, saveItem } from '../base/storage.js';
import { chooseClass } from '../tools/tools.js';
import { fuzzyScore } from './fuzzy.js';
import { caps, keyOf } from './shortcuts.js';

/** The most commands listed, and the most recent ones remembered. */
const SHOWN = 60;
const RECENT = 8;

/**
 * @typedef {object} Command  An entry of the palette.
 * @property {string} id
 * @property {string} name
 * @property {string} group
 * @property {string} [key]
 * @property {string} [icon]
 * @property {string} [color]
 * @property {boolean} [disabled]
 * @property {string} [obstacle]
 * @property {() => void} perform
 */

/**
 * Connects the command palette.
 * @param {Action[]} actions
 * @param {Editor} editor
 * @param {(action: Action) => void} run
 * @param {() => Command[]} more  models and scenes, which are not actions
 * @returns {() => void} opens it
 */
export function attachCommands(actions, editor, run, more) {
  const dialog = find('#commands', HTMLDialogElement);
  const input = find('input', HTMLInputElement, dialog);
  const list = find('ul', HTMLElement, dialog);
  /** @type {string[]} */
  let recent = parseJson(loadItem('recent') ?? '') ?? [];
  /** @type {Command[]} */
  let shown = [];
  let at = 0;

  const show = () => {
    const typed = input.value;
    const found = commands(actions, editor, run, more())
      .map((command) => ({ command, value: rank(command, typed, recent.indexOf(command.id)) }))
      .filter(({ value }) => value > 0)
      .sort((a, b) => b.value - a.value);
    shown = found.slice(0, SHOWN).map(({ command }) => command);
    list.replaceChildren(...shown.map(option));
    find('p', HTMLElement, dialog).hidden = shown.length > 0;
    select(0);
  };

  /** @param {number} next */
  const select = (next) => {
    at = (next + shown.length) % (shown.length || 1);
    for (const [i, item] of [...list.children].entries()) item.setAttribute('aria-selected', String(i === at));
    const item = list.children[at];
    if (item) input.setAttribute('aria-activedescendant', item.id);
    else input.removeAttribute('aria-activedescendant');
    item?.scrollIntoView({ block: 'nearest' });
  };

  const perform = () => {
    const command = shown[at];
    if (!command || command.disabled) return;
    recent = [command.id, ...recent.filter((id) => id !== command.id)].slice(0, RECENT);
    saveItem('recent', JSON.stringify(recent));
    dialog.close();
    command.perform();
  };

  input.addEventListener('input', show);
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) select(at + step);
    else if (event.key === 'Enter') perform();
    else return;
    event.preventDefault();
  });
  list.addEventListener('click', ({ target }) => {
    const item = target instanceof Element && target.closest('li');
    if (!item) return;
    select([...list.children].indexOf(item));
    perform();
  });

  return () => {
    input.value = '';
    dialog.showModal();
    show();
  };
}

/**
 * @param {Action[]} actions
 * @param {Editor} editor
 * @param {(action: Action) => void} run
 * @param {Command[]} more
 * @returns {Command[]} the actions, the classes and the others
 */
function commands(actions, editor, run, more) {
  const { state } = editor;
  const own = actions.map((action) => ({
    id: action.id,
    name: t(action.name),
    group: t(action.group),
    key: keyOf(action, state.shortcuts.custom),
    icon: action.icon,
    disabled: action.enabled?.(state) === false,
    obstacle: t(action.obstacle?.(state) ?? ''),
    perform: () => run(action),
  }));
  const classes = (state.model?.classes ?? []).map(({ id, name }) => ({
    id: `class-${id}`,
    name: t('Paint {name}', { name }),
    group: t('Classes'),
    color: state.classes.colors[id],
    perform: () => chooseClass(editor.store, id),
  }));
  return [...own, ...classes, ...more];
}

/**
 * @param {Command} command
 * @param {string} typed
 * @param {number} recent  its index among the recent commands, or -1
 * @returns {number} its rank; 0 if it does not match
 */
function rank({ name, group, disabled }, typed, recent) {
  const value = typed.trim() ? 2 * fuzzyScore(typed, name) || fuzzyScore(typed, `${group} ${name}`) : 1;
  return value && (recent < 0 ? value : value + 100 - recent) * (disabled ? 0.5 : 1);
}

/**
 * @param {Command} command
 * @param {number} i
 */
function option({ name, group, key, icon: symbol, color, disabled, obstacle }, i) {
  const chip = color ? make('span', { class: 'chip' }) : symbol ? icon(symbol) : make('span', { class: 'icon' });
  if (color) /** @type {HTMLElement} */ (chip).style.background = color;
  const item = make('li', { id: `command-${i}`, role: 'option' }, chip, make('span', {}, name));
  item.append(
    make('small', {}, (disabled && obstacle) || group),
    ...(key ? caps(key).map((cap) => make('kbd', {}, cap)) : []),
  );
  if (disabled) item.setAttribute('aria-disabled', 'true');
  return item;
}
