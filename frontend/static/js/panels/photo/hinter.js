/** Requests hints about the picture on screen once it stops changing. */
/** @typedef {import('../../base/types.js').State} State */
/** @typedef {{doc: import('../../document/document.js').Document, version: number, width: number}} Target  What the hints are about. */
import { toastError } from '../../base/toast.js';
import { hints } from '../../server/hints.js';

/** Milliseconds without changes before a request, since hints cost the server as much as a picture. */
const REST = 300;

/**
 * Keeps hints up to date.
 * @param {import('../../editor/editor.js').Editor} editor
 * @param {(state: State) => boolean} wanted  whether they are displayed
 * @param {(found: import('../../server/hints.js').Hints|null, about: Target) => void} show  displays them; null if the request failed
 * @returns {() => void} requests them if they are needed
 */
export function attachHinter(editor, wanted, show) {
  /** The version they were requested for. */
  let requested = -1;
  let request = new AbortController();
  /** Whether a failure was shown since the last success. */
  let reported = false;

  /**
   * @param {import('../../base/types.js').Model} model
   * @param {AbortSignal} signal
   */
  const fetchHints = async (model, signal) => {
    await new Promise((resolve) => setTimeout(resolve, REST));
    const { doc } = editor;
    const { picture } = editor.painting;
    if (signal.aborted || !picture) return;
    const { version, width } = doc;
    /** @param {unknown} error */
    const failed = (error) => {
      if (signal.aborted) return null;
      if (!reported) toastError(error);
      reported = true;
      return null;
    };
    const found = await hints(model, doc, picture, signal).catch(failed);
    if (signal.aborted) return;
    if (found) reported = false;
    show(found, { doc, version, width });
  };

  const check = () => {
    const { model } = editor.state;
    const { shown } = editor.state.live;
    const { version, stroking } = editor.state.doc;
    const active = model?.capabilities.inspect && wanted(editor.state);
    if (!active || version !== requested) {
      request.abort();
      requested = -1;
    }
    if (!active || stroking || shown !== version || version === requested) return;
    requested = version;
    request = new AbortController();
    fetchHints(model, request.signal);
  };
  editor.store.watch(['view.overlay', 'live.shown', 'doc.version', 'doc.stroking', 'model'], check);
  return check;
}
