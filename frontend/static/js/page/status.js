/** @typedef {import('../editor/editor.js').Editor} Editor */
import { find } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { announce } from './announce.js';

/** A picture that takes longer than this is announced as being painted. */
const SOON = 200;

/**
 * The state of live painting in a word, on the button that pauses it: '84 ms', 'painting…', 'paused', 'offline'. A lost
 * server is said in a sentence, until it is back.
 * @param {Editor} editor
 */
export function attachStatus(editor) {
  const pill = find('#status', HTMLElement);
  const text = find('#status-text', HTMLElement);
  const offline = find('#offline', HTMLElement);
  let timer = 0;
  /** @param {string} words */
  const show = (words) => {
    text.textContent = words;
    pill.setAttribute('aria-label', `${t('Live painting')}: ${words}`);
  };
  const showPainting = () => {
    pill.dataset.slow = '';
    show(t('painting…'));
  };
  editor.store.watch(['live.connection', 'live.latency'], ({ live: { connection, latency } }) => {
    const before = pill.dataset.state;
    pill.dataset.state = connection;
    const lost = connection === 'offline';
    if (!lost && !offline.hidden) announce(t('The server is back.'));
    offline.hidden = !lost;
    if (connection === 'painting') {
      if (before !== 'painting') timer = setTimeout(showPainting, SOON);
      return;
    }
    clearTimeout(timer);
    delete pill.dataset.slow;
    if (connection !== 'ready') show(t(connection === 'connecting' ? 'connecting…' : connection));
    else show(latency === null ? t('ready') : `${Math.round(latency)} ms`);
  });
}
