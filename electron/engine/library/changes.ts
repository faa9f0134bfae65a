import { Problem } from '../../../shared/problems.ts'
import type { BookInfo } from '../../../shared/rules.ts'
import { detailOf } from '../base/detail.ts'
import type { Acts } from './acts.ts'
import { type BookFolder, versionOf } from './book-folder.ts'
import { idIn, infoOf, type Look, readShelf, type ShelvedBook } from './shelf.ts'

/** What people change of the books. Each is done alone among all programs. */
export interface Changes {
  /** Keeps the file of a house book; `was` is the version that was edited, null for a new book. */
  save(yaml: string, was: string | null): Promise<BookInfo>
  /** A version that the file is, without errors, and that somebody tried in this session. */
  putInForce(id: string, version: string): Promise<BookInfo>
  withdraw(id: string): Promise<BookInfo>
  /** Withdraws a house book and removes its file. */
  remove(id: string): Promise<void>
}

export function createChanges(services: {
  readonly folder: BookFolder
  readonly acts: Acts
  readonly look: Look
  /** Whether a version that was tried in this session may be put in force; undefined for one that was not tried. */
  isFit(version: string): boolean | undefined
}): Changes {
  const { folder, acts, look } = services
  const shelved = (id: string) => bookOn(folder, look, id)

  const withdraw = async ({ id, inForce, origin }: ShelvedBook): Promise<void> => {
    if (inForce === null) return
    const isShipped = origin === 'shipped'
    await acts.act({ what: 'withdraw', book: id, version: inForce.version, isShipped }, () =>
      isShipped ? folder.setWithdrawn(id, true) : folder.drop(id),
    )
  }

  return {
    save: (yaml, was) =>
      acts.alone(async () => {
        const path = await placeOf(folder, look, yaml, was)
        await folder.save(path, Buffer.from(yaml))
        const saved = (await readShelf(folder, look)).find(({ file }) => file?.path === path)
        if (saved === undefined) throw new Problem('internal')
        return infoOf(saved, look)
      }),
    putInForce: (id, version) =>
      acts.alone(async () => {
        const { file, origin, isRefused } = await shelved(id)
        if (file?.bytes == null || file.version !== version) {
          throw new Problem('conflict', detailOf('book_changed', { name: id }))
        }
        const isShipped = origin === 'shipped'
        // A shipped book has been seen by those who ship it, and its examples by the tests.
        const isFit = isShipped || services.isFit(version)
        if (isFit === undefined) throw new Problem('conflict', detailOf('book_not_tried', { name: id }))
        if (!isFit || isRefused) throw new Problem('conflict', detailOf('book_has_errors', { name: id }))
        await acts.act({ what: 'put_in_force', book: id, version, isShipped }, () =>
          isShipped ? folder.setWithdrawn(id, false) : folder.keep(id, file),
        )
        return infoOf(await shelved(id), look)
      }),
    withdraw: id =>
      acts.alone(async () => {
        const book = await shelved(id)
        await withdraw(book)
        // One whose file is gone is gone with that.
        const left = (await readShelf(folder, look)).find(each => each.id === id)
        return infoOf(left ?? { ...book, inForce: null, problems: [] }, look)
      }),
    remove: id =>
      acts.alone(async () => {
        const book = await shelved(id)
        if (book.origin === 'shipped') throw new Problem('conflict', detailOf('book_is_shipped', { name: id }))
        await withdraw(book)
        if (book.file !== null) await folder.remove(book.file.path)
      }),
  }
}

export async function bookOn(folder: BookFolder, look: Look, id: string): Promise<ShelvedBook> {
  const book = (await readShelf(folder, look)).find(each => each.id === id)
  if (book === undefined) throw new Problem('not_found', detailOf('no_such_book', { name: id }))
  return book
}

/** Where the file is to lie; throws where that would take another's place, or somebody else's words away. */
async function placeOf(folder: BookFolder, look: Look, yaml: string, was: string | null): Promise<string> {
  const bytes = Buffer.from(yaml)
  const id = idIn(yaml) ?? (await look(bytes, versionOf(bytes))).id
  const shelf = await readShelf(folder, look)
  // Where the file is gone there is nothing that somebody else could have written meanwhile.
  const edited =
    was === null
      ? undefined
      : (shelf.find(({ file, origin }) => origin === 'house' && isOf(file, was)) ??
        shelf.find(each => each.origin === 'house' && each.file === null && each.id === id))
  if (was !== null && edited === undefined) {
    throw new Problem('conflict', detailOf('book_changed', { name: id ?? '' }))
  }
  if (id === null && edited === undefined) throw new Problem('conflict', detailOf('book_without_id'))
  // A book whose file is gone gets one again.
  const other = shelf.find(each => each.id === id && each !== edited && each.file !== null)
  if (other !== undefined) {
    const code = other.origin === 'shipped' ? 'book_is_shipped' : 'book_exists'
    throw new Problem('conflict', detailOf(code, { name: other.id }))
  }
  if (edited?.file == null) return folder.pathOf(id ?? '')
  // Its copy would go on under the old name, and nobody would know whose it is.
  if (edited.inForce !== null && id !== null && id !== edited.id) {
    throw new Problem('conflict', detailOf('book_renamed', { name: edited.id }))
  }
  return edited.file.path
}

function isOf(file: ShelvedBook['file'], version: string): boolean {
  return file?.bytes != null && file.version === version
}
