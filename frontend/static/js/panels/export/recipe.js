/** Writes the recipe of a picture, the model and the noise it was made with, into its file. */
import { bytesOf } from '../../base/bytes.js';
import { wireContent } from '../../document/wire-noise.js';
import { modelInfo } from '../../formats/pack.js';
import { chunk } from '../../formats/png.js';

const SOFTWARE = 'Oasis Studio';
const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">*</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`;

/** @param {string} text */
const utf8 = (text) => new TextEncoder().encode(text);

/** @param {number} value @returns {Uint8Array} 32 bits, little-endian */
const word = (value) => new Uint8Array(Uint32Array.of(value).buffer);

/**
 * Adds the recipe to a file.
 * @param {Blob} picture  PNG or WebP, as written by the browser
 * @param {import('../../base/types.js').Snapshot} doc  the content the picture shows
 * @param {import('../../base/types.js').Model|null} model
 * @returns {Promise<Blob>} with a text chunk (PNG) or XMP (WebP)
 */
export async function withRecipe(picture, doc, model) {
  const { width, height, labels, frozen, photo } = doc;
  // Browsers offer hashing only in secure contexts.
  const hash = await globalThis.crypto.subtle?.digest('SHA-256', new Uint8Array(bytesOf(labels)));
  const sha256 = hash && Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const made = {
    software: SOFTWARE,
    model: model && modelInfo(model),
    size: { width, height },
    noise: wireContent(doc).noise,
  };
  const text = JSON.stringify({ ...made, labels: { sha256 }, partly_kept: frozen !== null || photo?.shown === true });
  const file = new Uint8Array(await picture.arrayBuffer());
  const parts = picture.type === 'image/png' ? inPng(file, text) : inWebp(file, text, width, height);
  return new Blob(/** @type {BlobPart[]} */ (parts), { type: picture.type });
}

/** @type {(file: Uint8Array, text: string) => Uint8Array[]} */
function inPng(file, text) {
  const after = 33; // the signature and the header
  const chunks = [chunk('tEXt', utf8(`Software\0${SOFTWARE}`)), chunk('iTXt', utf8(`Recipe\0\0\0\0\0${text}`))];
  return [file.subarray(0, after), ...chunks, file.subarray(after)];
}

/** @type {(file: Uint8Array, text: string, width: number, height: number) => Uint8Array[]} */
function inWebp(file, text, width, height) {
  const extended = file[15] === 88; // 'VP8X'
  const head = new Uint8Array(18);
  if (extended) head.set(file.subarray(12, 30));
  else
    head.set([
      ...utf8('VP8X'),
      10,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      ...word(width - 1).subarray(0, 3),
      ...word(height - 1).subarray(0, 3),
    ]);
  head[8] |= 4; // there is XMP
  const xmp = utf8(XMP.replace('*', () => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')));
  const body = [
    head,
    file.subarray(extended ? 30 : 12),
    utf8('XMP '),
    word(xmp.length),
    xmp,
    new Uint8Array(xmp.length & 1),
  ];
  return [utf8('RIFF'), word(body.reduce((sum, part) => sum + part.length, 4)), utf8('WEBP'), ...body];
}
