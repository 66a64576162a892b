/** Puts the page together. */
import { makeActions } from './actions.js';
import { listModels } from './api.js';
import { bindButtons } from './buttons.js';
import { find } from './dom.js';
import { Editor } from './editor.js';
import { attachSet } from './export/set.js';
import { attachGestures } from './gestures.js';
import { t, translatePage } from './i18n.js';
import { attachKeyboard } from './keyboard.js';
import { attachColors } from './manners/colors.js';
import { attachCommands } from './manners/commands.js';
import { attachNames } from './manners/hover.js';
import { sayDone } from './manners/say.js';
import { attachToolbars } from './manners/toolbar.js';
import { attachModelMenu, attachSceneMenu, placeMenus } from './menus.js';
import { NoisePanel } from './noise-panel.js';
import { attachCaret } from './paint/caret.js';
import { attachGuide } from './paint/guide.js';
import { Hands } from './paint/hands.js';
import { attachSelectionKeys } from './paint/keys.js';
import { attachOptions } from './paint/options.js';
import { attachSelection } from './paint/selection.js';
import { attachChangeMap } from './noise/change.js';
import { Variations } from './noise/variations.js';
import { Palette } from './palette.js';
import { attachDropzone } from './photo/dropzone.js';
import { attachFixer } from './photo/fix.js';
import { attachLayers } from './photo/layers.js';
import { attachOverlays } from './photo/overlays.js';
import { Receiver } from './photo/receive.js';
import { Recreations } from './photo/recreations.js';
import { Projects } from './project/projects.js';
import { attachSheet } from './sheet.js';
import { Stage } from './stage.js';
import { attachStatus } from './status.js';
import { Strip } from './strip.js';
import { Timeline } from './timeline/timeline.js';
import { attachTray } from './timeline/tray.js';
import { toast, toastError } from './toast.js';
import { View } from './view.js';

/** The model that the page opens with, where it is there. */
const FIRST_MODEL = 'landscapes';
const RETRY = 3000;

translatePage();
const editor = new Editor((message) => toast(message, 'error'));
const view = new View();
const stage = new Stage(editor, view);
const palette = new Palette(editor);
const recreations = new Recreations(editor);
const projects = new Projects(editor, () => recreations.close());
const hands = new Hands(editor, toastError);
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
    palette.focusSearch();
  },
  showSheet: () => showSheet(),
  showCommands: () => showCommands(),
});
/** @param {import('./actions.js').Action} action */
const run = async (action) => {
  const before = editor.state;
  try {
    await action.perform();
    sayDone(action, before, editor.state);
  } catch (error) {
    toastError(error);
  }
};

bindButtons(actions, editor.store, run);
attachKeyboard(actions, editor, hands, run);
const showSheet = attachSheet(actions, editor.store);
const showCommands = attachCommands(actions, editor, run);
for (const pane of stage.panes) attachGestures(pane, editor, hands);
for (const { element } of stage.panes) attachCaret(element, editor, hands);
attachSelection(editor);
attachSelectionKeys(editor);
attachGuide(editor);
attachOptions(editor);
placeMenus();
const choose = attachModelMenu(editor);
attachSceneMenu(editor, () => recreations.close());
attachStatus(editor);
attachColors(editor);
attachNames(stage.panes, editor);
attachToolbars();
attachDropzone(async (file) => {
  try {
    // Browsers may call it .oasis.zip; every zip begins with PK.
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
new Strip(editor);
attachTray(timeline);
attachSliders();
for (const tab of document.querySelectorAll('button[data-panel]')) {
  tab.addEventListener('click', () => showPanel(/** @type {HTMLElement} */ (tab).dataset.panel ?? ''));
}
start();

/** Asks for the models until one of them is ready, then opens the first scene. */
async function start() {
  const empty = find('#empty', HTMLElement);
  try {
    const models = await listModels();
    const ready = models.filter(({ available }) => available);
    const model = ready.find(({ id }) => id === FIRST_MODEL) ?? ready[0];
    editor.store.set({ models });
    empty.hidden = model !== undefined;
    if (model) {
      if (!(await projects.resume())) await choose(model);
    } else {
      const reasons = models.map(({ name, id, reason }) => `${name || id}: ${reason}`);
      empty.textContent = [t('No model is ready to paint.'), ...reasons].join(' ');
      setTimeout(start, RETRY);
    }
  } catch (error) {
    empty.hidden = false;
    empty.textContent = error instanceof Error ? error.message : String(error);
    setTimeout(start, RETRY);
  }
}

function attachSliders() {
  const { store } = editor;
  const opacity = find('#opacity', HTMLInputElement);
  const zoom = find('#zoom-text', HTMLOutputElement);
  opacity.addEventListener('input', () => {
    const { layers } = store.state;
    store.set({ layers: { ...layers, labels: { ...layers.labels, opacity: opacity.valueAsNumber / 100 } } });
  });
  store.watch(['layers'], ({ layers }) => (opacity.value = String(Math.round(100 * layers.labels.opacity))));
  store.watch(['zoom'], (state) => (zoom.value = `${Math.round(100 * state.zoom)} %`));
  store.watch(['layout', 'tool'], ({ layout, tool }) => {
    document.body.dataset.layout = layout;
    document.body.dataset.tool = tool;
  });
}

/** @param {string} name  of the panel that a narrow screen shows */
function showPanel(name) {
  document.body.dataset.panel = name;
  for (const tab of document.querySelectorAll('button[data-panel]')) {
    const shown = /** @type {HTMLElement} */ (tab).dataset.panel === name;
    tab.setAttribute('aria-pressed', String(shown));
  }
}
