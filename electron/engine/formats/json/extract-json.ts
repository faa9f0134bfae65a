import { createScanner, type ParseError, visit } from 'jsonc-parser'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { ExtractedText } from '../family.ts'
import { createHeldPictures, type HeldPictures } from '../html/held-pictures.ts'
import { isPictureAddress } from '../html/lists.ts'
import { textsOfData } from '../html/page-code.ts'
import { readMarkup } from '../html/read-markup.ts'
import { readWrittenMarkup } from '../html/written-markup.ts'
import { createOmissions, type Omissions } from '../text/omissions.ts'
import { countListed, countPacked } from '../text/packed.ts'
import { createPassages, type Passages } from '../text/passages.ts'
import { createLineIndex, type Position } from '../text/positions.ts'

/** Where the strings of one or more JSON values go. */
interface Target {
  readonly passages: Passages
  readonly omissions: Omissions
  readonly held: HeldPictures
  /** Keys that look like identifiers, and where each stood first. */
  readonly identifiers: Map<string, Position>
  /** How many values are addresses of pictures: a link, as long as nobody knows what the data are for. */
  pictureAddresses: number
  positionAt(offset: number): Position
}

/**
 * The strings of a JSON file (comments and trailing commas allowed), one per line: values and keys, those that look like identifiers
 * once at the end. A file that is not valid JSON is refused: what a lenient reader skips would not have been screened.
 */
export function extractJson(json: string): ExtractedText | Failure {
  const target = createTarget(json)
  return appendStrings(json, 0, target) ?? finish(target)
}

/** The same for a file that is one JSON value a line. */
export function extractJsonLines(lines: string): ExtractedText | Failure {
  const target = createTarget(lines)
  for (const { 0: line, index } of lines.matchAll(/[^\r\n]+/g)) {
    const failure = line.trim() === '' ? null : appendStrings(line, index, target)
    if (failure !== null) return failure
  }
  return finish(target)
}

function createTarget(source: string): Target {
  return {
    passages: createPassages(),
    omissions: createOmissions(),
    held: createHeldPictures(),
    identifiers: new Map(),
    pictureAddresses: 0,
    positionAt: createLineIndex(source),
  }
}

function finish({ passages, omissions, held, identifiers, pictureAddresses }: Target): ExtractedText {
  for (const [name, position] of identifiers) {
    passages.append(name, position)
    passages.breakLine()
  }
  const { text, anchors } = passages.finish()
  const notes = pictureAddresses === 0 ? [] : [remark('picture_address', { count: pictureAddresses })]
  return { kind: 'extracted', text, format: 'json', anchors, omitted: omissions.list(), notes, pieces: held.list() }
}

/** `start` is where the value begins in its file. Returns the failure, or null. */
function appendStrings(json: string, start: number, target: Target): Failure | null {
  const { passages, omissions, identifiers, positionAt } = target
  if (nestingOf(json) > maxNesting) {
    return inputFailure('too_large', [remark('deep_json', { limit: maxNesting })])
  }
  let firstError: ParseError | undefined
  /** Strings that a program may show one behind the other: those of lists, and the pieces of rich texts. */
  const runs: string[] = []
  const append = (value: string, offset: number) => {
    const { line, column } = positionAt(start + offset)
    // One past the quotation mark, where the words begin.
    const position = { line, column: column + 1 }
    passages.append(value, position)
    passages.breakLine()
    if (isPictureAddress(value)) target.pictureAddresses++
    if (value.includes('![')) omissions.include(readWrittenMarkup(value).omitted)
    const markup = readMarkup(value, omissions)
    // A value that is JSON itself: its own escapes tear words as tags do.
    const inner = /^\s*[[{]/.test(value) && value.includes('\\') ? textsOfData(value) : []
    for (const text of [...(markup === null ? [] : [markup]), ...inner]) {
      if (text === value) continue
      passages.append(text, position)
      passages.breakLine()
    }
  }
  visit(
    json,
    {
      onObjectProperty: (name, offset) => {
        if (!isIdentifier.test(name)) append(name, offset)
        else if (/[A-Za-z]{2}/.test(name) && !identifiers.has(name)) identifiers.set(name, positionAt(start + offset))
      },
      onLiteralValue: (value: unknown, offset, length, _line, _column, path) => {
        const [last, before] = [path().at(-1), path().at(-2)]
        const key = typeof last === 'number' ? before : last
        if (typeof value === 'number') {
          const digits = json.slice(offset, offset + length)
          if (/^\d{5,40}$/.test(digits) && namesContact.test(String(key))) append(digits, offset)
        }
        if (typeof value !== 'string') return
        if (typeof last === 'number' || /^(?:text|insert|t|content|value|plain_text)$/.test(String(last)))
          runs.push(value)
        if (
          namesPicture.test(String(key)) &&
          !isPictureAddress(value) &&
          /^(?!data:)[\x21-\x7e]*[/.\d][\x21-\x7e]*$/.test(value)
        ) {
          target.pictureAddresses++
        }
        // The bytes of a picture are no text, and cost a call for every few hundred of them.
        const isHeld = /^\s*data:image\//i.test(value) ? target.held.take(value) : target.held.takePacked(value.trim())
        if (isHeld) return
        if (/^\s*data:(?:image|video|audio|application)\//i.test(value)) {
          omissions.add('embedded_file')
        } else if (!countPacked(value, omissions)) {
          append(value, offset)
        }
      },
      // Comments are seen by everybody who opens the file.
      onComment: (offset, length) => {
        const words = json.slice(offset, offset + length).replace(/^\/[/*]+\s*|\s*\*+\/$/g, '')
        if (/\p{L}/u.test(words)) append(words, offset)
      },
      onError: (error, offset, length) => {
        firstError ??= { error, offset, length }
      },
    },
    { allowTrailingComma: true, allowEmptyContent: true },
  )
  omissions.add('embedded_file', { count: countListed(json) })
  if (isDrawing(json)) omissions.add('drawing')
  for (const text of joinedRuns(runs, json)) {
    passages.append(text, null)
    passages.breakLine()
    const markup = text.includes('<') ? readMarkup(text, omissions) : null
    if (markup !== null) {
      passages.append(markup, null)
      passages.breakLine()
    }
  }
  if (firstError === undefined) return null
  const { line, column } = positionAt(start + firstError.offset)
  return inputFailure('undecodable_text', [remark('invalid_json', { place: `${line}:${column}` })])
}

/** Keys of numbers by which somebody may be reached, and those in words for people. */
const namesContact = /\p{Script=Han}|qq|wechat|weixin|\bv[x_]?\b|phone|mobile|\btel/iu

/** Animations and whiteboards: outlines in numbers, with words beside them. */
function isDrawing(json: string): boolean {
  if (/"type"\s*:\s*"excalidraw/.test(json)) return true
  return /"layers"\s*:/.test(json) && /"ty"\s*:\s*\d/.test(json) && /"ks"\s*:/.test(json)
}

/** Keys whose value is where a picture lies. */
const namesPicture =
  /^(?:src|(?:.*[_a-z-])?(?:image|img|picture|pic|photo|thumb|thumbnail|icon|logo|poster|cover|avatar|banner)(?:_?(?:url|uri|src|path|file|link|href))?)$/i

/** What the pieces say where the end of one and the beginning of the next make one word, and markup that is cut into lines. */
function joinedRuns(pieces: readonly string[], json: string): readonly string[] {
  const isNotebook = json.includes('"cell_type"')
  const runs: string[] = []
  let run: string[] = []
  const endRun = () => {
    if (run.length > 1) runs.push(run.join(''))
    run = []
  }
  pieces.forEach((piece, index) => {
    const previous = pieces[index - 1] ?? ''
    const isSeam = /\p{Script=Han}\n?$/u.test(previous) && /^\p{Script=Han}/u.test(piece)
    const isMarkup = isNotebook && /<[a-z!/]/i.test(run.join('')) && previous !== ''
    if (!isSeam && !isMarkup) endRun()
    run.push(piece.replace(/\n$/, ''))
  })
  endRun()
  return runs
}

/** Such a key may be a word that is shown or a name that a programmer gave: it is kept once, where it tears nothing apart. */
const isIdentifier = /^[\w$.:/@-]*$/

/** The parser recurses; a file of brackets must not end the process. */
const maxNesting = 500

function nestingOf(json: string): number {
  const scanner = createScanner(json, true)
  let depth = 0
  let deepest = 0
  while (scanner.getPosition() < json.length) {
    scanner.scan()
    const token = scanner.getTokenLength() === 1 ? json[scanner.getTokenOffset()] : undefined
    if (token === '{' || token === '[') {
      depth++
      if (depth > deepest) deepest = depth
    } else if (token === '}' || token === ']') {
      depth--
    }
  }
  return deepest
}
