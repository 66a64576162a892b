/** Keyboard navigation of toolbars: Tab reaches the toolbar, arrow keys move within it. */

/** Adds a roving tab index to all toolbars. */
export function attachToolbars() {
  for (const bar of document.querySelectorAll('[role=toolbar]')) {
    const buttons = () =>
      [...bar.querySelectorAll('button')].filter((button) => !button.disabled && button.offsetParent);
    /** @param {HTMLElement|undefined} next */
    const setTabStop = (next) => {
      for (const button of bar.querySelectorAll('button')) button.tabIndex = button === next ? 0 : -1;
    };
    // Tab enters at the current tool, or at the first enabled button.
    const enter = () => setTabStop(buttons().find((button) => button.ariaPressed === 'true') ?? buttons()[0]);
    new MutationObserver(() => bar.contains(document.activeElement) || enter()).observe(bar, {
      subtree: true,
      attributeFilter: ['aria-pressed', 'disabled'],
    });
    enter();
    bar.addEventListener('focusin', ({ target }) => target instanceof HTMLElement && setTabStop(target));
    bar.addEventListener('keydown', (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event);
      const all = buttons();
      const at = all.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
      const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: -1 }[key];
      if (next === undefined || at < 0) return;
      event.preventDefault();
      all.at(next % all.length)?.focus();
    });
  }
}
