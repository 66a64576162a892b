/** Asks for hints about the picture on screen, once it rests. */
/** @typedef {import('../../base/types.js').State} State */
/** @typedef {{doc: import('../../document/document.js').Document, version: number, width: number}} About  what was looked at */
import { toastError } from '../../base/toast.js';
import { hints } from '../../server/hints.js';

/** Milliseconds that a picture has to rest: hints cost the server as much as a picture. */
const REST = 300;

/**
 * @param {import('../../editor/editor.js').Editor} editor
 * @param {(state: State) => boolean} wanted  whether anybody looks at them
 * @param {(found: import('../../server/hints.js').Hints|null, about: About) => void} show  them; null if there are none
 * @returns {() => void} sees whether there is something to ask
 */
export function attachHinter(editor, wanted, show) {
  /** The version that was asked about. */
  let asked = -1;
  let asking = new AbortController();
  /** The last failure was, and nothing has worked since. */
  let said = false;

  /**
   * @param {import('../../base/types.js').Model} model
   * @param {AbortSignal} signal
   */
  const ask = async (model, signal) => {
    await new Promise((resolve) => setTimeout(resolve, REST));
    const { doc } = editor;
    const { picture } = editor.painting;
    if (signal.aborted || !picture) return;
    const { version, width } = doc;
    /** @param {unknown} error */
    const failed = (error) => {
      if (signal.aborted) return null;
      if (!said) toastError(error);
      said = true;
      return null;
    };
    const found = await hints(model, doc, picture, signal).catch(failed);
    if (signal.aborted) return;
    if (found) said = false;
    show(found, { doc, version, width });
  };

  const look = () => {
    const { model } = editor.state;
    const { shown } = editor.state.live;
    const { version, stroking } = editor.state.doc;
    const looking = model?.capabilities.inspect && wanted(editor.state);
    if (!looking || version !== asked) {
      asking.abort();
      asked = -1;
    }
    if (!looking || stroking || shown !== version || version === asked) return;
    asked = version;
    asking = new AbortController();
    ask(model, asking.signal);
  };
  editor.store.watch(['view.overlay', 'live.shown', 'doc.version', 'doc.stroking', 'model'], look);
  return look;
}
