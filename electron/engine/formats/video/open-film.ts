import type { Failure } from '../../../../shared/conclusion.ts'
import type { Section } from '../../../../shared/pieces.ts'
import { remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { DocumentFile, DocumentSurvey, OpenDocument, Piece } from '../documents/document.ts'
import { createOmissions } from '../text/omissions.ts'
import { latin1 } from './boxes.ts'
import { convertSound, partsOf, type SoundSource } from './converted.ts'
import type { Film, FilmTrack, FilmWords } from './film.ts'
import { readMatroska } from './matroska.ts'
import { readMp4 } from './mp4.ts'
import { type InPictures, readPictures } from './pictures.ts'
import { soundFile, soundParts } from './sound.ts'

/** A film or a recording, read by ranges: its index alone is held in memory. */
export async function openFilm(file: DocumentFile): Promise<OpenDocument | Failure> {
  return {
    kind: 'document',
    survey: async () => {
      if (latin1(file.read(0, 5)) === '#!AMR') return await voiceSurvey(file)
      const isMatroska = latin1(file.read(0, 4)) === '\x1a\x45\xdf\xa3'
      const film = isMatroska ? readMatroska(file) : readMp4(file)
      if (film === null) return inputFailure('damaged_document', [remark('film_without_index')])
      return await surveyOf(file, film)
    },
    load: handle => loadPiece(file, handle),
    close: () => undefined,
  }
}

const nothingInside: InPictures = { words: [], omitted: [], notes: [] }
const undecoded: InPictures = { ...nothingInside, omitted: [remark('film_undecoded')] }

async function surveyOf(file: DocumentFile, film: Film): Promise<DocumentSurvey> {
  const omitted = createOmissions()
  omitted.include(film.omitted)
  const pieces: Piece[] = []
  const words = [...film.words]
  const notes = [...film.notes]
  const isCut = film.omitted.some(({ code }) => code === 'film_cut')
  for (const { id, kind, codec } of film.tracks) {
    if (kind !== 'video') continue
    // The library may search what breaks off for ever.
    const inside = isCut ? nothingInside : await readPictures(file, id).catch(() => undecoded)
    if (inside === null) {
      omitted.add('film_codec', { name: codec })
      continue
    }
    words.push(...inside.words)
    omitted.include(inside.omitted)
    notes.push(...inside.notes)
    const name = `film ${pieces.length + 1}`
    pieces.push({ kind: 'picture', name, places: [], from: { kind: 'film', track: id, codec } })
  }
  for (const [index, { start, end }] of film.pictures.entries()) {
    const handle = handleOf({ start, end })
    pieces.push({ kind: 'picture', name: `picture ${index + 1}`, places: [], from: { kind: 'handle', handle } })
  }
  let sounds = 0
  for (const track of film.tracks) {
    if (track.kind !== 'audio') continue
    const parts = isCut ? null : await soundsOf(file, film, track)
    if (parts === null) omitted.add('film_sound', { name: track.codec })
    for (const { seconds, handle } of parts ?? []) {
      sounds += 1
      const places = parts?.length === 1 ? [] : [{ seconds }]
      pieces.push({ kind: 'recording', name: `sound ${sounds}`, places, from: { kind: 'handle', handle } })
    }
  }
  const { text, sections } = textOf(words)
  return {
    kind: 'extracted',
    text,
    format: 'film',
    anchors: null,
    omitted: omitted.list(),
    notes: sumRemarks(notes),
    sections,
    pieces,
  }
}

interface Sound {
  readonly seconds: number
  readonly handle: string
}

/** The parts of a track of sound: as it is where the platforms take it, else converted; null where it cannot be had. */
async function soundsOf(file: DocumentFile, film: Film, { id }: FilmTrack): Promise<readonly Sound[] | null> {
  const parts = await soundParts(file, id).catch(() => null)
  if (parts !== null) {
    return parts.map(({ from, to }) => ({
      seconds: Number.isFinite(from) ? Math.max(0, from) : 0,
      handle: handleOf({ track: id, from: finite(from), to: finite(to) }),
    }))
  }
  const place = film.tracks.filter(({ kind }) => kind === 'audio').findIndex(track => track.id === id)
  // What was left out shifts the places of what stands behind it.
  const isShifted = film.omitted.some(({ code }) => code === 'film_encrypted' || code === 'film_track')
  if (film.demuxer === 'matroska' && isShifted) return null
  return await convertedSounds(file, film.demuxer, film.demuxer === 'mov' ? `i:${id}` : `a:${place}`)
}

export async function convertedSounds(
  { path }: DocumentFile,
  demuxer: SoundSource['demuxer'],
  stream: string,
): Promise<readonly Sound[] | null> {
  const converted = path === undefined ? null : await convertSound({ path, demuxer, stream })
  if (converted === null) return null
  return partsOf(converted).map(({ start, end, from }) => ({
    seconds: from,
    handle: handleOf({ demuxer, stream, start, end }),
  }))
}

/** AMR (RFC 4867, 5) holds nothing but sound. */
async function voiceSurvey(file: DocumentFile): Promise<DocumentSurvey> {
  const sounds = await convertedSounds(file, 'amr', 'a:0')
  const pieces = (sounds ?? []).map(
    ({ seconds, handle }, index): Piece => ({
      kind: 'recording',
      name: `sound ${index + 1}`,
      places: sounds?.length === 1 ? [] : [{ seconds }],
      from: { kind: 'handle', handle },
    }),
  )
  const omitted = sounds === null ? [remark('film_sound', { name: 'AMR' })] : []
  return { kind: 'extracted', text: '', format: 'recording', anchors: null, omitted, notes: [], sections: [], pieces }
}

function finite(seconds: number): number | null {
  return Number.isFinite(seconds) ? seconds : null
}

/** How a piece is asked for. */
type Asked =
  | { readonly start: number; readonly end: number }
  | { readonly track: number; readonly from: number | null; readonly to: number | null }
  /** Bytes of what a stream is converted to. */
  | (Pick<SoundSource, 'demuxer' | 'stream'> & { readonly start: number; readonly end: number })

function handleOf(asked: Asked): string {
  return JSON.stringify(asked)
}

/** What one subtitle repeats of the one before, as those do that grow word by word, is said once. */
function textOf(words: readonly FilmWords[]): { readonly text: string; readonly sections: readonly Section[] } {
  const sections: Section[] = []
  const said: string[] = []
  let length = 0
  let before = ''
  for (const { text, seconds } of words) {
    if (text === before) continue
    before = text
    if (seconds !== null) sections.push({ start: length, place: { seconds } })
    said.push(text)
    length += text.length + 1
  }
  return { text: said.join('\n'), sections }
}

export async function loadPiece(file: DocumentFile, handle: string): Promise<Uint8Array | Failure> {
  // Handles are ours.
  const asked = JSON.parse(handle) as Asked
  if ('demuxer' in asked) {
    const converted = file.path === undefined ? null : await convertSound({ ...asked, path: file.path })
    if (converted === null || converted.length < asked.end)
      return inputFailure('preparation_failed', [remark('film_sound_gone')])
    return converted.subarray(asked.start, asked.end)
  }
  if ('start' in asked) return file.read(asked.start, asked.end - asked.start)
  const from = asked.from ?? Number.NEGATIVE_INFINITY
  const to = asked.to ?? Number.POSITIVE_INFINITY
  return await soundFile(file, asked.track, { from, to })
}
