/**
 * What a tool is. Each has a file of its own and stands in the list of tools.js, from which the toolbar, the actions,
 * the bar of options and the shortcut sheet are made. No code.
 */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {import('../editor/editor.js').Editor} Editor */

/**
 * @typedef {object} Modifiers  How the pointer is held.
 * @property {number} pressure  0..1 of a pen, 1 of all others
 * @property {boolean} shift
 * @property {boolean} alt
 * @property {boolean} space
 * @property {number} reach  pixels of the map within which a press hits a point
 *
 * @typedef {Point & Modifiers} Sample  One moment of the pointer.
 */

/**
 * @typedef {object} Gesture  A gesture under way; one gesture is one undo step. Each of these may throw a UserError.
 * @property {(samples: Sample[]) => void} [move]  while the pointer is down
 * @property {() => boolean|void} end  the pointer is lifted; true if the gesture goes on with more presses
 * @property {() => void} [cancel]  what is to be done besides dropping the open step and the rubber band
 * @property {(sample: Sample) => void} [press]  the pointer comes down again
 * @property {(sample: Sample) => void} [hover]  it moves while it is up
 * @property {(key: string) => boolean} [key]  'Enter' or 'Backspace' while it is up; true ends the gesture
 * @property {boolean} [instant]  done with the press: nothing to drag
 */

/** @typedef {(editor: Editor, start: Sample) => Gesture|null} Begin  null: nothing to do there */

/** @typedef {'size'|'shape'|'region'|'gap'|'symmetry'|'pen'|'selection'} OptionId  A part of the bar of options. */

/**
 * @template {string} [Id=string]
 * @typedef {object} Tool
 * @property {Id} id  also of its action and of its icon in the page's sprite
 * @property {string} name  in English
 * @property {string} key
 * @property {readonly OptionId[]} options  that the bar shows; with 'size' the cursor has the brush's size
 * @property {string} [hint]  one line in the bar, in English
 * @property {boolean} [usesClass]  stays the current tool when a class is chosen; others give way to the brush
 * @property {boolean} [pans]  the pointer moves the view
 * @property {boolean} [showsRegions]  the outlines of noise regions lie over the photo, too
 * @property {Begin} begin
 * @property {Begin} [beginWithAlt]  instead, while Alt is held
 */

export {};
