/** The brush's largest diameter, in pixels of the label map. */
export const SIZE_MAX = 128;

/** What the server paints at most, in pixels a side. */
export const SIDE_MAX = 1024;
