/** The status of live painting. */
/** @typedef {import('../editor/editor.js').Editor} Editor */
import { find } from '../base/dom.js';
import { t } from '../base/i18n.js';
import { announce } from './announce.js';

/** Milliseconds after which 'painting…' is shown. */
const SOON = 200;

/** Why nothing is painted, by the state of the connection. @type {Record<string, string|undefined>} */
const LOST = {
  offline: 'The server is not responding. Keep painting: your edits are sent when it is back.',
  barred:
    'The server answers, but no live connection (WebSocket) gets through to it. Whoever runs it must let the reverse proxy pass WebSockets and the Host header on.',
};

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
    const reason = LOST[connection];
    pill.dataset.state = reason ? 'offline' : connection;
    if (!reason && !offline.hidden) announce(t('The server is back.'));
    offline.hidden = !reason;
    if (reason) offline.textContent = t(reason);
    if (connection === 'painting') {
      if (before !== 'painting') timer = setTimeout(showPainting, SOON);
      return;
    }
    clearTimeout(timer);
    delete pill.dataset.slow;
    if (reason) show(t('offline'));
    else if (connection !== 'ready') show(t(connection === 'connecting' ? 'connecting…' : connection));
    else show(latency === null ? t('ready') : `${Math.round(latency)} ms`);
  });
}
