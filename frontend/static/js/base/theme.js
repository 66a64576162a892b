/** Light and dark theme: the system's, unless the user chose one. */
import { saveItem } from './storage.js';

/** @returns {boolean} whether the page is dark now */
export function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
}

/** Switches between light and dark, and remembers the choice. */
export function switchTheme() {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  saveItem('theme', theme);
}
