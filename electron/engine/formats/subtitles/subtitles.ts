import type { Family, TextFormat } from '../family.ts'
import { extractAss } from './extract-ass.ts'
import { extractSubtitles } from './extract-subtitles.ts'

const account = { isMarked: true, areLinesFolded: false }

const cues: TextFormat = {
  reads: 'text',
  name: 'subtitles',
  reading: ['subtitles', 2],
  shownAs: ['SRT', 'VTT'],
  extensions: ['srt', 'vtt'],
  read: extractSubtitles,
  account,
}

const script: TextFormat = {
  reads: 'text',
  name: 'ass',
  reading: ['ass', 2],
  extensions: ['ass', 'ssa'],
  read: extractAss,
  account,
}

/** SubRip, WebVTT and SubStation Alpha. */
export const subtitles: Family = {
  formats: [cues, script],
  familiar: { kind: 'text', extensions: ['srt', 'vtt'] },
  written: ({ head }) => {
    if (/^WEBVTT(?:[ \t\r\n]|$)/.test(head)) return cues
    return /^[ \t]*\[Script Info\][ \t]*$/im.test(head) ? script : null
  },
}
