/** The timeline: its key frames, and playing and exporting the film between them. */
/** @typedef {import('../../base/types.js').KeyFrame} KeyFrame */
/** @typedef {import('../../base/types.js').TimelineState} TimelineState */
/** @typedef {import('../../editor/editor.js').Editor} Editor */
import { context2d, find } from '../../base/dom.js';
import { download } from '../../base/download.js';
import { UserError } from '../../base/errors.js';
import { t } from '../../base/i18n.js';
import { toastError } from '../../base/toast.js';
import { regionMask } from '../../document/composite.js';
import { Document } from '../../document/document.js';
import { planAll } from '../../editor/reroll.js';
import { restore } from '../../editor/steps.js';
import { render } from '../../server/render.js';
import { exportFilm } from './export.js';
import { Film } from './film.js';
import { onlyRegion } from './tween.js';

/** Edits, plays and exports the timeline. */
export class Timeline {
  #canvas = find('#film', HTMLCanvasElement);
  /** @type {Film|null} */
  #film = null;
  #showing = new AbortController();
  #writing = new AbortController();

  /**
   * @param {Editor} editor
   * @param {import('../../base/types.js').Stage} stage
   */
  constructor(editor, stage) {
    this.editor = editor;
    this.stage = stage;
    const { store } = editor;
    store.watch(['doc.about'], ({ doc, timeline }) => {
      const { keyFrames } = doc.about;
      if (keyFrames !== timeline.keyFrames) this.change({ keyFrames });
    });
    store.watch(['reroll.regionId', 'reroll.keepOutside'], ({ timeline }) => timeline.regionOnly && this.change({}));
    // An edit returns to the picture being edited.
    store.watch(['doc.version'], () => this.leave());
  }

  get state() {
    return this.editor.state.timeline;
  }

  /** @param {Partial<TimelineState>} patch */
  set(patch) {
    this.editor.store.set({ timeline: patch });
  }

  /** Changes the film. @param {Partial<TimelineState>} patch */
  change(patch) {
    this.set(patch);
    const { keyFrames, frame } = this.state;
    if (patch.keyFrames && keyFrames !== this.editor.doc.about.keyFrames) this.editor.describe({ keyFrames });
    this.#film = this.#shoot();
    const frames = this.#film?.length ?? 0;
    this.set({ frames });
    if (frame === null || !frames) this.leave();
    else this.show(Math.min(frame, frames - 1)).catch(toastError);
  }

  /** Makes the film; null with fewer than two key frames, or without the region that is to change. */
  #shoot() {
    const { model, timeline } = this.editor.state;
    const { regionId, keepOutside } = this.editor.state.reroll;
    const [first, ...others] = timeline.keyFrames;
    if (!model || !others.length) return null;
    const contents = timeline.keyFrames.map(({ snapshot }) => snapshot);
    if (!timeline.regionOnly) return new Film(model, contents, timeline, null);
    const { regions, noise } = first.snapshot;
    const id = noise.regions.find((region) => region.id === regionId)?.id;
    if (!id) return null;
    const frozen = keepOutside ? { picture: first.picture, mask: regionMask(regions, id) } : null;
    return new Film(
      model,
      contents.map((content) => onlyRegion(content, contents[0], id)),
      timeline,
      frozen,
    );
  }

  /** Appends the current state as a key frame. */
  async add() {
    const { editor } = this;
    await editor.painting.settled();
    const { doc, state } = editor;
    const { picture } = editor.painting;
    if (!picture || state.live.shown !== state.doc.version) throw new UserError(t('There is no picture of this yet.'));
    this.change({ keyFrames: [...this.state.keyFrames, { snapshot: doc.snapshot(), picture }], open: true });
  }

  /** Restores a key frame, as an undoable step. @param {KeyFrame} key */
  go({ snapshot, picture }) {
    this.leave();
    if (!this.editor.doc.isOpen) restore(this.editor, snapshot, picture);
  }

  /**
   * Replaces a key frame.
   * @param {KeyFrame} key
   * @param {...KeyFrame} instead  none removes it
   */
  replace(key, ...instead) {
    this.change({ keyFrames: this.state.keyFrames.flatMap((each) => (each === key ? instead : each)) });
  }

  /**
   * Moves a key frame.
   * @param {KeyFrame} key
   * @param {number} to  its new index
   */
  move(key, to) {
    const others = this.state.keyFrames.filter((each) => each !== key);
    if (to >= 0 && to <= others.length) this.change({ keyFrames: others.toSpliced(to, 0, key) });
  }

  /** Re-rolls a key frame. @param {KeyFrame} key */
  async reroll(key) {
    const { model } = this.editor.state;
    if (!model) return;
    const doc = new Document(1, 1);
    doc.assign({ ...key.snapshot, frozen: null });
    doc.noise = planAll({ doc, state: this.editor.state }).noise;
    doc.touch();
    this.replace(key, { snapshot: doc.snapshot(), picture: await render(model, doc) });
  }

  /**
   * Shows a frame once it is painted, unless another frame is requested first.
   * @param {number} frame
   * @returns {Promise<boolean>} whether it was shown
   */
  async show(frame) {
    this.#showing.abort();
    const { signal } = (this.#showing = new AbortController());
    this.set({ frame });
    const picture = await this.#film?.picture(frame, signal).catch((error) => {
      if (signal.aborted) return;
      this.leave();
      throw error;
    });
    if (!picture || signal.aborted) return false;
    const { store } = this.editor;
    if (store.state.view.layout === 'labels') store.set({ view: { layout: 'split' } });
    if (this.#canvas.hidden) this.stage.right.add(this.#canvas);
    this.#canvas.hidden = false;
    Object.assign(this.#canvas, { width: picture.width, height: picture.height });
    context2d(this.#canvas).putImageData(picture, 0, 0);
    this.#canvas.dataset.frame = String(frame);
    return true;
  }

  /** Plays from the current frame, or from the start after the last one; if playing, pauses. */
  async play() {
    const film = this.#film;
    const { playing, frame } = this.state;
    this.set({ playing: !playing });
    if (playing || !film) return;
    const { fps, loop } = film.pace;
    let due = performance.now();
    try {
      for (let next = ((frame ?? -1) + 1) % film.length; loop || next < film.length; next++) {
        if (film !== this.#film || !(await this.show(next % film.length))) break;
        due = Math.max(performance.now(), due + 1000 / fps);
        await new Promise((resume) => setTimeout(resume, due - performance.now()));
        if (!this.state.playing) break;
      }
    } finally {
      this.set({ playing: false });
    }
  }

  /** Returns to the picture being edited. */
  leave() {
    this.#showing.abort();
    this.#canvas.hidden = true;
    if (this.state.frame !== null) this.set({ frame: null, playing: false });
  }

  /**
   * Exports the current film. Editing stays possible.
   * @param {'gif'|'webm'|'zip'} kind
   * @throws {UserError} if a frame cannot be painted
   */
  async write(kind) {
    const film = this.#film;
    if (!film) return;
    const { signal } = (this.#writing = new AbortController());
    this.set({ written: 0 });
    try {
      const file = await exportFilm(film, kind, signal, (written) => this.set({ written }));
      download(file, `${film.model.id}-timeline.${kind}`);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.set({ written: null });
    }
  }

  /** Cancels the export. */
  cancel() {
    this.#writing.abort();
  }
}
