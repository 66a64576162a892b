/** Light or dark: as the system says, until a person chooses. */
import { saveItem } from './storage.js';

/** @returns {boolean} */
export function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
}

export function switchTheme() {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  saveItem('theme', theme);
}
