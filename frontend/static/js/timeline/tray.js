/** The timeline under the panes: key frames in a row, below them the film's controls. */
/** @typedef {import('../types.js').KeyFrame} KeyFrame */
import { find, icon, make, thumbnail } from '../dom.js';
import { t } from '../i18n.js';
import { toastError } from '../toast.js';

const THUMB = 128;

/** @param {import('./timeline.js').Timeline} timeline */
export function attachTray(timeline) {
  const tray = find('#timeline', HTMLElement);
  const list = find('#keys', HTMLElement);
  const scrub = find('#scrub', HTMLInputElement);
  /** The key frames in the row. @type {readonly KeyFrame[]} */
  let shown = [];
  /** @type {KeyFrame|null} */
  let dragged = null;
  /** @type {WeakMap<KeyFrame, HTMLImageElement>} */
  const images = new WeakMap();

  /** @param {number} i */
  const button = (i) => list.children[i]?.querySelector('button');

  /** @param {KeyFrame} key */
  const image = (key) => {
    const img = images.get(key) ?? make('img', { alt: '', draggable: 'false' });
    if (!img.src) createImageBitmap(key.picture).then((bitmap) => (img.src = thumbnail(bitmap, THUMB).toDataURL()));
    images.set(key, img);
    return img;
  };

  /**
   * @param {KeyFrame} key
   * @param {number} i  its place
   */
  const item = (key, i) => {
    const n = i + 1;
    /** @type {(name: string, symbol: string, act: () => void|Promise<void>) => HTMLElement} */
    const small = (name, symbol, act) => {
      const made = make('button', { type: 'button', class: 'icon-button', 'aria-label': name, title: name }, icon(symbol));
      made.addEventListener('click', async () => act());
      return made;
    };
    const label = t('Key frame {n}, seed {seed}', { n, seed: key.snapshot.noise.seed });
    const show = make('button', { type: 'button', class: 'key-frame', draggable: 'true', 'aria-label': label }, image(key));
    show.setAttribute('aria-describedby', 'keys-help');
    show.addEventListener('click', () => timeline.go(key));
    show.addEventListener('dragstart', () => (dragged = key));
    show.addEventListener('dragend', () => (dragged = null));
    const li = make('li', {}, show);
    li.append(
      small(t('New seed for key frame {n}', { n }), 'dice', () => timeline.reroll(key).catch(toastError)),
      small(t('Copy key frame {n}', { n }), 'copy', () => timeline.replace(key, key, { ...key })),
      small(t('Remove key frame {n}', { n }), 'close', () => timeline.replace(key)),
    );
    li.addEventListener('dragover', (event) => dragged && event.preventDefault());
    li.addEventListener('drop', () => dragged && timeline.move(dragged, i));
    return li;
  };

  /** @param {readonly KeyFrame[]} keys */
  const fill = (keys) => {
    const at = [...list.children].findIndex((li) => li.contains(document.activeElement));
    const moved = keys.indexOf(shown[at]);
    list.replaceChildren(...keys.map(item));
    if (at >= 0) (button(moved < 0 ? Math.min(at, keys.length - 1) : moved) ?? tray).focus();
    else if (keys.length > shown.length) list.scrollLeft = list.scrollWidth;
    shown = keys;
  };

  timeline.editor.store.watch(['timeline', 'version'], ({ timeline: state, version }) => {
    const { open, keys, frames, frame, written } = state;
    tray.hidden = !open;
    tray.toggleAttribute('data-writing', written !== null);
    find('#film-written', HTMLProgressElement).value = written ?? 0;
    if (keys !== shown) fill(keys);
    keys.forEach(({ snapshot }, i) => button(i)?.setAttribute('aria-current', String(snapshot.version === version)));
    const place = frames ? `${(frame ?? 0) + 1} / ${frames}` : '–';
    scrub.max = String(frames - 1);
    scrub.disabled = !frames;
    scrub.value = String(frame ?? 0);
    scrub.setAttribute('aria-valuetext', place);
    find('#frame-text', HTMLOutputElement).value = place;
    for (const [name, unit] of /** @type {const} */ ([['seconds', 's'], ['fps', 'fps']])) {
      find(`#film-${name}`, HTMLInputElement).value = String(state[name]);
      find(`#film-${name}-text`, HTMLOutputElement).value = `${state[name]} ${unit}`;
    }
  });

  for (const name of ['seconds', 'fps']) {
    const input = find(`#film-${name}`, HTMLInputElement);
    input.addEventListener('input', () => timeline.change({ [name]: input.valueAsNumber }));
  }
  scrub.addEventListener('input', () => timeline.show(scrub.valueAsNumber).catch(toastError));
  // A click takes the focus off its button; the keys go on here.
  tray.addEventListener('click', () => setTimeout(() => document.activeElement === document.body && tray.focus()));
  tray.addEventListener('keydown', (event) => {
    const { key, target } = event;
    const i = [...list.children].findIndex((li) => li.firstChild === target);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (key === ' ' && !(target instanceof HTMLButtonElement)) timeline.play().catch(toastError);
    else if (key === 'Escape' && timeline.state.frame !== null) timeline.leave();
    else if (i >= 0 && step) timeline.move(shown[i], i + step);
    else if (i >= 0 && key === 'Delete') timeline.replace(shown[i]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
