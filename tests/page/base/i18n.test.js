import assert from 'node:assert/strict';
import test from 'node:test';
import german from '../../../frontend/static/js/base/lang/de.js';
import { language, loadLanguage, t } from '../../../frontend/static/js/base/i18n.js';

test('before a language is loaded texts are English, with their values', () => {
  assert.equal(t('Undo'), 'Undo');
  assert.equal(t('Paint {name}', { name: 'sky 2' }), 'Paint sky 2');
  assert.equal(t('{n} of {n}', { n: 0 }), '0 of 0');
  assert.equal(t('Paint {name}'), 'Paint {name}', 'what has no value stays');
  assert.equal(t('{name}', { name: '{n}' }), '{n}', 'a value is no template');
});

test('numbers and values are filled into German texts', async () => {
  const root = { lang: '' };
  Object.assign(globalThis, { document: { documentElement: root } });
  Object.defineProperty(navigator, 'language', { value: 'de-DE' });
  await loadLanguage();
  assert.equal(language, 'de');
  assert.equal(root.lang, 'de');
  assert.equal(t('Undo'), 'Rückgängig');
  assert.equal(t('Pinned class 3'), 'Angeheftete Klasse 3');
  assert.equal(t('Paint {name}', { name: 'sky 2' }), 'sky 2 malen');
  assert.equal(t('Nobody translated 7 of these'), 'Nobody translated 7 of these');
});

test('the German texts are sorted by the code points of the English', () => {
  const english = german
    .trim()
    .split('\n')
    .map((line) => line.split('|')[0]);
  assert(english.length > 300, `${english.length} texts`);
  for (const [i, text] of english.slice(1).entries())
    assert(english[i] < text, `'${text}' belongs above '${english[i]}'`);
});
