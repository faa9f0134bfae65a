import { createHash } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '../../../shared/conclusion.ts'
import { remark } from '../../../shared/remarks/index.ts'
import { inputFailure } from '../base/input-failure.ts'
import { fileFailure } from '../base/open-file.ts'
import { type ArchivedFile, filesOf, type Listing } from '../formats/archives/listing.ts'
import { listZip } from '../formats/archives/zip-folder.ts'
import { intakeLimits } from '../formats/source.ts'
import type { Encoding } from '../formats/text/decode-text.ts'
import { fileNameOf } from './inputs.ts'
import { openAndExamine } from './opened-file.ts'

/** A file in an archive, or in one that lies in it: the paths of each in the one before, from the outermost on. */
export interface EntryPlace {
  /** Absolute. */
  readonly archive: string
  readonly entries: readonly string[]
  /** What the names in its archives are in, where somebody says so. */
  readonly nameEncoding: Encoding | null
}

/** What was unpacked out of archives: private files, made when one is asked for. */
export interface Unpacked {
  /** The files of the archive at this place, itself a file where there are no entries. */
  files(place: EntryPlace, signal: AbortSignal): Promise<ArchiveFiles | Failure>
  /** The path of a file with what is at this place; it stays for as long as some dozens of others are asked for. */
  file(place: EntryPlace, signal: AbortSignal): Promise<string | Failure>
  /** Removes all of them. */
  close(): Promise<void>
}

interface ArchiveFiles extends Pick<Listing, 'comment'> {
  readonly kind: 'files'
  readonly files: readonly ArchivedFile[]
}

export interface UnpackedOptions {
  /** All that is kept together, in bytes; what was asked for last is kept in any case. */
  readonly maxBytes?: number
  readonly minFiles?: number
}

/** Listings that are held: a batch goes through one archive at a time, and those within it. */
const heldListings = 8

interface Held extends ArchiveFiles {
  readonly listing: Listing
  readonly byPath: ReadonlyMap<string, ArchivedFile>
}

export function createUnpacked(folder: string, options: UnpackedOptions = {}): Unpacked {
  const { maxBytes = 4e9, minFiles = 64 } = options
  /** By key, the one asked for last at the end. */
  const kept = new Map<string, { readonly path: string; readonly bytes: number }>()
  let keptBytes = 0
  const making = new Map<string, Promise<string | Failure>>()
  const listings = new Map<string, Held>()

  const listed = async (place: EntryPlace, identity: string, signal: AbortSignal): Promise<Held | Failure> => {
    const key = keyOf(place, identity)
    const known = listings.get(key)
    listings.delete(key)
    if (known !== undefined) {
      listings.set(key, known)
      return known
    }
    const path = place.entries.length === 0 ? place.archive : await makeOnce(place, identity, signal)
    if (typeof path !== 'string') return path
    const listing = await listAt(path, place.nameEncoding, signal)
    if (listing.kind === 'failure') return listing
    const files = filesOf(listing)
    const byPath = new Map(files.map(file => [file.path, file]))
    const held: Held = { kind: 'files', files, comment: listing.comment, listing, byPath }
    listings.set(key, held)
    for (const oldest of listings.keys()) if (listings.size > heldListings) listings.delete(oldest)
    return held
  }

  const make = async (place: EntryPlace, identity: string, key: string, signal: AbortSignal) => {
    const name = place.entries.at(-1) ?? ''
    const archive = await listed({ ...place, entries: place.entries.slice(0, -1) }, identity, signal)
    if (archive.kind === 'failure') return archive
    const file = archive.byPath.get(name)
    if (file === undefined) return inputFailure('changed_file', [remark('entry_gone', { name })])
    if (file.refusal !== null) return file.refusal
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, `${key}-${fileNameOf(name)}`)
    const partial = join(folder, `${key}.partial`)
    await rm(partial, { force: true })
    try {
      const failure = await archive.listing.unpack(file.entry.index, partial, signal)
      if (failure !== null) return failure
      await rename(partial, path)
    } finally {
      await rm(partial, { force: true })
    }
    kept.set(key, { path, bytes: file.entry.sizeBytes })
    keptBytes += file.entry.sizeBytes
    await evict()
    return path
  }

  const evict = async () => {
    for (const [key, { path, bytes }] of kept) {
      if (keptBytes <= maxBytes || kept.size <= minFiles) return
      kept.delete(key)
      keptBytes -= bytes
      await rm(path, { force: true })
    }
  }

  const makeOnce = async (place: EntryPlace, identity: string, signal: AbortSignal): Promise<string | Failure> => {
    const key = keyOf(place, identity)
    // Who asked first may have been stopped; what it was asked for is made all the same.
    for (let other = making.get(key); other !== undefined; other = making.get(key)) await other.catch(() => undefined)
    signal.throwIfAborted()
    const known = kept.get(key)
    if (known !== undefined && (await stat(known.path).catch(() => null))?.size === known.bytes) {
      kept.delete(key)
      kept.set(key, known)
      return known.path
    }
    if (known !== undefined) keptBytes -= known.bytes
    kept.delete(key)
    const made = make(place, identity, key, signal)
    making.set(key, made)
    try {
      return await made
    } catch (error) {
      signal.throwIfAborted()
      return fileFailure(error)
    } finally {
      making.delete(key)
    }
  }

  return {
    files: async (place, signal) => {
      const identity = await identityOf(place.archive)
      return typeof identity === 'string' ? await listed(place, identity, signal) : identity
    },
    file: async (place, signal) => {
      const identity = await identityOf(place.archive)
      return typeof identity === 'string' ? await makeOnce(place, identity, signal) : identity
    },
    close: async () => {
      await Promise.allSettled(making.values())
      kept.clear()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function listAt(path: string, stated: Encoding | null, signal: AbortSignal): Promise<Listing | Failure> {
  const opened = await openAndExamine(path, intakeLimits, signal)
  if (opened.kind === 'failure') return opened
  await opened.file.handle.close()
  if (opened.examined.kind === 'failure') return opened.examined
  if (opened.examined.kind !== 'archive') return inputFailure('changed_file', [remark('no_archive_now')])
  return await listZip(path, stated)
}

/** Of the outermost archive: what is unpacked out of it is that file's only for as long as it is the same. */
async function identityOf(path: string): Promise<string | Failure> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs].join(' ')
  } catch (error) {
    return fileFailure(error)
  }
}

function keyOf({ archive, entries, nameEncoding }: EntryPlace, identity: string): string {
  const key = JSON.stringify([archive, identity, entries, nameEncoding])
  return createHash('sha256').update(key).digest('hex').slice(0, 32)
}
