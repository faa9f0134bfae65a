import { analyse } from 'chardet'
import type { Failure } from '../../../../shared/conclusion.ts'
import { type Encoding, type EncodingSaid, encodings } from '../../../../shared/encodings.ts'
import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { commonCharacters } from './common-characters.ts'

export type { Encoding } from '../../../../shared/encodings.ts'

interface DetectedEncoding {
  readonly kind: 'encoding'
  readonly encoding: Encoding
  readonly said: EncodingSaid
  /** Whether the bytes begin with a byte-order mark, which is not part of the text. */
  readonly bom: boolean
}

export interface DecodedText {
  readonly kind: 'decoded'
  readonly text: string
  readonly encoding: EncodingSaid
  readonly bom: boolean
}

/**
 * Decodes bytes whose encoding is certain, or was `stated` by somebody where they leave it open; anything else is `undecodable_text`,
 * with the candidates in the detail.
 */
export function decodeText(bytes: Uint8Array, stated: Encoding | null = null): DecodedText | Failure {
  const detector = createEncodingDetector(stated)
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    detector.push(bytes.subarray(start, start + sliceBytes))
  }
  const detected = detector.finish()
  if (detected.kind === 'failure') return detected
  const text = new TextDecoder(detected.encoding, { fatal: true }).decode(bytes)
  return { kind: 'decoded', text, encoding: detected.said, bom: detected.bom }
}

interface EncodingDetector {
  push(bytes: Uint8Array): void
  finish(): DetectedEncoding | Failure
}

/** Finds the encoding of a stream in constant memory, so that a table of any size can be judged before its first row is read. */
export function createEncodingDetector(stated: Encoding | null = null): EncodingDetector {
  const candidates = encodings.map(createCandidate)
  let head: Uint8Array = new Uint8Array(0)
  return {
    push(bytes) {
      if (head.length < headBytes) head = Buffer.concat([head, bytes.subarray(0, headBytes - head.length)])
      const marked = encodingOfBom(head)
      for (let start = 0; start < bytes.length; start += sliceBytes) {
        const slice = bytes.subarray(start, start + sliceBytes)
        for (const candidate of candidates) if (candidate.canBe(marked ?? stated)) candidate.push(slice)
      }
    },
    finish() {
      return decide(
        candidates.map(candidate => candidate.finish()),
        head,
        stated,
      )
    },
  }
}

/** Enough to name likely encodings in a refusal, and to see a byte-order mark. */
const headBytes = 65_536
const sliceBytes = 65_536

const neutral = 0
const ascii = 1
const common = 2
const han = 3
const other = 4
const privateUse = 5
const control = 6

const classes = classifyUnits()

function classifyUnits(): Uint8Array {
  const table = new Uint8Array(65_536).fill(other)
  table.fill(control, 0, 0x20)
  for (const allowed of ['\t', '\n', '\v', '\f', '\r']) table[allowed.charCodeAt(0)] = neutral
  table.fill(ascii, 0x20, 0x7f)
  table[0x7f] = control
  // C1 controls and private use come out of the lenient corners of the decoders, and out of no Chinese text.
  table.fill(privateUse, 0x80, 0xa0)
  table.fill(privateUse, 0xe000, 0xf900)
  table.fill(privateUse, 0xfff0, 0xfffd)
  table.fill(privateUse, 0xfffe, 0x10000)
  // Arrows, circled numbers, box drawing, shapes: the same in every encoding's texts, evidence for none.
  table.fill(neutral, 0x2190, 0x2200)
  table.fill(neutral, 0x2460, 0x2800)
  table.fill(neutral, 0xff10, 0xff1a)
  table.fill(neutral, 0xff21, 0xff3b)
  table.fill(neutral, 0xff41, 0xff5b)
  table.fill(neutral, 0xfe00, 0xfe10)
  table.fill(neutral, 0xd800, 0xe000)
  table[0x200d] = neutral
  table.fill(han, 0x3400, 0x4dc0)
  table.fill(han, 0x4e00, 0xa000)
  table.fill(han, 0xf900, 0xfb00)
  for (const character of commonCharacters) table[character.charCodeAt(0)] = common
  return table
}

interface Tally {
  readonly encoding: Encoding
  /** False when the bytes are not valid in this encoding. */
  readonly isValid: boolean
  /** How many units of each class the text has. */
  readonly counts: readonly number[]
  /** The first control character that no text contains, or null. */
  readonly firstControl: number | null
  /** Whether some passage consists of hardly any common characters: another encoding, or no text. */
  readonly isPatchy: boolean
  /** Log-likelihood that valid multi-byte sequences are no accident; only UTF-8's structure is strict enough to give it. */
  readonly structure: number
}

/** A window long enough that real text of any subject is far above the bound, and text of another encoding far below. */
const windowUnits = 64
const windowCommonMin = 13

interface Candidate {
  /** Whether the rest of the text matters: `decide` passes over what it has once found in another encoding than UTF-8 or the one that was named. */
  canBe(named: Encoding | null): boolean
  push(bytes: Uint8Array): void
  finish(): Tally
}

function createCandidate(encoding: Encoding): Candidate {
  const decoder = new TextDecoder(encoding, { fatal: true })
  const counts = [0, 0, 0, 0, 0, 0, 0]
  let isValid = true
  let firstControl: number | null = null
  let isPatchy = false
  let structure = 0
  let inWindow = 0
  let commonInWindow = 0

  function count(text: string) {
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      const kind = classes[unit] ?? other
      counts[kind] = (counts[kind] ?? 0) + 1
      if (unit > 0x7f) structure += unit < 0x800 ? 2 : unit >= 0xd800 && unit < 0xe000 ? 3 : 4
      if (kind === common || kind === han || kind === other) {
        inWindow++
        if (kind === common) commonInWindow++
        if (inWindow === windowUnits) {
          if (commonInWindow < windowCommonMin) isPatchy = true
          inWindow = 0
          commonInWindow = 0
        }
      } else if (kind === control) {
        firstControl ??= unit
      }
    }
  }

  return {
    canBe(named) {
      const isRefuted = firstControl !== null || counts[privateUse] !== 0
      return isValid && (encoding === 'utf-8' || encoding === named || !isRefuted)
    },
    push(bytes) {
      try {
        count(decoder.decode(bytes, { stream: true }))
      } catch {
        isValid = false
      }
    },
    finish() {
      if (isValid) {
        try {
          count(decoder.decode())
        } catch {
          isValid = false
        }
      }
      return { encoding, isValid, counts, firstControl, isPatchy, structure: encoding === 'utf-8' ? structure : 0 }
    },
  }
}

// Natural logarithms of how much likelier a character is in real Chinese text than in a wrong decoding:
// common ones make up two thirds of the former and a twentieth of the latter.
const commonWeight = 2.6
const rareWeight = -1.15
/** ASCII proves nothing for encodings that contain it as it is, but a lot when every second byte must be zero. */
const wideAsciiWeight = 1.3
/** One wrong acceptance in e^10, some 22 000, for the shortest texts; longer ones are far beyond it. */
const certain = 10
const margin = 8
const commonShareMin = 0.4

function evidenceOf(tally: Tally): number {
  const [, asciiCount = 0, commonCount = 0, hanCount = 0, otherCount = 0] = tally.counts
  const wide = isWide(tally.encoding) ? asciiCount * wideAsciiWeight : 0
  return commonCount * commonWeight + (hanCount + otherCount) * rareWeight + wide
}

function hasTextShape(tally: Tally): boolean {
  const [, asciiCount = 0, commonCount = 0, hanCount = 0, otherCount = 0] = tally.counts
  const good = commonCount + (isWide(tally.encoding) ? asciiCount : 0)
  return !tally.isPatchy && good >= commonShareMin * (good + hanCount + otherCount)
}

function isWide(encoding: Encoding): boolean {
  return encoding === 'utf-16le' || encoding === 'utf-16be'
}

function decide(tallies: readonly Tally[], head: Uint8Array, stated: Encoding | null): DetectedEncoding | Failure {
  const marked = encodingOfBom(head)
  if (marked !== null) {
    const tally = tallies.find(each => each.encoding === marked)
    if (!tally?.isValid) return refuse(remark('invalid_encoding', { name: label(marked) }))
    if (tally.firstControl !== null) return refuse(controlRemark(tally.firstControl))
    return { kind: 'encoding', encoding: marked, said: marked, bom: true }
  }

  const alive = tallies.filter(tally => tally.isValid && tally.firstControl === null)
  const utf8 = alive.find(tally => tally.encoding === 'utf-8')
  const rivals = alive
    .filter(tally => tally.encoding !== 'utf-8' && tally.counts[privateUse] === 0)
    .map(tally => ({ tally, evidence: evidenceOf(tally) }))
    .toSorted((a, b) => b.evidence - a.evidence)
  const [best, second] = rivals

  if (utf8 !== undefined) {
    const rival = best === undefined || !hasTextShape(best.tally) ? 0 : best.evidence
    // Short GBK texts can be valid UTF-8 by accident; then neither reading is certain.
    // A few ASCII letters are sometimes a common character in UTF-16 as well, so for ASCII only a certain rival counts.
    const bearable = utf8.structure === 0 ? certain : commonWeight
    if (rival < bearable || utf8.structure >= rival + margin) {
      return certainly('utf-8')
    }
    if (stated !== null) return asStated(tallies, stated)
    return refuse(remark('two_encodings', { name: label(best?.tally.encoding ?? 'gb18030') }))
  }

  if (
    best !== undefined &&
    best.evidence >= certain &&
    hasTextShape(best.tally) &&
    (second === undefined || best.evidence >= second.evidence + margin)
  ) {
    return certainly(best.tally.encoding)
  }
  const asUtf8 = tallies.find(tally => tally.encoding === 'utf-8')
  if (asUtf8?.isValid && asUtf8.firstControl !== null) return refuse(controlRemark(asUtf8.firstControl))
  if (stated !== null) return asStated(tallies, stated)
  if (head.includes(0)) return refuse(remark('binary_data'))
  const candidates = [...rivals.map(rival => label(rival.tally.encoding)), ...guesses(head)]
  return refuse(
    candidates.length === 0
      ? remark('unknown_encoding')
      : remark('uncertain_encoding', { name: [...new Set(candidates)].join(', ') }),
  )
}

function certainly(encoding: Encoding): DetectedEncoding {
  return { kind: 'encoding', encoding, said: encoding, bom: false }
}

/** Somebody may be wrong: what is no text in that encoding is not read in it. */
function asStated(tallies: readonly Tally[], stated: Encoding): DetectedEncoding | Failure {
  const tally = tallies.find(each => each.encoding === stated)
  if (!tally?.isValid) return refuse(remark('stated_encoding', { name: label(stated) }))
  if (tally.firstControl !== null) return refuse(controlRemark(tally.firstControl))
  return { kind: 'encoding', encoding: stated, said: `${stated} (stated)`, bom: false }
}

function encodingOfBom(head: Uint8Array): Encoding | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return null
}

/** Only to tell the user what it may be; a guess never decodes anything. */
function guesses(head: Uint8Array): string[] {
  return analyse(head)
    .filter(match => match.confidence >= 30)
    .slice(0, 3)
    .map(match => (match.name === 'GB18030' ? label('gb18030') : match.name))
}

function label(encoding: Encoding): string {
  return encoding === 'gb18030' ? 'GBK/GB18030' : encoding === 'big5' ? 'Big5' : encoding.toUpperCase()
}

function controlRemark(unit: number): Remark {
  return remark('control_character', { name: `U+${unit.toString(16).toUpperCase().padStart(4, '0')}` })
}

function refuse(why: Remark): Failure {
  return inputFailure('undecodable_text', [why])
}
