import { Problem } from '../../../shared/problems.ts'
import type { BookDetail, BookInfo, BookTrial, Day, ListPreview } from '../../../shared/rules.ts'
import type { Clock } from '../base/clock.ts'
import { detailOf } from '../base/detail.ts'
import type { StoreWriter } from '../store/ports.ts'
import { createActs } from './acts.ts'
import { openBookFolder, versionOf } from './book-folder.ts'
import { openBookThread } from './book-thread.ts'
import { bookOn, type Changes, createChanges } from './changes.ts'
import { createInUse, type InUse } from './in-use.ts'
import { createListDesk, type ListRequest } from './lists/list-desk.ts'
import { hasErrors } from './problems.ts'
import { createLooks, idIn, infoOf, readShelf, type ShelvedBook } from './shelf.ts'

/** The rule books of this data folder: which there are, which are in force, and what one would do that is being written. */
export interface Library extends Changes, InUse {
  /** Read from the disk at each call: people edit books with other programs. */
  books(): Promise<readonly BookInfo[]>
  /** Their ids and versions alone, for which no book is read. */
  versions(): Promise<readonly Pick<BookInfo, 'id' | 'versionInForce'>[]>
  book(id: string): Promise<BookDetail>
  /** Shown to somebody, so that the version may be put in force in this session if it has no errors. */
  try(yaml: string, text: string): Promise<BookTrial>
  openList(path: string): Promise<ListPreview>
  fromList(request: ListRequest): Promise<{ readonly yaml: string; readonly trial: BookTrial }>
  /** Ids of the books whose version in force cannot be read. */
  damaged(): Promise<readonly string[]>
  /** The version of a book without errors; a `Problem` for one that has some. */
  fitVersion(yaml: string): Promise<string>
  today(): Day
  close(): Promise<void>
}

export function createLibrary(services: {
  readonly dataDir: string
  /** The books that come with the program. */
  readonly shippedDir: string
  readonly writer: Pick<StoreWriter, 'append'>
  readonly clock: Clock
  readonly reviewer: () => string
  readonly newAct: () => string
  readonly signal: AbortSignal
}): Library {
  const { clock } = services
  const folder = openBookFolder(services.dataDir, services.shippedDir)
  const acts = createActs({ ...services, folder })
  const thread = openBookThread()
  const today = () => dayOf(clock.now())
  const { look, learn } = createLooks(thread, today)
  const lists = createListDesk()
  /** What somebody has seen in this session, by version, and whether it may be put in force. */
  const tried = new Map<string, boolean>()

  const trial = async (yaml: string, text: string): Promise<BookTrial> => {
    const bytes = Buffer.from(yaml)
    const version = versionOf(bytes)
    const { listed, hits, ...found } = await thread.try(bytes, text, today())
    tried.set(version, !hasErrors(found.problems))
    learn(version, found)
    const id = found.id ?? idIn(yaml) ?? ''
    const known = (await readShelf(folder, look)).find(each => each.id === id)
    const file = { path: known?.file?.path ?? folder.pathOf(id), bytes, version }
    const { origin, inForce } = known ?? { origin: 'house', inForce: null }
    const info = await infoOf({ id, origin, file, inForce, isRefused: false, problems: [] }, async () => found)
    return { version, info, rules: listed, hits }
  }

  const booksInForce = async (): Promise<readonly ShelvedBook[]> => {
    await acts.settle()
    return (await readShelf(folder, look)).filter(({ inForce }) => inForce !== null)
  }
  const { looksFor, booksFor } = createInUse({ booksInForce, look, signal: services.signal })

  return {
    ...createChanges({ folder, acts, look, isFit: version => tried.get(version) }),
    today,
    books: async () => {
      await acts.settle()
      return Promise.all((await readShelf(folder, look)).map(book => infoOf(book, look)))
    },
    versions: async () => {
      await acts.settle()
      return (await readShelf(folder, look)).map(({ id, inForce }) => ({
        id,
        versionInForce: inForce?.version ?? null,
      }))
    },
    book: async id => {
      const book = await bookOn(folder, look, id)
      const bytes = book.file?.bytes ?? book.inForce?.bytes ?? null
      const listing = bytes === null ? null : await thread.list(bytes, today())
      return {
        info: await infoOf(book, look),
        yaml: bytes === null ? '' : Buffer.from(bytes).toString('utf8'),
        rules: listing?.listed ?? [],
      }
    },
    try: trial,
    openList: path => lists.open(path, services.signal),
    fromList: async request => {
      const { yaml, doubts } = lists.bookOf(request)
      const { info: made, ...rest } = await trial(yaml, '')
      // What it says of single lines is said by the rows of the table, which people have before them.
      const problems = [...made.problems.filter(({ level }) => level === 'error'), ...doubts]
      return { yaml, trial: { ...rest, info: { ...made, problems } } }
    },
    looksFor,
    booksFor,
    damaged: async () =>
      (await readShelf(folder, look)).flatMap(({ id, inForce }) => (inForce?.bytes === null ? [id] : [])),
    fitVersion: async yaml => {
      const bytes = Buffer.from(yaml)
      const version = versionOf(bytes)
      if (!hasErrors((await look(bytes, version)).problems)) return version
      throw new Problem('conflict', detailOf('book_has_errors', { name: idIn(yaml) ?? '' }))
    },
    close: thread.close,
  }
}

/** Local day. */
function dayOf(ms: number): Day {
  const date = new Date(ms)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
