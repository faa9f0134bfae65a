/** How much one request may bring; a folder of any size is one input. Apart from the schemas, for the window asks before it sends. */
export const inputLimits = {
  atOnce: 100_000,
  /** Characters of a pasted text. */
  textLength: 20_000_000,
  /** Of a picture without a file, which crosses as bytes. */
  pictureBytes: 200_000_000,
  nameLength: 255,
} as const
