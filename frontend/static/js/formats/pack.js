import { packZip } from './zip.js';

/** @param {import('../base/types.js').Model} model  as files name it */
export const modelInfo = ({ id, name, version, hash }) => ({ id, name, version, hash });

/**
 * @param {Map<string, Blob|Uint8Array|object>} files  by name; other objects become JSON
 * @returns {Promise<Blob>} a zip
 */
export async function pack(files) {
  const list = [...files].map(async ([name, content]) => {
    if (content instanceof Uint8Array) return { name, data: content };
    const blob = content instanceof Blob ? content : new Blob([JSON.stringify(content, null, 1)]);
    return { name, data: new Uint8Array(await blob.arrayBuffer()) };
  });
  return packZip(await Promise.all(list));
}
