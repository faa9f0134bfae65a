/**
 * Names a fault of this program for its developers: its kind, and the place in the program. Not the message: that is a library's, in
 * English, and may repeat what it was given.
 */
export function faultName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const kind = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const place = /^\s+at (?:.*[\\/(])?([^\\/()]+:\d+:\d+)\)?$/m.exec(error.stack ?? '')?.[1]
  return place === undefined ? kind : `${kind}, ${place}`
}
