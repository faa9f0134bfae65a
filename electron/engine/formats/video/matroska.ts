/** What is in a Matroska or WebM file (RFC 9559), element by element: sent, harmless by a list, or left out by its name. */

import { remark } from '../../../../shared/remarks/index.ts'
import type { DocumentFile } from '../documents/document.ts'
import { createOmissions, type Omissions } from '../text/omissions.ts'
import { latin1, wordsIn } from './boxes.ts'
import { type Element, elementAt, elementsOf, numberIn, signed16, trackNumberIn } from './ebml.ts'
import type { FileRange, Film, FilmTrack, FilmWords } from './film.ts'
import { withoutTags } from './mp4-text.ts'

const ids = {
  segment: 0x18538067,
  info: 0x1549a966,
  title: 0x7ba9,
  scale: 0x2ad7b1,
  tracks: 0x1654ae6b,
  track: 0xae,
  number: 0xd7,
  type: 0x83,
  isEnabled: 0xb9,
  name: 0x536e,
  codec: 0x86,
  encodings: 0x6d80,
  operation: 0xe2,
  video: 0xe0,
  alpha: 0x53c0,
  cluster: 0x1f43b675,
  time: 0xe7,
  simpleBlock: 0xa3,
  group: 0xa0,
  block: 0xa1,
  attachments: 0x1941a469,
  attachment: 0x61a7,
  attachmentType: 0x4660,
  attachmentName: 0x466e,
  attachmentData: 0x465c,
  chapters: 0x1043a770,
  chapterWords: 0x85,
  tags: 0x1254c367,
  tagName: 0x45a3,
  tagWords: 0x4487,
} as const

const idsOf = (written: string): ReadonlySet<number> => new Set(written.split(' ').map(id => Number.parseInt(id, 16)))

/** Elements that hold what is looked at on its own, or nothing that a player shows or sounds. `ec` is empty, `bf` a checksum. */
const silent = {
  file: idsOf('1a45dfa3 18538067 ec bf'),
  segment: idsOf('114d9b74 1c53bb6b 1549a966 1654ae6b 1f43b675 1941a469 1043a770 1254c367 ec bf'),
  tracks: idsOf('ae ec bf'),
  track: idsOf(
    'd7 73c5 83 b9 88 55aa 55ab 55ac 55ad 55ae 55af 9c 6de7 6df8 23e383 234e7a 23314f 55ee 41e4 536e 22b59c 22b59d 86 63a2 258688 7446 6fab 56aa 56bb 6624 e0 e1 6d80 e2 aa ec bf',
  ),
  cluster: idsOf('e7 ab a7 a3 a0 ec bf'),
  group: idsOf('a1 9b fb fa 75a2 75a1 a4 ec bf'),
}

/** What follows an element without a length that lies in the segment. */
const ofSegment = idsOf('114d9b74 1c53bb6b 1549a966 1654ae6b 1f43b675 1941a469 1043a770 1254c367')
/** Of a track: pictures and sound; menus' buttons and what programs note are no content. */
const kinds = new Map([
  [1, 'video'],
  [2, 'audio'],
] as const)
const subtitles = 0x11
const silentTypes = new Set([0x20, 0x21])
const mostWordBytes = 100_000
/** Names of tags that programs write for programs. */
const technicalTags =
  /^(?:encod|_statistics|bps|duration|number_of_|date|creation|major|minor|compatible|handler|vendor|timecode|language|source_?id|url$)/i

interface Reading {
  readonly file: DocumentFile
  readonly omitted: Omissions
  readonly tracks: FilmTrack[]
  readonly words: FilmWords[]
  readonly pictures: FileRange[]
  /** Tracks of words, by their numbers. */
  readonly texts: Map<number, { readonly codec: string; readonly found: FilmWords[] }>
  scaleNs: number
  hiddenTracks: number
}

/** Null where there is no film in it. */
export function readMatroska(file: DocumentFile): Film | null {
  const reading: Reading = {
    file,
    omitted: createOmissions(),
    tracks: [],
    words: [],
    pictures: [],
    texts: new Map(),
    scaleNs: 1_000_000,
    hiddenTracks: 0,
  }
  const { omitted } = reading
  let segments = 0
  for (const element of elementsOf(file, 0, file.sizeBytes)) {
    account(reading, element, silent.file)
    if (element.id !== ids.segment) continue
    segments += 1
    if (element.isCut) omitted.add('film_cut')
    if (segments > 1) omitted.add('unknown_part')
    else readSegment(reading, element)
  }
  if (reading.tracks.length === 0 && reading.texts.size === 0) return null
  for (const { found } of reading.texts.values()) reading.words.push(...found)
  return {
    demuxer: 'matroska',
    tracks: reading.tracks,
    words: reading.words,
    pictures: reading.pictures,
    omitted: omitted.list(),
    notes: reading.hiddenTracks === 0 ? [] : [remark('film_hidden_track', { count: reading.hiddenTracks })],
  }
}

function account({ omitted }: Reading, { id }: Element, known: ReadonlySet<number>): void {
  if (!known.has(id)) omitted.add('film_part', { name: id.toString(16).toUpperCase() })
}

function bytesIn({ file }: Reading, { start, end }: FileRange): Uint8Array {
  return file.read(start, Math.min(end - start, mostWordBytes))
}

function readSegment(reading: Reading, segment: Element): void {
  const { file, omitted } = reading
  for (let at = segment.start; at < segment.end; ) {
    const element = elementAt(file, at, segment.end)
    at = element.end
    account(reading, element, silent.segment)
    if (element.isCut) omitted.add('film_cut')
    if (element.id === ids.info) readInfo(reading, element)
    else if (element.id === ids.tracks) readTracks(reading, element)
    else if (element.id === ids.attachments) readAttachments(reading, element)
    else if (element.id === ids.chapters) readChapters(reading, element)
    else if (element.id === ids.tags) readTags(reading, element)
    // The blocks of pictures and sound are read by who decodes them.
    else if (element.id === ids.cluster && (element.isOpen || reading.texts.size > 0))
      at = readCluster(reading, element)
    else if (element.isOpen) throw new RangeError('an element without a length')
  }
}

function readInfo(reading: Reading, info: Element): void {
  for (const element of elementsOf(reading.file, info.start, info.end)) {
    if (element.id === ids.scale) reading.scaleNs = numberIn(bytesIn(reading, element))
    // What made it, when, and by which numbers it is known are for programs.
    if (element.id === ids.title) addWords(reading, element)
  }
}

function addWords(reading: Reading, element: Element): void {
  const text = wordsIn(bytesIn(reading, element))
  if (text !== '') reading.words.push({ text, seconds: null })
}

function readTracks(reading: Reading, tracks: Element): void {
  for (const track of elementsOf(reading.file, tracks.start, tracks.end)) {
    account(reading, track, silent.tracks)
    if (track.id === ids.track) readTrack(reading, track)
  }
}

function readTrack(reading: Reading, track: Element): void {
  const { omitted, file } = reading
  const elements = [...elementsOf(file, track.start, track.end)]
  for (const element of elements) account(reading, element, silent.track)
  const named = (id: number) => elements.find(element => element.id === id)
  const numberOf = (id: number) => {
    const element = named(id)
    return element === undefined ? null : numberIn(bytesIn(reading, element))
  }
  const codecElement = named(ids.codec)
  const codec = codecElement === undefined ? '' : latin1(bytesIn(reading, codecElement)).replaceAll(/[^ -~]/g, '')
  const type = numberOf(ids.type) ?? 0
  const id = numberOf(ids.number) ?? 0
  for (const element of elements) if (element.id === ids.name) addWords(reading, element)
  if (silentTypes.has(type)) return
  const kind = kinds.get(type as 1 | 2)
  if (named(ids.encodings) !== undefined) omitted.add('film_encrypted')
  else if (type === subtitles) {
    if (/^S_TEXT\/(?:UTF8|ASCII|ASS|SSA|WEBVTT)$|^D_WEBVTT\//.test(codec)) reading.texts.set(id, { codec, found: [] })
    else omitted.add('film_subtitles', { name: codec })
  } else if (kind === undefined || named(ids.operation) !== undefined) omitted.add('film_track', { name: codec })
  else {
    const video = named(ids.video)
    const within = video === undefined ? [] : [...elementsOf(file, video.start, video.end)]
    const isAlpha = (element: Element) => element.id === ids.alpha && numberIn(bytesIn(reading, element)) > 0
    if (within.some(isAlpha)) omitted.add('film_transparent')
    if (numberOf(ids.isEnabled) === 0) reading.hiddenTracks += 1
    reading.tracks.push({ id, kind, codec })
  }
}

/** Returns where it ends, which one without a length does where the next element of the segment begins. */
function readCluster(reading: Reading, cluster: Element): number {
  const { file } = reading
  let time = 0
  let at = cluster.start
  while (at < cluster.end) {
    const element = elementAt(file, at, cluster.end)
    if (cluster.isOpen && ofSegment.has(element.id)) return at
    at = element.end
    account(reading, element, silent.cluster)
    if (element.isCut) reading.omitted.add('film_cut')
    if (element.id === ids.time) time = numberIn(bytesIn(reading, element))
    if (element.id === ids.simpleBlock) readBlock(reading, element, time)
    if (element.id !== ids.group) continue
    for (const part of elementsOf(file, element.start, element.end)) {
      account(reading, part, silent.group)
      if (part.id === ids.block) readBlock(reading, part, time)
    }
  }
  return at
}

/** The number of its track, when it is shown after the cluster begins, how it is laid out, and then its bytes. */
function readBlock(reading: Reading, block: FileRange, clusterTime: number): void {
  const head = reading.file.read(block.start, 7)
  const [number, width] = trackNumberIn(head)
  const track = reading.texts.get(number)
  if (track === undefined) return
  const start = block.start + width + 3
  const isLaced = ((head[width + 2] ?? 0) & 0x06) !== 0
  const leaveOut = () => reading.omitted.add('film_subtitles', { name: track.codec })
  if (isLaced || block.end - start > mostWordBytes) {
    leaveOut()
    return
  }
  const written = wordsIn(bytesIn(reading, { start, end: block.end }))
  // Of these eight fields stand before the words; drawings and places are among them.
  const isStyled = /ASS$|SSA$/.test(track.codec)
  const shown = isStyled ? written.split(',').slice(8).join(',') : written
  // A drawing.
  if (isStyled && /\{[^{}]{0,500}\\p[1-9]/.test(shown)) reading.omitted.add('film_subtitles', { name: track.codec })
  const text = isStyled ? shown.replaceAll(/\{[^{}]*\}/g, '').replaceAll(/\\[Nnh]/g, '\n') : withoutTags(shown)
  const seconds = ((clusterTime + signed16(head, width)) * reading.scaleNs) / 1e9
  if (text.trim() !== '') track.found.push({ text: text.trim(), seconds: Math.max(0, seconds) })
}

function readAttachments(reading: Reading, attachments: Element): void {
  const { file, omitted, pictures } = reading
  for (const element of elementsOf(file, attachments.start, attachments.end)) {
    if (element.id !== ids.attachment) continue
    const parts = [...elementsOf(file, element.start, element.end)]
    const wordsOf = (id: number) => {
      const part = parts.find(each => each.id === id)
      return part === undefined ? '' : wordsIn(bytesIn(reading, part))
    }
    const type = wordsOf(ids.attachmentType)
    const data = parts.find(({ id }) => id === ids.attachmentData)
    if (data !== undefined && type.startsWith('image/')) pictures.push({ start: data.start, end: data.end })
    // Fonts show nothing but the words of the subtitles.
    else if (!/font|truetype|opentype|sfnt/i.test(type))
      omitted.add('file_inside', { name: wordsOf(ids.attachmentName) })
  }
}

/** Editions and chapters nest; their words stand in displays. */
const chapterParents = new Set([0x45b9, 0xb6, 0x80])

function readChapters(reading: Reading, { start, end }: FileRange): void {
  for (const element of elementsOf(reading.file, start, end)) {
    if (element.id === ids.chapterWords) addWords(reading, element)
    else if (chapterParents.has(element.id)) readChapters(reading, element)
  }
}

const tag = 0x7373
const simpleTag = 0x67c8

function readTags(reading: Reading, { start, end }: FileRange): void {
  for (const element of elementsOf(reading.file, start, end)) {
    if (element.id === tag) readTags(reading, element)
    if (element.id !== simpleTag) continue
    const parts = [...elementsOf(reading.file, element.start, element.end)]
    const name = parts.find(({ id }) => id === ids.tagName)
    const words = parts.find(({ id }) => id === ids.tagWords)
    if (words !== undefined && !technicalTags.test(name === undefined ? '' : wordsIn(bytesIn(reading, name))))
      addWords(reading, words)
    readTags(reading, element)
  }
}
