import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { Problem } from '../../../shared/problems.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import type { BookProblem } from '../../../shared/rules.ts'
import { readBookFile } from './book-folder.ts'
import { createListDesk } from './lists/list-desk.ts'
import { bookProblem } from './problems.ts'

/** The bytes of a book that somebody named by its path, those of a word list made into one; null where there are none. */
interface NamedBook {
  readonly bytes: Uint8Array | null
  /** Of the file, and what is doubtful in a list; the faults of the book itself are found by whoever reads it. */
  readonly problems: readonly BookProblem[]
}

export async function readNamedBook(path: string, signal: AbortSignal): Promise<NamedBook> {
  if ((await stat(path).catch(() => null))?.isDirectory() === true) {
    return unread('这是文件夹。请给出文件本身的路径。', 'This is a folder. Give the path of a file.')
  }
  if (isWordList(path)) return readWordList(path, signal)
  const file = await readBookFile(path)
  return file.bytes === null ? unread(file.why.zh, file.why.en) : { bytes: file.bytes, problems: [] }
}

/** All that is wrong with it, given what is wrong with the book itself. */
export function problemsWith(path: string, named: NamedBook, ofBook: readonly BookProblem[]): readonly BookProblem[] {
  if (!isWordList(path)) return [...named.problems, ...ofBook]
  // Its lines are those of the book that was made of it, which nobody has before them; its doubts are told by the rows of the table.
  const errors = ofBook.filter(({ level }) => level === 'error').map(each => ({ ...each, line: null, column: null }))
  return [...named.problems, ...errors]
}

/** By its name: what a text in it is taken for depends on that. */
const isWordList = (path: string): boolean => /\.(?:csv|tsv|xlsx|xlsm)$/i.test(path)

async function readWordList(path: string, signal: AbortSignal): Promise<NamedBook> {
  const desk = createListDesk()
  try {
    const { name, header, columns } = await desk.open(path, signal)
    if (columns.words === undefined) {
      const named = header.filter(cell => cell !== '').join(', ')
      return unread(
        `词表没有“词”这一列（现有：${named}）。请把词所在的列命名为“词”。`,
        `The list has no column of words (it has: ${named}). Call the column that holds the words "word".`,
      )
    }
    const { yaml, doubts } = desk.bookOf({ id: idOf(path), title: name, columns })
    return { bytes: Buffer.from(yaml), problems: doubts }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'conflict') throw error
    return unread(`${detailText(error.detail, 'zh')}。`, `${detailText(error.detail, 'en')}.`)
  }
}

/** Of the file's name, the same each time; a name without letters of the alphabet gives a number. */
function idOf(path: string): string {
  const name = basename(path, extname(path))
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  const isWhole = /^[\x20-\x7e]*$/.test(name) && slug !== ''
  return isWhole ? slug : `list-${createHash('sha256').update(name).digest('hex').slice(0, 10)}`
}

function unread(zh: string, en: string): NamedBook {
  return { bytes: null, problems: [bookProblem('error', zh, en)] }
}
