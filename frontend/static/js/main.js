/** The entry point: creates the parts of the page and connects them. */
import { find } from './base/dom.js';
import { UserError } from './base/errors.js';
import { loadLanguage, t, translatePage } from './base/i18n.js';
import { attachFaults, toast, toastError } from './base/toast.js';
import { Editor } from './editor/editor.js';
import { attachSelection } from './editor/selection.js';
import { makeActions } from './page/actions.js';
import { announceAction } from './page/announce.js';
import { bindButtons } from './page/buttons.js';
import { attachCommands } from './page/commands.js';
import { attachDropzone } from './page/dropzone.js';
import { attachClassTag } from './page/hover.js';
import { attachKeyboard } from './page/keyboard.js';
import { attachLayers } from './page/layers.js';
import { attachModelMenu, attachSceneMenu, placeMenus } from './page/menus.js';
import { attachShortcutEditor } from './page/shortcut-editor.js';
import { Stage } from './page/stage.js';
import { attachStatus } from './page/status.js';
import { attachToolbars } from './page/toolbar.js';
import { View } from './page/view.js';
import { attachColors } from './panels/classes/colors.js';
import { ClassList } from './panels/classes/list.js';
import { attachSet } from './panels/export/set.js';
import { attachChangeMap } from './panels/noise/change-map.js';
import { NoisePanel } from './panels/noise/panel.js';
import { Variations } from './panels/noise/variations.js';
import { attachFixer } from './panels/photo/fix.js';
import { attachOverlays } from './panels/photo/overlays.js';
import { Receiver } from './panels/photo/receive.js';
import { Recreations } from './panels/photo/recreations.js';
import { Projects } from './panels/project/projects.js';
import { Results } from './panels/results/results.js';
import { attachTimelinePanel } from './panels/timeline/panel.js';
import { Timeline } from './panels/timeline/timeline.js';
import { listModels } from './server/api.js';
import { attachCaret } from './tools/caret.js';
import { ActiveGesture } from './tools/gesture.js';
import { attachGuide } from './tools/guide.js';
import { attachOptions } from './tools/options.js';
import { attachPointer } from './tools/pointer.js';
import { attachSelectionKeys } from './tools/selection-keys.js';
import { fillToolbar } from './tools/toolbar.js';

/** The model that the page opens with, if the server has it. */
const FIRST_MODEL = 'landscapes';
/** Milliseconds. */
const RETRY = 3000;

attachFaults();
await loadLanguage();
translatePage();
const editor = new Editor((message) => toast(message, 'error'));
const view = new View();
const stage = new Stage(editor, view);
const classList = new ClassList(editor);
const recreations = new Recreations(editor);
const projects = new Projects(editor, () => recreations.close());
const active = new ActiveGesture(editor, toastError);
const timeline = new Timeline(editor, stage);
const receiver = new Receiver(editor, recreations);

const actions = makeActions({
  editor,
  view,
  stage,
  recreations,
  projects,
  timeline,
  saveSet: attachSet(editor),
  variations: new Variations(editor),
  receiver,
  findClass: () => {
    showPanel('classes');
    classList.focusSearch();
  },
  showShortcuts: () => showShortcuts(),
  showCommands: () => showCommands(),
});
/** @param {import('./base/types.js').Action} action */
const run = async (action) => {
  const before = editor.state;
  try {
    await action.perform();
    announceAction(action, before, editor.state);
  } catch (error) {
    toastError(error);
  }
};

fillToolbar();
bindButtons(actions, editor.store, run);
attachKeyboard(actions, editor, active, run);
const showShortcuts = attachShortcutEditor(actions, editor.store);
for (const pane of stage.panes) attachPointer(pane, editor, active);
for (const { element } of stage.panes) attachCaret(element, editor, active);
attachSelection(editor);
attachSelectionKeys(editor);
attachGuide(editor);
attachOptions(editor);
placeMenus();
const modelMenu = attachModelMenu(editor);
const sceneCommands = attachSceneMenu(editor, () => recreations.close());
const showCommands = attachCommands(actions, editor, run, () => [...sceneCommands(), ...modelMenu.commands()]);
attachStatus(editor);
attachColors(editor);
attachClassTag(stage.panes, editor);
attachToolbars();
attachDropzone(async (file) => {
  try {
    // Browsers may rename it to .oasis.zip; every zip begins with PK.
    const project = /\.oasis$/i.test(file.name) || (await file.slice(0, 2).text()) === 'PK';
    await (project ? projects.open(file) : receiver.receive(file));
  } catch (error) {
    toastError(error);
  }
});
attachLayers(editor);
attachOverlays(editor, stage);
attachFixer(editor, stage);
new NoisePanel(editor, stage.panes);
attachChangeMap(editor, stage);
new Results(editor);
attachTimelinePanel(timeline);
attachSliders();
for (const tab of document.querySelectorAll('button[data-panel]')) {
  tab.addEventListener('click', () => showPanel(/** @type {HTMLElement} */ (tab).dataset.panel ?? ''));
}
start();

/** Waits for a model that is ready, then restores the last work or opens a scene. */
async function start() {
  const empty = find('#empty', HTMLElement);
  try {
    const models = await listModels();
    const ready = models.filter(({ available }) => available);
    const model = ready.find(({ id }) => id === FIRST_MODEL) ?? ready[0];
    editor.store.set({ models });
    empty.hidden = model !== undefined;
    if (model) {
      if (!(await projects.resume())) await modelMenu.choose(model);
    } else {
      const reasons = models.map(({ name, id, reason }) => `${name || id}: ${reason}`);
      empty.textContent = [t('No model is ready to paint.'), ...reasons].join(' ');
      setTimeout(start, RETRY);
    }
  } catch (error) {
    empty.hidden = false;
    if (!(error instanceof UserError)) reportError(error);
    empty.textContent = error instanceof Error ? t(error.message) : '';
    setTimeout(start, RETRY);
  }
}

function attachSliders() {
  const { store } = editor;
  const opacity = find('#opacity', HTMLInputElement);
  const zoom = find('#zoom-text', HTMLOutputElement);
  opacity.addEventListener('input', () => {
    const { layers } = store.state.view;
    store.set({ view: { layers: { ...layers, labels: { ...layers.labels, opacity: opacity.valueAsNumber / 100 } } } });
  });
  store.watch(
    ['view.layers'],
    ({ view: { layers } }) => (opacity.value = String(Math.round(100 * layers.labels.opacity))),
  );
  store.watch(['view.zoom'], (state) => (zoom.value = `${Math.round(100 * state.view.zoom)} %`));
  store.watch(['view.layout'], ({ view }) => (document.body.dataset.layout = view.layout));
}

/** Switches the panel on narrow screens. @param {string} name */
function showPanel(name) {
  document.body.dataset.panel = name;
  for (const tab of document.querySelectorAll('button[data-panel]')) {
    const shown = /** @type {HTMLElement} */ (tab).dataset.panel === name;
    tab.setAttribute('aria-pressed', String(shown));
  }
}
