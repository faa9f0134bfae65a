import { isAbsolute } from 'node:path'
import { Problem, usage } from '../../../shared/problems.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import { versionOf } from './book-folder.ts'
import type { BookLook } from './book-work.ts'
import { problemsWith, readNamedBook } from './named-book.ts'
import { bookProblem } from './problems.ts'
import type { Look, ShelvedBook } from './shelf.ts'

type Named = ScreenOptions['rules']['books']

/** A book as a batch would go by it, and its version. */
export type NamedLook = BookLook & { readonly version: string | null }

/** The books that a batch goes by: those in force, or those that it names by their ids or paths. */
export interface InUse {
  /** What these books are, in their order, and what is wrong with them. Throws a `Problem` for an id that is not in force. */
  looksFor(named: Named): Promise<readonly NamedLook[]>
  /** What a batch is checked by. Throws a `Problem` where any of it cannot be had: nothing is checked by fewer books than it should be. */
  booksFor(named: Named): Promise<readonly Uint8Array[]>
}

interface Version {
  readonly version: string
  readonly bytes: Uint8Array
}

const unreadLook = { id: null, title: null, version: null, rules: 0, entries: 0, stale: 0 } as const

export function createInUse(services: {
  booksInForce(): Promise<readonly ShelvedBook[]>
  readonly look: Look
  readonly signal: AbortSignal
}): InUse {
  const each = async <Found>(
    named: Named,
    ofVersion: (version: Version) => Promise<Found>,
    ofPath: (path: string) => Promise<Found>,
  ): Promise<readonly Found[]> => {
    const inForce = named?.every(isAbsolute) ? [] : await services.booksInForce()
    if (named === null) {
      if (inForce.length === 0) throw new Problem('conflict', detailOf('no_book_in_force'))
      return Promise.all(inForce.map(versionInForce).map(ofVersion))
    }
    return Promise.all(named.map(name => (isAbsolute(name) ? ofPath(name) : ofVersion(versionOfId(name, inForce)))))
  }
  const lookAt = async ({ bytes, version }: Version): Promise<NamedLook> => ({
    ...(await services.look(bytes, version)),
    version,
  })
  const read = async (path: string): Promise<{ readonly bytes: Uint8Array | null; readonly look: NamedLook }> => {
    const file = await readNamedBook(path, services.signal)
    const { bytes } = file
    if (bytes === null) return { bytes, look: { ...unreadLook, problems: file.problems } }
    const look = await lookAt({ bytes, version: versionOf(bytes) })
    return { bytes, look: { ...look, problems: problemsWith(path, file, look.problems) } }
  }
  return {
    looksFor: named => each(named, lookAt, async path => (await read(path)).look),
    booksFor: named =>
      each(
        named,
        async ({ bytes }) => bytes,
        async path => {
          const { bytes, look } = await read(path)
          const first = look.problems.find(({ level }) => level === 'error')
          if (bytes !== null && first === undefined) return bytes
          const { line, message } = first ?? bookProblem('error', '读不了', 'cannot be read')
          throw usage(
            line === null ? `${path}：${message.zh}` : `${path} 第 ${line} 行：${message.zh}`,
            line === null ? `${path}: ${message.en}` : `${path}, line ${line}: ${message.en}`,
          )
        },
      ),
  }
}

function versionInForce({ id, inForce }: ShelvedBook): Version {
  if (inForce?.bytes == null) throw new Problem('book_damaged', id)
  return { version: inForce.version, bytes: inForce.bytes }
}

function versionOfId(id: string, inForce: readonly ShelvedBook[]): Version {
  const book = inForce.find(each => each.id === id)
  if (book === undefined) throw new Problem('not_found', detailOf('book_not_in_force', { name: id }))
  return versionInForce(book)
}
