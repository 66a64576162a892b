/** Key frames and the film between them. */
/** @typedef {import('../actions.js').Action} Action */
/** @typedef {import('../actions.js').Studio} Studio */
/** @typedef {import('../types.js').State} State */
import { idle } from './when.js';

/**
 * The timeline's tray, its film, its files.
 * @param {Studio} studio
 * @returns {Action[]}
 */
export function timelineActions({ timeline }) {
  const group = 'Timeline';
  /** @param {State} state */
  const obstacle = ({ timeline: { keys, frames } }) =>
    frames ? null : keys.length < 2 ? 'Add two key frames first.' : 'Choose a noise region of the first key frame.';
  /** @param {State} state */
  const enabled = ({ timeline: { frames, written } }) => frames > 0 && written === null;

  /** @type {(id: 'loop'|'smooth'|'regionOnly', name: string) => Action} */
  const option = (id, name) => ({
    id: `timeline-${id.toLowerCase()}`,
    name,
    group,
    pressed: (state) => state.timeline[id],
    perform: () => timeline.change({ [id]: !timeline.state[id] }),
  });

  /** @type {(kind: 'gif'|'webm'|'zip', name: string) => Action} */
  const file = (kind, name) => ({
    id: `timeline-${kind}`,
    name,
    group,
    icon: 'save',
    enabled,
    obstacle,
    perform: () => timeline.write(kind),
  });

  return [
    {
      id: 'timeline',
      name: 'Timeline',
      group,
      key: 'T',
      icon: 'film',
      pressed: (state) => state.timeline.open,
      perform: () => {
        timeline.leave();
        timeline.set({ open: !timeline.state.open });
      },
    },
    { id: 'key-frame', name: 'Add a key frame', group, key: 'Shift+T', icon: 'plus', enabled: idle, perform: () => timeline.add() },
    {
      id: 'timeline-play',
      name: 'Play the timeline',
      group,
      enabled: ({ timeline: { frames } }) => frames > 0,
      obstacle,
      pressed: (state) => state.timeline.playing,
      perform: () => timeline.play(),
    },
    option('loop', 'Loop to the first key frame'),
    option('smooth', 'Slow down at key frames'),
    option('regionOnly', 'Move only the active region'),
    file('gif', 'Export the timeline as GIF'),
    file('webm', 'Export the timeline as WebM'),
    file('zip', 'Export the timeline as PNG frames'),
    {
      id: 'timeline-cancel',
      name: 'Cancel the export',
      group,
      icon: 'close',
      enabled: ({ timeline: { written } }) => written !== null,
      perform: () => timeline.cancel(),
    },
  ];
}
