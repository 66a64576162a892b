/** The timeline panel: a row of key frames, and the controls of the film below. */
/** @typedef {import('../../base/types.js').KeyFrame} KeyFrame */
import { find, icon, make, thumbnail } from '../../base/dom.js';
import { t } from '../../base/i18n.js';
import { toastError } from '../../base/toast.js';

const THUMB = 128;

/** Connects the panel. @param {import('./timeline.js').Timeline} timeline */
export function attachTimelinePanel(timeline) {
  const panel = find('#timeline', HTMLElement);
  const list = find('#key-frames', HTMLElement);
  const scrub = find('#scrub', HTMLInputElement);
  const text = find('#frame-text', HTMLOutputElement);
  const written = find('#film-written', HTMLProgressElement);
  /** The key frames displayed. @type {readonly KeyFrame[]} */
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

  /** @type {(key: KeyFrame, i: number) => HTMLElement} */
  const item = (key, i) => {
    const n = i + 1;
    const label = t('Key frame {n}, seed {seed}', { n, seed: key.snapshot.noise.seed });
    const show = make(
      'button',
      { draggable: 'true', 'aria-label': label, 'aria-describedby': 'key-frames-help' },
      image(key),
    );
    show.addEventListener('click', () => timeline.go(key));
    show.addEventListener('dragstart', () => (dragged = key));
    show.addEventListener('dragend', () => (dragged = null));
    /** @type {[string, string, () => void|Promise<void>][]} */
    const small = [
      ['dice', t('New seed for key frame {n}', { n }), () => timeline.reroll(key)],
      ['copy', t('Copy key frame {n}', { n }), () => timeline.replace(key, key, { ...key })],
      ['close', t('Remove key frame {n}', { n }), () => timeline.replace(key)],
    ];
    const buttons = small.map(([symbol, name, act]) => {
      const made = make('button', { class: 'icon-button', 'aria-label': name, title: name }, icon(symbol));
      made.addEventListener('click', async () => act()?.catch(toastError));
      return made;
    });
    const li = make('li', {}, show, ...buttons);
    li.addEventListener('dragover', (event) => dragged && event.preventDefault());
    li.addEventListener('drop', () => dragged && timeline.move(dragged, i));
    return li;
  };

  /** @param {readonly KeyFrame[]} keyFrames */
  const fill = (keyFrames) => {
    const at = [...list.children].findIndex((li) => li.contains(document.activeElement));
    const moved = keyFrames.indexOf(shown[at]);
    list.replaceChildren(...keyFrames.map(item));
    if (at >= 0) (button(moved < 0 ? Math.min(at, keyFrames.length - 1) : moved) ?? panel).focus();
    else if (keyFrames.length > shown.length) list.scrollLeft = list.scrollWidth;
    shown = keyFrames;
  };

  const sliders = /** @type {const} */ (['seconds', 'fps']).map((name) => {
    const input = find(`#film-${name}`, HTMLInputElement);
    input.addEventListener('input', () => timeline.change({ [name]: input.valueAsNumber }));
    return { name, input, output: find(`#film-${name} + output`, HTMLOutputElement) };
  });
  scrub.addEventListener('input', () => timeline.show(scrub.valueAsNumber).catch(toastError));

  timeline.editor.store.watch(['timeline', 'doc.version'], ({ timeline: state, doc: { version } }) => {
    const { open, keyFrames, frames, frame } = state;
    panel.hidden = !open;
    panel.toggleAttribute('data-writing', state.written !== null);
    written.value = state.written ?? 0;
    if (keyFrames !== shown) fill(keyFrames);
    keyFrames.forEach(({ snapshot }, i) => {
      if (snapshot.version === version) button(i)?.setAttribute('aria-current', 'true');
      else button(i)?.removeAttribute('aria-current');
    });
    text.value = frames ? `${(frame ?? 0) + 1} / ${frames}` : '–';
    scrub.max = String(frames - 1);
    scrub.disabled = !frames;
    scrub.value = String(frame ?? 0);
    scrub.setAttribute('aria-valuetext', text.value);
    for (const { name, input, output } of sliders) {
      input.value = String(state[name]);
      output.value = `${state[name]} ${name === 'fps' ? name : 's'}`;
    }
  });

  // A click takes the focus off its button; the panel receives the keys instead.
  panel.addEventListener('click', () => setTimeout(() => document.activeElement === document.body && panel.focus()));
  panel.addEventListener('keydown', (event) => {
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
