// Runs before the first paint, so that the page does not flash in the wrong theme.
let theme;
try {
  theme = localStorage.getItem('theme');
} catch {
  // Storage is blocked: there is no choice to restore.
}
document.documentElement.dataset.theme = theme ?? 'system';
