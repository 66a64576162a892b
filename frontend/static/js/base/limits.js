/** The largest brush diameter, in pixels of the label map. Limits of a model come from the server. */
export const SIZE_MAX = 128;
