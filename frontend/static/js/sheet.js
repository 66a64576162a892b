/** The sheet of shortcuts, made from the actions. */
/** @typedef {import('./actions.js').Action} Action */
import { find, make } from './dom.js';

/** What pointers do has no action of its own. */
const BY_HAND = [
  { name: 'Pan', key: 'Hold Space' },
  { name: 'Zoom at the cursor', key: 'Wheel' },
  { name: 'Pan and zoom', key: 'Two fingers' },
  { name: 'Give up a stroke', key: 'Esc' },
];

/** @param {Action[]} actions */
export function fillSheet(actions) {
  /** @type {Map<string, {name: string, key: string}[]>} */
  const groups = new Map();
  for (const { group, name, key } of actions) {
    if (!key || /^[2-9]$/.test(key)) continue;
    const row = key === '1' ? { name: 'Pinned classes', key: '1 – 9' } : { name, key };
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  groups.set('By hand', BY_HAND);
  const sections = [...groups].map(([group, rows]) =>
    make('section', {}, make('h3', {}, group), make('dl', {}, ...rows.map(line))),
  );
  find('#sheet-groups', HTMLElement).replaceChildren(...sections);
}

/** @param {{name: string, key: string}} row */
function line({ name, key }) {
  const caps = key.split(/\+(?=.)/).flatMap((cap, i) => [...(i ? [' '] : []), make('kbd', {}, cap)]);
  return make('div', {}, make('dt', {}, name), make('dd', {}, ...caps));
}
