import { CFB } from '@e965/xlsx'
import type { Failure } from '../../../../shared/conclusion.ts'
import { type Remark, type RemarkCode, remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import type { ExtractedText } from '../family.ts'
import { shapesIn } from '../office/escher.ts'
import { readWordFile, readWordHeader, type WordFile } from './word-file.ts'

/** The words of a Word document up to 2003, of all its stories; its pictures are left out. Throws what nonsense in it leads to. */
export function extractDoc(bytes: Uint8Array): ExtractedText | Failure {
  const container = CFB.read(Buffer.from(bytes), { type: 'buffer' })
  const stream = (name: string) => {
    const content = CFB.find(container, `/${name}`)?.content
    return content === undefined ? null : Uint8Array.from(content as ArrayLike<number>)
  }
  const main = stream('WordDocument')
  const header = main === null ? null : readWordHeader(main)
  if (main === null || header === null) return inputFailure('damaged_document', [remark('missing_main_part')])
  if (header.isEncrypted) return inputFailure('unsupported_type', [remark('encrypted_document')])
  if (header.version < 0xc1) return inputFailure('unsupported_type', [remark('old_word_document')])
  const table = stream(header.table)
  if (table === null) return inputFailure('damaged_document', [remark('missing_main_part')])
  const file = readWordFile(main, table)
  const read = readStories(file)
  const drawn = readDrawings(file, read.drawn)
  const visible = file.unseen.size === 0 ? [] : readStories(file, 'seen').text.split('\n')
  const lines = read.text.split('\n')
  const added = [...visible.filter(line => !lines.includes(line)), ...read.aside, ...file.numbering, ...drawn.words]
  const [objects, unknown] = countStreams(container.FullPaths)
  return {
    kind: 'extracted',
    text: [...lines, ...added].filter(line => line.trim() !== '').join('\n'),
    format: 'doc',
    anchors: null,
    omitted: [
      counted('picture', read.pictures + drawn.pictures),
      counted('drawing', drawn.outlines),
      counted('symbol_character', file.symbols + read.symbols),
      counted('embedded_object', objects),
      counted('unknown_part', unknown),
    ].flat(),
    notes: [],
  }
}

function counted(code: RemarkCode, count: number): readonly Remark[] {
  return count === 0 ? [] : [remark(code, { count })]
}

interface Stories {
  readonly text: string
  /** What fields say that have no result, and tips of links. */
  readonly aside: readonly string[]
  readonly pictures: number
  /** Marks of what is drawn apart. */
  readonly drawn: number
  readonly symbols: number
}

const [picture, drawing, fieldStart, fieldMiddle, fieldEnd] = ['\u0001', '\u0008', '\u0013', '\u0014', '\u0015']

/** Goes through the letters and the marks among them ([MS-DOC] 2.4.1): fields show their result, other marks stand for what is no text. */
function readStories({ text, unseen }: WordFile, which: 'all' | 'seen' = 'all'): Stories {
  let out = ''
  const aside: string[] = []
  let pictures = 0
  let drawn = 0
  let symbols = 0
  /** The instructions of the fields that are open; null of one whose result has begun. */
  const fields: (string | null)[] = []
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? ''
    const isWithin = fields.some(each => each !== null)
    if (letter === fieldStart) fields.push('')
    else if (letter === fieldMiddle || letter === fieldEnd) {
      const instruction = fields.at(-1) ?? null
      if (instruction !== null) aside.push(...saidBy(instruction, letter === fieldEnd))
      if (letter === fieldEnd) fields.pop()
      else if (fields.length > 0) fields[fields.length - 1] = null
    } else if (isWithin) {
      const innermost = fields.findLastIndex(each => each !== null)
      fields[innermost] += letter
    } else if (letter === picture) pictures++
    else if (letter === drawing) drawn++
    else if (which === 'seen' && unseen.has(at)) continue
    else {
      // Fonts of symbols have their letters here.
      if (letter >= '\uf000' && letter <= '\uf0ff') symbols++
      out += marks[letter] ?? letter
    }
  }
  aside.push(...fields.flatMap(each => (each === null ? [] : saidBy(each, true))))
  return { text: out, aside, pictures, drawn, symbols }
}

/** Ends of paragraphs, cells, lines, pages and columns; hyphens; notes, which are numbered by their program, and their separators. */
const marks: Readonly<Record<string, string>> = {
  '\r': '\n',
  '\u0007': '\n',
  '\u000b': '\n',
  '\u000c': '\n',
  '\u000e': '\n',
  '\u001e': '-',
  '\u001f': '',
  '\u0000': '',
  '\u0002': '',
  '\u0003': '',
  '\u0004': '',
  '\u0005': '',
}

/** The tip of a link; all of an instruction that has no result, which programs may show in its place. */
function saidBy(instruction: string, isAll: boolean): readonly string[] {
  const tip = /\\o\s+"([^"]*)"/.exec(instruction)?.[1]
  const words = isAll ? instruction : (tip ?? '')
  return /\p{L}/u.test(words) ? [words.replaceAll(/\p{Cc}/gu, ' ').trim()] : []
}

/** What is drawn in the document: shapes show their words in stories of their own. */
function readDrawings({ drawings }: WordFile, marked: number) {
  const shapes = drawings.flatMap(each => shapesIn(each))
  const pictures = shapes.filter(({ pictures: own, type }) => own.length > 0 || type === 75).length
  return {
    words: shapes.flatMap(({ words }) => words),
    // A mark without any drawing stands for what is not here.
    pictures: shapes.length === 0 ? marked : pictures,
    outlines: shapes.filter(({ isOutline }) => isOutline).length,
  }
}

/** How many objects lie in the file, and how many streams whose use nobody here knows. */
function countStreams(paths: readonly string[]): readonly [objects: number, unknown: number] {
  const parts = paths.map(path => path.split('/').slice(1))
  const objects = new Set(parts.flatMap(([top, below]) => (top === 'ObjectPool' && below ? [below] : [])))
  const tops = new Set(parts.flatMap(([top]) => top || []))
  return [objects.size, [...tops].filter(top => !silentStreams.has(top)).length]
}

const silentStreams = new Set([
  'WordDocument',
  '0Table',
  '1Table',
  // Of pictures and fields, which are marked in the text.
  'Data',
  'ObjectPool',
  '\u0005SummaryInformation',
  '\u0005DocumentSummaryInformation',
  '\u0001CompObj',
  '\u0001Ole',
  '\u0001Sh33tJ5',
  'Macros',
  'MsoDataStore',
  '_xmlsignatures',
  '_signatures',
])
