/** What an MP4 or QuickTime file says of itself: titles and the like are words, covers are pictures, the rest is for programs. */

import type { DocumentFile } from '../documents/document.ts'
import type { Omissions } from '../text/omissions.ts'
import { type Box, boxesOf, bytesOf, latin1, viewOf, wordsIn } from './boxes.ts'
import type { FileRange, FilmWords } from './film.ts'

interface Found {
  readonly omitted: Omissions
  readonly words: FilmWords[]
  readonly pictures: FileRange[]
}

/** User data that no player shows: cameras' settings, hints, names of tracks. */
const silentData = new Set(
  'free skip wide name hnti hinf kind LOOP SelO WLOC AllF ptv  smrd smta SDLN auth yrrc thmb TAGS AMBA GPMF FIRM LENS CAME SETT MUID HMMT BCID GUMI Xtra cprt loci albm perf titl dscp gnre rtng yrrc tagc ID32 strk ccid uuid tsel svmi scrn CNCV CNFN CNMN CNDM manu modl date vndr reel clnm SDmI'.split(
    ' ',
  ),
)
/** User data in words of 3GPP files: a language in two bytes behind version and flags (3GPP TS 26.244, 8). */
const gppWords = new Set('cprt albm perf titl dscp auth'.split(' '))

/** Keys whose words are for programs: what made the file, where, when, for whom; by either way of writing them. */
const technical =
  /^(?:©(?:too|enc|swr|day|xyz|mak|mod|fmt|inf|isr|tim|TIM|TSC|TSZ)|----|purd|apID|ownr|tvnn|tven|sonm|soar|soal|soaa|soco|sosn|xid |catg|keyw|purl|egid)$|(?:encod|software|version|make|model|creation|location|date|identifier|handler|brand|major|minor|compatible|serial|uuid|android|samsung|auto-enhance|direction|variation|live-photo|still-image|capture|camera|lens|focal|full-frame|framerate|timecode|rating|collection|spatial|apple\.(?:fcp|proapps|photos|camera|quicktime\.(?:player|scene|cinematic|smart)))/i

/** Reads user data (`udta`) or a `meta` box. */
export function readTags(file: DocumentFile, box: Box, found: Found): void {
  if (box.name === 'meta') {
    readMeta(file, box, found)
    return
  }
  for (const item of boxesOf(file, box.start, box.end)) {
    if (item.name === 'meta') readMeta(file, item, found)
    else if (item.name === 'chpl') readChapters(file, item, found)
    else if (item.name.startsWith('©')) readQuickTimeWords(file, item, found)
    else if (gppWords.has(item.name)) addWords(found, wordsIn(bytesOf(file, item).subarray(6)))
    else if (!silentData.has(item.name)) found.omitted.add('film_part', { name: item.name.replaceAll(/[^ -~]/g, '?') })
  }
}

function addWords({ words }: Found, text: string): void {
  if (text !== '') words.push({ text, seconds: null })
}

/** Each is a length and a language in two bytes, then the words. */
function readQuickTimeWords(file: DocumentFile, item: Box, found: Found): void {
  const bytes = bytesOf(file, item)
  if (technical.test(item.name)) return
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = viewOf(bytes).getUint16(at)
    addWords(found, wordsIn(bytes.subarray(at + 4, at + 4 + length)))
    at += 4 + length
  }
}

/** Nero's chapters: a count behind nine bytes, then a time in eight bytes, a length in one, and the words. */
function readChapters(file: DocumentFile, item: Box, found: Found): void {
  const bytes = bytesOf(file, item)
  for (let at = 9; at + 9 <= bytes.length; ) {
    const length = bytes[at + 8] ?? 0
    addWords(found, wordsIn(bytes.subarray(at + 9, at + 9 + length)))
    at += 9 + length
  }
}

/** QuickTime's has no version before what is in it. */
function readMeta(file: DocumentFile, { start, end }: Box, found: Found): void {
  const isPlain = latin1(file.read(start + 4, 4)) === 'hdlr'
  let keys: readonly string[] = []
  for (const box of boxesOf(file, isPlain ? start : start + 4, end)) {
    if (box.name === 'keys') {
      keys = [...boxesOf(file, box.start + 8, box.end)].map(key => latin1(bytesOf(file, key)))
    } else if (box.name === 'ilst') {
      for (const item of boxesOf(file, box.start, box.end)) readItem(file, item, keys, found)
    } else if (!/^(?:hdlr|free|skip|wide|uuid|xml |ID32|mhdr|ctry|lang|dinf|pitm|iloc|iinf)$/.test(box.name)) {
      found.omitted.add('film_part', { name: box.name.replaceAll(/[^ -~]/g, '?') })
    }
  }
}

/** Types of values: words, pictures, and numbers for programs. */
const wordTypes = new Set([1, 2])
const pictureTypes = new Set([12, 13, 14, 27])
const numberTypes = new Set([0, 21, 22, 23, 24, 65, 66, 67, 70, 71, 72, 74, 75, 76, 77, 78, 79])

function readItem(file: DocumentFile, item: Box, keys: readonly string[], found: Found): void {
  const number = Buffer.from(item.name, 'latin1').readUInt32BE()
  const key = keys[number - 1] ?? item.name
  for (const value of boxesOf(file, item.start, item.end)) {
    // What stands beside is the name of a free key.
    if (value.name !== 'data') continue
    const type = viewOf(file.read(value.start, 4)).getUint32(0)
    const range = { start: value.start + 8, end: value.end }
    if (range.end <= range.start) continue
    if (pictureTypes.has(type) || key === 'covr') found.pictures.push(range)
    else if (wordTypes.has(type)) {
      if (!technical.test(key)) addWords(found, wordsIn(bytesOf(file, range)))
    } else if (!numberTypes.has(type)) found.omitted.add('film_part', { name: key.replaceAll(/[^ -~]/g, '?') })
  }
}
