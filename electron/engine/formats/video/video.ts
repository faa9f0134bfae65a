import { remark } from '../../../../shared/remarks/index.ts'
import type { DocumentFormat, Family } from '../family.ts'

const account = { isMarked: true, areLinesFolded: false }
/** It is read by ranges; what takes time is to go through it. */
const maxBytes = 20_000_000_000
/** Every packet is looked at, and sound may be converted. */
const timeoutMs = 600_000

/** What reads them is loaded by the child that needs it, and by no other program. */
const open: DocumentFormat['open'] = async file => (await import('./open-film.ts')).openFilm(file)

const film: DocumentFormat = {
  reads: 'document',
  kind: 'video',
  name: 'film',
  reading: ['film', 2],
  maxBytes,
  timeoutMs,
  open,
  account,
}

const recording: DocumentFormat = {
  reads: 'document',
  kind: 'audio',
  name: 'recording',
  reading: ['recording', 2],
  maxBytes,
  timeoutMs,
  open,
  account,
}

const films = new Set([
  'video/mp4',
  'video/quicktime',
  'video/x-m4v',
  'video/3gpp',
  'video/3gpp2',
  'video/webm',
  'video/matroska',
  'video/x-matroska',
])
const recordings = new Set(['audio/x-m4a', 'audio/mp4', 'audio/m4a'])

/** MP4, QuickTime, WebM and Matroska, with pictures or with sound alone, and recordings in AMR. */
export const video: Family = {
  formats: [film, recording],
  familiar: { kind: 'video', extensions: ['mp4', 'm4v', 'mov', 'webm', 'mkv', '3gp'] },
  signed: ({ latin1 }, signature) => {
    if (latin1.startsWith('#!AMR')) return { kind: 'format', format: recording }
    // Of WeChat and QQ, which put a byte before it. There is no decoder of it that may be shipped.
    if (/^.?#!SILK/.test(latin1)) return { kind: 'unsupported', what: remark('untaken_audio', { name: 'SILK' }) }
    if (signature === null) return null
    if (films.has(signature.mime)) return { kind: 'format', format: film }
    return recordings.has(signature.mime) ? { kind: 'format', format: recording } : null
  },
}
