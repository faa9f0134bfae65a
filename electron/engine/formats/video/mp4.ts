/** What is in an MP4 or QuickTime file, box by box: sent, harmless by a list, or left out by its name. */

import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import type { DocumentFile } from '../documents/document.ts'
import { createOmissions, type Omissions } from '../text/omissions.ts'
import { type Box, boxesOf, bytesOf, latin1, viewOf } from './boxes.ts'
import type { FileRange, Film, FilmTrack, FilmWords } from './film.ts'
import { readTags } from './mp4-tags.ts'
import { textSamples } from './mp4-text.ts'

const namesOf = (names: string): ReadonlySet<string> => new Set(names.split(' '))

/** Boxes that hold what is looked at on its own, or nothing that a player shows or sounds. */
const silent = {
  file: namesOf('ftyp styp free skip wide mdat moov moof mfra sidx ssix pdin prft emsg udta meta uuid'),
  moov: namesOf('mvhd iods trak mvex udta meta free skip wide uuid ctab clip ainf'),
  trak: namesOf('tkhd edts mdia tref udta meta tapt load clip txas trgr free skip wide uuid'),
  mdia: namesOf('mdhd hdlr minf elng udta free skip wide uuid'),
  minf: namesOf('vmhd smhd hmhd sthd nmhd gmhd dinf stbl hdlr free skip uuid'),
  stbl: namesOf(
    'stsd stts ctts cslg stsc stsz stz2 stco co64 stss stps stsh sdtp sbgp sgpd subs saiz saio senc padb stdp free uuid',
  ),
  moof: namesOf('mfhd traf free skip uuid'),
}

/** Tracks that play nothing: clocks, places, sensors, instructions for servers. */
const silentTracks = namesOf('tmcd meta hint camm')
const textTracks = namesOf('text sbtl subt clcp')

/** Extended types (ISO/IEC 14496-12, 11.1) that hold no film: XMP, how a sphere is projected, what cameras note. */
const knownUuids = namesOf(
  'be7acfcb97a942e89c71999491e3afac ffcc8263f8554a938814587a02521fdd 50524f4621d24fcebb88695cfac9c740 55534d5421d24fcebb88695cfac9c740 85c0b687820f11e08111f4ce462b6a48',
)

interface Reading {
  readonly file: DocumentFile
  readonly omitted: Omissions
  readonly notes: Remark[]
  readonly tracks: FilmTrack[]
  readonly words: FilmWords[]
  readonly pictures: FileRange[]
  isFragmented: boolean
}

/** Null where there is no film in it, or the part is missing that says where everything lies. */
export function readMp4(file: DocumentFile): Film | null {
  const reading: Reading = {
    file,
    omitted: createOmissions(),
    notes: [],
    tracks: [],
    words: [],
    pictures: [],
    isFragmented: false,
  }
  const top = [...boxesOf(file, 0, file.sizeBytes)]
  reading.isFragmented = top.some(({ name }) => name === 'moof')
  const movies = top.filter(({ name }) => name === 'moov')
  const [movie] = movies
  if (movie === undefined || movie.isCut) return null
  account(reading, top, silent.file)
  // Players differ in which of two they play.
  if (movies.length > 1) reading.omitted.add('unknown_part', { count: movies.length - 1 })
  if (top.some(({ isCut }) => isCut)) reading.omitted.add('film_cut')
  for (const box of top) {
    if (box.name === 'udta' || box.name === 'meta') readTags(file, box, reading)
    if (box.name === 'moof') account(reading, [...boxesOf(file, box.start, box.end)], silent.moof)
  }
  readMovie(reading, movie)
  return {
    demuxer: 'mov',
    tracks: reading.tracks,
    words: reading.words,
    pictures: reading.pictures,
    omitted: reading.omitted.list(),
    notes: reading.notes,
  }
}

/** Counts what is on no list. */
function account({ file, omitted }: Reading, boxes: readonly Box[], known: ReadonlySet<string>): void {
  for (const box of boxes) {
    if (box.name === 'pssh') continue
    if (!known.has(box.name)) omitted.add('film_part', { name: shown(box.name) })
    else if (box.name === 'uuid' && !knownUuids.has(Buffer.from(file.read(box.start, 16)).toString('hex')))
      omitted.add('film_part', { name: 'uuid' })
  }
}

/** A name of four letters, which may be anything. */
function shown(name: string): string {
  return name.replaceAll(/[^ -~]/g, '?')
}

function childrenOf({ file }: Reading, { start, end }: Box): readonly Box[] {
  return [...boxesOf(file, start, end)]
}

function readMovie(reading: Reading, movie: Box): void {
  const boxes = childrenOf(reading, movie)
  account(reading, boxes, silent.moov)
  for (const box of boxes) {
    if (box.name === 'udta' || box.name === 'meta') readTags(reading.file, box, reading)
    if (box.name === 'pssh') reading.omitted.add('film_encrypted')
    if (box.name === 'trak') readTrack(reading, box)
  }
}

function readTrack(reading: Reading, track: Box): void {
  const { file, omitted } = reading
  const boxes = childrenOf(reading, track)
  account(reading, boxes, silent.trak)
  for (const box of boxes) if (box.name === 'udta' || box.name === 'meta') readTags(file, box, reading)
  const header = boxes.find(({ name }) => name === 'tkhd')
  const media = mediaOf(reading, boxes)
  if (header === undefined || media === null) {
    omitted.add('film_part', { name: 'trak' })
    return
  }
  const { kind, codecs, table } = media
  if (silentTracks.has(kind)) return
  const [codec] = codecs
  const refusal = refusalOf(reading, media)
  if (codec === undefined || refusal !== null) omitted.include([refusal ?? remark('film_part', { name: shown(kind) })])
  else if (textTracks.has(kind)) readText(reading, codec, media.boxes, table)
  else if (kind !== 'vide' && kind !== 'soun') omitted.add('film_track', { name: shown(kind) })
  else {
    const head = viewOf(bytesOf(file, header))
    const id = head.getUint32(head.getUint8(0) === 1 ? 20 : 12)
    if ((head.getUint8(3) & 1) === 0) reading.notes.push(remark('film_hidden_track'))
    // Where it changes within a track, what is behind the change is not sure to be decoded.
    if (codecs.length > 1) omitted.add('film_codec_change')
    reading.tracks.push({ id, kind: kind === 'vide' ? 'video' : 'audio', codec: shown(codec.name) })
  }
}

interface TrackMedia {
  /** The handler's four letters. */
  readonly kind: string
  readonly boxes: readonly Box[]
  readonly information: readonly Box[]
  readonly table: readonly Box[]
  readonly codecs: readonly Box[]
}

function mediaOf(reading: Reading, track: readonly Box[]): TrackMedia | null {
  const { file } = reading
  const within = (outer: readonly Box[], wanted: string, known: ReadonlySet<string>) => {
    const box = outer.find(({ name }) => name === wanted)
    const boxes = box === undefined ? [] : childrenOf(reading, box)
    account(reading, boxes, known)
    return boxes
  }
  const boxes = within(track, 'mdia', silent.mdia)
  const handler = boxes.find(({ name }) => name === 'hdlr')
  if (handler === undefined) return null
  const information = within(boxes, 'minf', silent.minf)
  const table = within(information, 'stbl', silent.stbl)
  const description = table.find(({ name }) => name === 'stsd')
  const codecs = description === undefined ? [] : [...boxesOf(file, description.start + 8, description.end)]
  return { kind: latin1(file.read(handler.start + 8, 4)), boxes, information, table, codecs }
}

function refusalOf(reading: Reading, { information, codecs }: TrackMedia): Remark | null {
  if (isElsewhere(reading, information)) return remark('film_elsewhere')
  return codecs.some(({ name }) => /^enc[avts]$|^drm[si]$/.test(name)) ? remark('film_encrypted') : null
}

/** Whether a track's samples lie in another file (ISO/IEC 14496-12, 8.7.2). */
function isElsewhere(reading: Reading, information: readonly Box[]): boolean {
  const places = information.find(({ name }) => name === 'dinf')
  const references = places && childrenOf(reading, places).find(({ name }) => name === 'dref')
  if (references === undefined) return false
  return [...boxesOf(reading.file, references.start + 8, references.end)].some(
    ({ start }) => (viewOf(reading.file.read(start, 4)).getUint8(3) & 1) === 0,
  )
}

function readText(reading: Reading, codec: Box, media: readonly Box[], table: readonly Box[]): void {
  const { file, omitted, words, isFragmented } = reading
  const header = media.find(({ name }) => name === 'mdhd')
  const samples = header === undefined || isFragmented ? null : textSamples(file, codec.name, header, table)
  if (samples === null) omitted.add('film_subtitles', { name: shown(codec.name) })
  else words.push(...samples)
}
