/** The brush's largest diameter, in pixels of the label map. What models can take, the server tells of each. */
export const SIZE_MAX = 128;
