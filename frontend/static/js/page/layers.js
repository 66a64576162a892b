/** The opacity sliders of the layers. Actions show and hide layers. */
/** @typedef {import('../base/types.js').LayerId} LayerId */

/** Connects the sliders. @param {import('../editor/editor.js').Editor} editor */
export function attachLayers({ store }) {
  for (const found of document.querySelectorAll('input[data-layer]')) {
    const slider = /** @type {HTMLInputElement} */ (found);
    const id = /** @type {LayerId} */ (slider.dataset.layer);
    slider.addEventListener('input', () => {
      const { layers } = store.state.view;
      store.set({ view: { layers: { ...layers, [id]: { ...layers[id], opacity: slider.valueAsNumber / 100 } } } });
    });
    store.watch(['view.layers', 'view.layout', 'view.underlay'], ({ view: { layers, layout, underlay } }) => {
      slider.value = String(Math.round(100 * layers[id].opacity));
      const below = layout === 'overlay' || (underlay !== null && layers.underlay.visible);
      slider.disabled = !layers[id].visible || (id === 'labels' && !below) || (id === 'underlay' && !underlay);
    });
  }
}
