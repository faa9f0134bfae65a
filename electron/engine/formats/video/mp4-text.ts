/** The words of a subtitle or chapter track in an MP4 or QuickTime file. */

import type { DocumentFile } from '../documents/document.ts'
import { type Box, boxesOf, bytesOf, viewOf, wordsIn } from './boxes.ts'
import type { FilmWords } from './film.ts'

/** A film of hours has some thousand. */
const mostSamples = 200_000
const mostSampleBytes = 100_000

/** Null where its words are not written as text, or are not to be found. */
export function textSamples(
  file: DocumentFile,
  codec: string,
  header: Box,
  table: readonly Box[],
): readonly FilmWords[] | null {
  if (codec !== 'tx3g' && codec !== 'text' && codec !== 'wvtt') return null
  const timescale = timescaleOf(viewOf(bytesOf(file, header)))
  const samples = samplesOf(file, table)
  if (samples === null || timescale === 0) return null
  const words: FilmWords[] = []
  for (const { offset, size, time } of samples) {
    if (size > mostSampleBytes) return null
    const bytes = file.read(offset, size)
    if (bytes.length < size) return null
    const text = codec === 'wvtt' ? cuesIn(file, offset, size) : wordsOf(bytes)
    if (text === null) return null
    if (text !== '') words.push({ text, seconds: time / timescale })
  }
  return words
}

function timescaleOf(header: DataView): number {
  return header.getUint32(header.getUint8(0) === 1 ? 20 : 12)
}

/** Its length in two bytes, then the words; styles follow. */
function wordsOf(bytes: Uint8Array): string | null {
  if (bytes.length < 2) return bytes.length === 0 ? '' : null
  const length = viewOf(bytes).getUint16(0)
  return length + 2 > bytes.length ? null : wordsIn(bytes.subarray(2, 2 + length))
}

/** ISO/IEC 14496-30: the payload of each cue, and what stands between them. */
function cuesIn(file: DocumentFile, offset: number, size: number): string | null {
  const found: string[] = []
  for (const box of boxesOf(file, offset, offset + size)) {
    if (box.name === 'vtta') found.push(wordsIn(bytesOf(file, box)))
    else if (box.name === 'vttc') {
      for (const part of boxesOf(file, box.start, box.end)) {
        if (part.name === 'payl') found.push(withoutTags(wordsIn(bytesOf(file, part))))
      }
    } else if (box.name !== 'vtte') return null
  }
  return found.join('\n')
}

export function withoutTags(cue: string): string {
  return cue.replace(/<\/?(?:[bciuv]|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<[\d:.]+>/gi, '')
}

interface Sample {
  readonly offset: number
  readonly size: number
  readonly time: number
}

/** Where the samples of a track lie (ISO/IEC 14496-12, 8.7); null where the tables do not tell. */
function samplesOf(file: DocumentFile, table: readonly Box[]): readonly Sample[] | null {
  const viewNamed = (...names: string[]) => {
    const box = table.find(({ name }) => names.includes(name))
    return box === undefined ? null : viewOf(bytesOf(file, box))
  }
  const [sizes, chunks, runs, times] = [
    viewNamed('stsz'),
    viewNamed('stco', 'co64'),
    viewNamed('stsc'),
    viewNamed('stts'),
  ]
  if (sizes === null || chunks === null || runs === null || times === null) return null
  const isLong = table.some(({ name }) => name === 'co64')
  const same = sizes.getUint32(4)
  const count = sizes.getUint32(8)
  if (count > mostSamples) return null
  const durations: number[] = []
  for (let run = 0; run < times.getUint32(4) && durations.length < count; run += 1) {
    const repeat = Math.min(times.getUint32(8 + run * 8), count - durations.length)
    for (let each = 0; each < repeat; each += 1) durations.push(times.getUint32(12 + run * 8))
  }
  const samples: Sample[] = []
  let time = 0
  for (let chunk = 0, run = 0; chunk < chunks.getUint32(4) && samples.length < count; chunk += 1) {
    const isNext = run + 1 < runs.getUint32(4) && runs.getUint32(8 + (run + 1) * 12) <= chunk + 1
    if (isNext) run += 1
    let offset = isLong ? Number(chunks.getBigUint64(8 + chunk * 8)) : chunks.getUint32(8 + chunk * 4)
    for (let each = runs.getUint32(12 + run * 12); each > 0 && samples.length < count; each -= 1) {
      const size = same === 0 ? sizes.getUint32(12 + samples.length * 4) : same
      samples.push({ offset, size, time })
      time += durations[samples.length - 1] ?? 0
      offset += size
    }
  }
  return samples.length === count ? samples : null
}
