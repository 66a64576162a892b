/** Fuzzy matching of typed text. */
/**
 * Scores how well typed text matches a label.
 * @param {string} typed
 * @param {string} text
 * @returns {number} 0 if a letter is missing or out of order; otherwise higher is better
 */
export function fuzzyScore(typed, text) {
  const wanted = typed.toLowerCase().replace(/\s+/g, ' ').trim();
  const given = text.toLowerCase();
  const whole = given.indexOf(wanted);
  if (whole >= 0) return 1000 - given.length + (starts(given, whole) ? 500 : 0) - whole;
  let at = -1;
  let sum = 1;
  for (const letter of wanted.replaceAll(' ', '')) {
    const next = given.indexOf(letter, at + 1);
    if (next < 0) return 0;
    // People abbreviate long names by initials and by consecutive letters.
    if (next === at + 1 || starts(given, next)) sum += 4;
    else sum -= 1;
    at = next;
  }
  return Math.max(0, sum);
}

/**
 * @param {string} text
 * @param {number} at
 */
const starts = (text, at) => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]);
