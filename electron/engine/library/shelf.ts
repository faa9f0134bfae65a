import { basename } from 'node:path'
import type { BookInfo, BookProblem, Day } from '../../../shared/rules.ts'
import { isDeviceName } from '../checkers/rules/read-book.ts'
import { type BookFile, type BookFolder, type CopyInForce, versionOf } from './book-folder.ts'
import type { BookThread } from './book-thread.ts'
import type { BookLook } from './book-work.ts'
import { bookProblem } from './problems.ts'

/** A book with all that is on the disk about it. */
export interface ShelvedBook {
  /** The book's own, or one made of the file's name where the book has none, or one that another has. */
  readonly id: string
  readonly origin: BookInfo['origin']
  /** Null for a house book that is in force and whose file is gone. */
  readonly file: BookFile | null
  /** What is in force: a house book's copy, a shipped book's file. Null where it is not in force. */
  readonly inForce: { readonly version: string; readonly bytes: Uint8Array | null } | null
  /** None of the files with this id is *the* book: it cannot be put in force. */
  readonly isRefused: boolean
  /** What is wrong apart from the file's words. */
  readonly problems: readonly BookProblem[]
}

/** What is known of a book by its version. */
export type Look = (bytes: Uint8Array, version: string) => Promise<BookLook>

export async function readShelf(folder: BookFolder, look: Look): Promise<readonly ShelvedBook[]> {
  const [shipped, house, { copies, withdrawn }] = await Promise.all([
    folder.shipped(),
    folder.house(),
    folder.inForce(),
  ])
  const named = (files: readonly BookFile[]) =>
    Promise.all(files.map(async file => ({ file, id: (await idOf(file, look)) ?? idOfName(file) })))
  const [ofProgram, ofHouse] = await Promise.all([named(shipped), named(house)])
  const shippedIds = new Set(ofProgram.map(({ id }) => id))
  const filesOf = new Map<string, BookFile[]>()
  for (const { file, id } of ofHouse) filesOf.set(id, [...(filesOf.get(id) ?? []), file])
  const shelved = ofProgram.flatMap(({ file, id }) => {
    // Somebody put it in force before the program brought a book of that name: it is the last good one.
    return copies.has(id) ? [] : [shippedBook(id, file, withdrawn.has(id))]
  })
  const housed = [...filesOf].flatMap(([id, files]) => {
    const copy = copies.get(id)
    const names = files.map(({ path }) => basename(path)).join(', ')
    const why = shippedIds.has(id) ? shippedAlready(id) : files.length > 1 ? two(id, names) : null
    // The first of several stands for what is in force; otherwise a book of the program has the id, and none of these.
    const hasId = copy !== undefined || !shippedIds.has(id)
    return files.map((file, at) =>
      at === 0 && hasId ? houseBook(id, file, copy ?? null, why) : houseBook(idOfName(file), file, null, why),
    )
  })
  const gone = [...copies.values()].filter(({ id }) => !filesOf.has(id))
  return [...shelved, ...housed, ...gone.map(copy => goneBook(copy, shippedIds.has(copy.id)))]
}

/** What a list says of a book; `looks` remembers by version what was read once. */
export async function infoOf(book: ShelvedBook, look: Look): Promise<BookInfo> {
  const { file, inForce, origin, id } = book
  const own = file?.bytes == null ? null : await look(file.bytes, file.version)
  const shown = own?.title == null && inForce?.bytes != null ? await look(inForce.bytes, inForce.version) : own
  const version = file?.bytes == null ? null : file.version
  const name = file === null ? id : basename(file.path)
  const info: BookInfo = {
    id,
    title: shown?.title ?? { zh: name, en: name },
    origin,
    state: inForce === null ? 'not_in_force' : inForce.version === version ? 'in_force' : 'changed',
    version,
    versionInForce: inForce?.version ?? null,
    rules: shown?.rules ?? 0,
    entries: shown?.entries ?? 0,
    stale: shown?.stale ?? 0,
    problems: [...book.problems, ...(own?.problems ?? [])],
  }
  return info
}

/** Remembers what the books of this version are, for as long as the day lasts. */
export function createLooks(thread: BookThread, today: () => Day) {
  const looks = new Map<string, Promise<BookLook>>()
  const keyOf = (version: string) => `${version} ${today()}`
  const remember = (version: string, look: Promise<BookLook>) => {
    // Those of other days, and of versions that were edited since, are not asked for again.
    if (looks.size >= keptLooks) looks.clear()
    looks.set(keyOf(version), look)
    look.catch(() => looks.delete(keyOf(version)))
    return look
  }
  return {
    look: (bytes: Uint8Array, version: string): Promise<BookLook> =>
      looks.get(keyOf(version)) ?? remember(version, thread.look(bytes, today())),
    /** What a trial found out about it, its examples included. */
    learn: (version: string, look: BookLook) => void remember(version, Promise.resolve(look)),
  }
}

const keptLooks = 200

/**
 * The id that a book says it has, also where the rest of it cannot be read: of a book with an error somebody must be told which one it is.
 */
export function idIn(text: string): string | null {
  const id = /^book[ \t]*:[ \t]*(['"]?)([a-z0-9][a-z0-9-]{0,62})\1[ \t]*(?:#.*)?$/m.exec(text)?.[2] ?? null
  return id === null || isDeviceName(id) ? null : id
}

/** Seldom is a book read for it: most say it on a line of its own. */
async function idOf(file: BookFile, look: Look): Promise<string | null> {
  if (file.bytes === null) return null
  return idIn(Buffer.from(file.bytes).toString('utf8')) ?? (await look(file.bytes, file.version)).id
}

/** For a file that has no id of its own: the same at every look, and no book's. */
function idOfName({ path }: BookFile): string {
  return `file-${versionOf(Buffer.from(basename(path))).slice(0, 12)}`
}

function shippedBook(id: string, file: BookFile, isWithdrawn: boolean): ShelvedBook {
  const inForce = isWithdrawn ? null : file.bytes === null ? { version: '', bytes: null } : file
  return { id, origin: 'shipped', file, inForce, isRefused: false, problems: unreadIn(file) }
}

function houseBook(id: string, file: BookFile, copy: CopyInForce | null, why: BookProblem | null): ShelvedBook {
  const problems = [...(why === null ? [] : [why]), ...unreadIn(file), ...damagedIn(copy)]
  return { id, origin: 'house', file, inForce: copy, isRefused: why !== null, problems }
}

function goneBook(copy: CopyInForce, isShipped: boolean): ShelvedBook {
  const gone = bookProblem(
    'warning',
    '规则书文件已不在，启用的版本继续生效。请放回文件，或停用这本书。',
    'The file of the book is gone; the version in force goes on. Put the file back, or withdraw the book.',
  )
  const problems = [isShipped ? shippedAlready(copy.id) : gone, ...damagedIn(copy)]
  return { id: copy.id, origin: 'house', file: null, inForce: copy, isRefused: isShipped, problems }
}

function unreadIn(file: BookFile): readonly BookProblem[] {
  return file.bytes === null ? [bookProblem('error', file.why.zh, file.why.en)] : []
}

function damagedIn(copy: CopyInForce | null): readonly BookProblem[] {
  if (copy === null || copy.bytes !== null) return []
  return [
    bookProblem(
      'error',
      '启用的副本已损坏或被改动，在此之前不能按规则检查。请重新启用，或停用这本书。',
      'The copy in force is damaged or was changed; until it is mended nothing can be checked by rules. Put the book in force again, or withdraw it.',
    ),
  ]
}

function two(id: string, files: string): BookProblem {
  return bookProblem(
    'error',
    `有几个文件的规则书编号都是 ${id}（${files}），都不采用，之前启用的版本继续生效。请给其中一个换编号，或移走。`,
    `Several files have the book id ${id} (${files}). None of them is used, and what was in force goes on. Give one another id, or move it away.`,
  )
}

function shippedAlready(id: string): BookProblem {
  return bookProblem(
    'error',
    `随程序提供的规则书已用编号 ${id}。请给您的规则书换一个编号。`,
    `A book that comes with the program has the id ${id}. Give yours another id.`,
  )
}
