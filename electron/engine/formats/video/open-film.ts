import type { Failure } from '../../../../shared/conclusion.ts'
import type { Section } from '../../../../shared/pieces.ts'
import { remark, sumRemarks } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { DocumentFile, DocumentSurvey, OpenDocument, Piece } from '../documents/document.ts'
import { createOmissions } from '../text/omissions.ts'
import { latin1 } from './boxes.ts'
import type { Film, FilmWords } from './film.ts'
import { readMatroska } from './matroska.ts'
import { readMp4 } from './mp4.ts'
import { type InPictures, readPictures } from './pictures.ts'
import { soundFile, soundParts } from './sound.ts'

/** A film or a recording, read by ranges: its index alone is held in memory. */
export async function openFilm(file: DocumentFile): Promise<OpenDocument | Failure> {
  return {
    kind: 'document',
    survey: async () => {
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
    const handle = JSON.stringify({ start, end })
    pieces.push({ kind: 'picture', name: `picture ${index + 1}`, places: [], from: { kind: 'handle', handle } })
  }
  let sounds = 0
  for (const { id, kind, codec } of film.tracks) {
    if (kind !== 'audio') continue
    const parts = isCut ? null : await soundParts(file, id).catch(() => null)
    if (parts === null) omitted.add('film_sound', { name: codec })
    for (const { from, to } of parts ?? []) {
      sounds += 1
      const seconds = Number.isFinite(from) ? Math.max(0, from) : 0
      const handle = JSON.stringify({ track: id, from: finite(from), to: finite(to) })
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

function finite(seconds: number): number | null {
  return Number.isFinite(seconds) ? seconds : null
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

async function loadPiece(file: DocumentFile, handle: string): Promise<Uint8Array | Failure> {
  // Handles are ours.
  const asked = JSON.parse(handle) as
    | { readonly start: number; readonly end: number }
    | { readonly track: number; readonly from: number | null; readonly to: number | null }
  if ('start' in asked) return file.read(asked.start, asked.end - asked.start)
  const from = asked.from ?? Number.NEGATIVE_INFINITY
  const to = asked.to ?? Number.POSITIVE_INFINITY
  return await soundFile(file, asked.track, { from, to })
}
