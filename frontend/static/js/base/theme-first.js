// Runs before the first paint, so that a chosen theme never flashes in late.
let theme;
try {
  theme = localStorage.getItem('theme');
} catch {
  // Without storage, there is no choice to restore.
}
document.documentElement.dataset.theme = theme ?? 'system';
