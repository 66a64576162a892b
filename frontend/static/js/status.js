/** @typedef {import('./editor.js').Editor} Editor */
import { find } from './dom.js';

/** A picture that takes longer than this is announced as being painted. */
const SOON = 200;

/**
 * The state of the connection in a word: '84 ms', 'painting…', 'offline'.
 * @param {Editor} editor
 */
export function attachStatus(editor) {
  const pill = find('#status', HTMLElement);
  const text = find('#status-text', HTMLElement);
  let timer = 0;
  const announce = () => {
    pill.dataset.slow = '';
    text.textContent = 'painting…';
  };
  editor.store.watch(['connection', 'latency'], ({ connection, latency }) => {
    const before = pill.dataset.state;
    pill.dataset.state = connection;
    if (connection === 'painting') {
      if (before !== 'painting') timer = setTimeout(announce, SOON);
      return;
    }
    clearTimeout(timer);
    delete pill.dataset.slow;
    if (connection === 'ready') text.textContent = latency === null ? 'ready' : `${Math.round(latency)} ms`;
    else text.textContent = connection === 'offline' ? 'offline' : 'connecting…';
  });
}
