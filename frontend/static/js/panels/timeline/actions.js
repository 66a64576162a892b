/** Actions of the timeline. */
/** @typedef {import('../../base/types.js').Action} Action */
/** @typedef {import('../../base/types.js').State} State */
import { idle } from '../../editor/when.js';

/**
 * Makes the actions for key frames, playback and export.
 * @param {{timeline: import('./timeline.js').Timeline}} studio
 * @returns {Action[]}
 */
export function timelineActions({ timeline }) {
  /** @param {State} state */
  const obstacle = ({ timeline: { keyFrames, frames } }) =>
    frames
      ? null
      : keyFrames.length < 2
        ? 'Add two key frames first.'
        : 'Choose a noise region of the first key frame.';

  /** @type {(id: 'loop'|'smooth'|'regionOnly', name: string) => Partial<Action>} */
  const option = (id, name) => ({
    id: `timeline-${id.toLowerCase()}`,
    name,
    pressed: (state) => state.timeline[id],
    perform: () => timeline.change({ [id]: !timeline.state[id] }),
  });
  /** @type {(kind: 'gif'|'webm'|'zip', name: string) => Partial<Action>} */
  const file = (kind, name) => ({
    id: `timeline-${kind}`,
    name: `Export the timeline as ${name}`,
    icon: 'save',
    enabled: ({ timeline: { frames, written } }) => frames > 0 && written === null,
    obstacle,
    perform: () => timeline.write(kind),
  });
  /** @type {Partial<Action>[]} */
  const actions = [
    {
      id: 'timeline',
      name: 'Timeline',
      key: 'T',
      icon: 'film',
      pressed: (state) => state.timeline.open,
      perform: () => {
        timeline.leave();
        timeline.set({ open: !timeline.state.open });
      },
    },
    {
      id: 'key-frame',
      name: 'Add a key frame',
      key: 'Shift+T',
      icon: 'plus',
      enabled: idle,
      perform: () => timeline.add(),
    },
    {
      id: 'timeline-play',
      name: 'Play the timeline',
      enabled: ({ timeline: { frames } }) => frames > 0,
      obstacle,
      pressed: (state) => state.timeline.playing,
      perform: () => timeline.play(),
    },
    option('loop', 'Loop to the first key frame'),
    option('smooth', 'Slow down at key frames'),
    option('regionOnly', 'Move only the active region'),
    file('gif', 'GIF'),
    file('webm', 'WebM'),
    file('zip', 'PNG frames'),
    {
      id: 'timeline-cancel',
      name: 'Cancel the export',
      icon: 'close',
      enabled: ({ timeline: { written } }) => written !== null,
      perform: () => timeline.cancel(),
    },
  ];
  return actions.map((action) => /** @type {Action} */ ({ group: 'Timeline', ...action }));
}
