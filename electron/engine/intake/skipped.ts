import type { SkipReason } from '../formats/source.ts'

const systemNames = new Set([
  '.ds_store',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'icon\r',
  '__macosx',
  '@eadir',
  '$recycle.bin',
  'system volume information',
])

/** Files that systems and Office leave beside the user's, and what the user has hidden. */
export function skipReasonOf(name: string): SkipReason | null {
  if (systemNames.has(name.toLowerCase()) || name.startsWith('._') || name.startsWith('~$')) return 'system'
  return name.startsWith('.') ? 'hidden' : null
}
