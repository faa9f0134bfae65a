import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Said } from '../../../shared/problems.ts'
import { bookLimits } from '../../../shared/rules.ts'
import { writeFileAtomically } from '../base/atomic-file.ts'
import { makeFolder } from '../base/make-folder.ts'
import { problemOf } from '../base/sqlite/problem-of.ts'

/** A book as it lies on the disk, read or not. */
export type BookFile = ReadFile | UnreadFile

export interface ReadFile {
  readonly path: string
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes, hexadecimal. */
  readonly version: string
}

interface UnreadFile {
  readonly path: string
  readonly bytes: null
  readonly why: Said
}

/** The version in force of a book: its bytes are what somebody put in force, to the bit. */
export interface CopyInForce {
  readonly id: string
  readonly version: string
  /** Null where the copy is not what it says it is. */
  readonly bytes: Uint8Array | null
}

/** What somebody is about to do, or was when the program ended. */
export interface Intent {
  readonly act: string
  readonly what: 'put_in_force' | 'withdraw'
  readonly book: string
  readonly version: string
  /** A shipped book is in force unless it was withdrawn, a house book where it has a copy. */
  readonly isShipped: boolean
  readonly reviewer: string
}

/**
 * Books on the disk. House books lie in `<dataDir>/rules`, where people edit them; what is in force lies in `in-force` below, where nobody
 * does. Every write is a whole file under its name or none. Methods throw a `Problem` where the disk refuses.
 */
export interface BookFolder {
  /** By name; read anew at each call, since people edit them while the program runs. */
  shipped(): Promise<readonly BookFile[]>
  house(): Promise<readonly BookFile[]>
  readonly lockFile: string
  pathOf(id: string): string
  save(path: string, bytes: Uint8Array): Promise<void>
  remove(path: string): Promise<void>
  inForce(): Promise<InForce>
  keep(id: string, file: ReadFile): Promise<void>
  drop(id: string): Promise<void>
  /** Of shipped books, which are in force unless somebody withdrew them. */
  setWithdrawn(id: string, isWithdrawn: boolean): Promise<void>
  setIntent(intent: Intent): Promise<void>
  clearIntent(book: string): Promise<void>
}

export interface InForce {
  readonly copies: ReadonlyMap<string, CopyInForce>
  /** Shipped books that are not in force. */
  readonly withdrawn: ReadonlySet<string>
  readonly intents: readonly Intent[]
}

const bookName = /\.ya?ml$/i
const copyName = /^([a-z0-9][a-z0-9-]{0,62})\.yaml$/
const withdrawnName = /^([a-z0-9][a-z0-9-]{0,62})\.withdrawn$/
const intentName = /^[a-z0-9][a-z0-9-]{0,62}\.intent$/
/** The first line of a copy: with it, one file says both what is in force and whether it still is that. */
const headOf = (version: string) => `# In force, ${version}. Edit the book one folder up; this copy is the program's.\n`
const head = /^# In force, ([0-9a-f]{64})\.[^\n]*\n/

export function openBookFolder(dataDir: string, shippedDir: string): BookFolder {
  const folder = join(dataDir, 'rules')
  const kept = join(folder, 'in-force')
  const write = async (path: string, content: Uint8Array | string) => {
    await atDisk(path, async () => {
      makeFolder(kept)
      await writeFileAtomically(path, content, { mode: 0o600 })
    })
  }
  const remove = (path: string) => atDisk(path, () => rm(path, { force: true }))

  return {
    shipped: () => readBooks(shippedDir),
    house: () => readBooks(folder),
    lockFile: join(kept, 'lock'),
    pathOf: id => join(folder, `${id}.yaml`),
    save: write,
    remove,
    inForce: () => readInForce(kept),
    keep: (id, { version, bytes }) =>
      write(join(kept, `${id}.yaml`), Buffer.concat([Buffer.from(headOf(version)), bytes])),
    drop: id => remove(join(kept, `${id}.yaml`)),
    setWithdrawn: (id, isWithdrawn) => {
      const path = join(kept, `${id}.withdrawn`)
      return isWithdrawn ? write(path, '') : remove(path)
    },
    setIntent: intent => write(join(kept, `${intent.book}.intent`), JSON.stringify(intent)),
    clearIntent: book => remove(join(kept, `${book}.intent`)),
  }
}

export function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A book somewhere else, which somebody named by its path. */
export async function readBookFile(path: string): Promise<BookFile> {
  try {
    const found = await stat(path)
    // A pipe would be waited for until somebody writes into it.
    if (!found.isFile()) return unread(path, noFile)
    if (found.size > bookLimits.bytes) return unread(path, tooLong(found.size))
    const bytes = await readFile(path)
    return { path, bytes, version: versionOf(bytes) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === '') throw error
    return unread(path, {
      zh: `系统读不了这个文件（${code}）。请检查它是否还在、有没有权限。`,
      en: `The system cannot read this file (${code}). See that it is there and that you may read it.`,
    })
  }
}

async function readBooks(folder: string): Promise<readonly BookFile[]> {
  const names = (await namesIn(folder)).filter(name => bookName.test(name) && !name.startsWith('.')).toSorted()
  return Promise.all(names.map(name => readBookFile(join(folder, name))))
}

async function readInForce(kept: string): Promise<InForce> {
  const names = await namesIn(kept)
  const named = (pattern: RegExp) => names.flatMap(name => pattern.exec(name)?.[1] ?? [])
  const copies = await Promise.all(named(copyName).map(id => readCopy(kept, id)))
  const intents = await Promise.all(names.filter(name => intentName.test(name)).map(name => readIntent(kept, name)))
  return {
    copies: new Map(copies.flatMap(copy => (copy === null ? [] : [[copy.id, copy] as const]))),
    withdrawn: new Set(named(withdrawnName)),
    intents: intents.flatMap(intent => intent ?? []),
  }
}

/** Null where another program has just withdrawn it. */
async function readCopy(kept: string, id: string): Promise<CopyInForce | null> {
  const path = join(kept, `${id}.yaml`)
  const file = await atDisk(path, () => readFile(path).catch(absent))
  if (file === null) return null
  const [line = '', version = ''] = head.exec(file.subarray(0, 200).toString('latin1')) ?? []
  const bytes = file.subarray(line.length)
  return { id, version, bytes: line !== '' && versionOf(bytes) === version ? bytes : null }
}

async function readIntent(kept: string, name: string): Promise<Intent | null> {
  const path = join(kept, name)
  const text = await atDisk(path, () => readFile(path, 'utf8').catch(absent))
  // Written by this program only, and whole or not at all.
  return text === null ? null : (JSON.parse(text) as Intent)
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return atDisk(folder, () => readdir(folder).catch(error => absent(error) ?? []))
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}

async function atDisk<Result>(path: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act()
  } catch (error) {
    throw problemOf(error, path)
  }
}

function unread(path: string, why: Said): UnreadFile {
  return { path, bytes: null, why }
}

const noFile: Said = {
  zh: '这不是普通文件（是文件夹、管道或设备），没有读。请给出文件本身的路径。',
  en: 'This is a folder, a pipe or a device, and was not read. Give the path of a file.',
}

function tooLong(size: number): Said {
  const limit = bookLimits.bytes / 1e6
  const own = Math.ceil(size / 1e5) / 10
  return {
    zh: `文件有 ${own} MB，规则书最多 ${limit} MB，没有读。请分成几本。`,
    en: `The file has ${own} MB, and a book at most ${limit} MB; it was not read. Make several books of it.`,
  }
}
