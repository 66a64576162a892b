/** Light or dark: as the system says, until a person chooses. */
import { keep } from './dom.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** @returns {boolean} */
export function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === 'dark' || (theme !== 'light' && dark.matches);
}

export function switchTheme() {
  const theme = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme;
  keep('theme', theme);
}
