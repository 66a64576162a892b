/** The status of live painting. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
import { find } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { announce } from './announce.js';

/** Milliseconds after which 'painting…' is shown. */
const SOON = 200;

/**
 * Shows the status on the button that pauses live painting: '84 ms', 'painting…', 'paused', 'offline'. A banner
 * explains a lost connection until it is back.
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
