/** Zip files of results. */
import { packZip } from './zip.js';

/** @param {import('../base/types.js').Model} model @returns what result files say about it */
export const modelInfo = ({ id, name, version, hash }) => ({ id, name, version, hash });

/**
 * Packs files into a zip.
 * @param {Map<string, Blob|Uint8Array|object>} files  by name; objects become JSON
 * @returns {Promise<Blob>}
 */
export async function pack(files) {
  const list = [...files].map(async ([name, content]) => {
    if (content instanceof Uint8Array) return { name, data: content };
    const blob = content instanceof Blob ? content : new Blob([JSON.stringify(content, null, 1)]);
    return { name, data: new Uint8Array(await blob.arrayBuffer()) };
  });
  return packZip(await Promise.all(list));
}
