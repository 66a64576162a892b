/**
 * The interface of tools. Each tool has its own file and is listed in tools.js, from which the toolbar, the actions,
 * the option bar and the shortcuts dialog are made. No code.
 */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {import('../editor/editor.js').Editor} Editor */

/**
 * @typedef {object} Modifiers  The state of the pointer and the modifier keys.
 * @property {number} pressure  of a pen, 0..1; otherwise 1
 * @property {boolean} shift
 * @property {boolean} alt
 * @property {boolean} space
 * @property {number} reach  pixels of the map within which a press hits a point
 *
 * @typedef {Point & Modifiers} Sample  One moment of the pointer.
 */

/**
 * @typedef {object} Gesture  A gesture in progress, which makes one undo step. Each callback may throw a UserError. Its
 * preview is the rubber band, `marks.band` of the state: a Path2D in pixels of the map, removed when the gesture is over.
 * @property {(samples: Sample[]) => void} [move]  while the pointer is down
 * @property {() => boolean|void} end  the pointer is lifted; returns true if the gesture continues with more presses
 * @property {() => void} [cancel]  cleans up, apart from the open step and the rubber band
 * @property {(sample: Sample) => void} [press]  the pointer is pressed again
 * @property {(sample: Sample) => void} [hover]  the pointer moves while it is up
 * @property {(key: string) => boolean} [key]  'Enter' or 'Backspace' was pressed; returns true to end the gesture
 * @property {boolean} [instant]  a click: there is nothing to drag
 */

/** @typedef {(editor: Editor, start: Sample) => Gesture|null} Begin  Starts a gesture; null if there is nothing to do. */

/** @typedef {'size'|'shape'|'region'|'gap'|'symmetry'|'pen'|'selection'} OptionId  A group in the option bar. */

/**
 * @template {string} [Id=string]
 * @typedef {object} Tool  A tool of the toolbar.
 * @property {Id} id  also names its action and its icon
 * @property {string} name  in English
 * @property {string} key
 * @property {readonly OptionId[]} options  shown in the option bar; with 'size', the cursor has the size of the brush
 * @property {string} [hint]  one line in the option bar, in English
 * @property {boolean} [usesClass]  choosing a class keeps this tool; others switch to the brush
 * @property {boolean} [pans]  dragging pans the view
 * @property {boolean} [showsRegions]  noise regions are outlined on the photo, too
 * @property {Begin} begin
 * @property {Begin} [beginWithAlt]  replaces `begin` while Alt is held
 */

export {};
