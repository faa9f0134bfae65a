import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import SQLite, { type Database } from 'better-sqlite3'
import { Problem } from '../../../../shared/problems.ts'
import { detailOf } from '../detail.ts'
import { makePrivate } from './connect.ts'

export interface CopyServices {
  /** Bytes that a folder has room for. */
  readonly roomIn?: (folder: string) => number
  /** Told before a copy is written: under which name it grows, and how large it will be. */
  readonly onCopy?: (partial: string, bytes: number) => void
  /** Called at every place where the program might be ended, with the connection that holds the transaction; tests end it there. */
  readonly at?: (place: string, raw: Database) => void
}

/** How many copies are kept, one for each schema. */
const keptCopies = 2

/** What is written besides the copy and a second one of the tables: indexes, journal, log. */
const otherBytes = 64 * 2 ** 20

/** `prescreen.before-70.sqlite`: the file of schema 70. */
export function copyName(file: string, version: number): string {
  return `${stemOf(file)}.before-${version}.sqlite`
}

/**
 * Copies the file as it is committed, while the connection's transaction keeps others from writing, and returns the copy's path: under
 * another name until it is whole and on the disk. Throws `no_room_for_copy` where the folder has no room for it and for the steps.
 */
export function copyBefore(
  raw: Database,
  file: string,
  version: number,
  { roomIn = freeBytes, onCopy, at = () => undefined }: CopyServices,
): string {
  const folder = dirname(file)
  const number = (name: string) => Number(raw.pragma(name, { simple: true }))
  const bytes = (number('page_count') - number('freelist_count')) * number('page_size')
  requireRoom(folder, 2 * bytes + otherBytes, roomIn(folder))
  const copy = join(folder, copyName(file, version))
  const partial = `${copy}.partial`
  rmSync(partial, { force: true })
  try {
    makePrivate(partial)
    onCopy?.(partial, bytes)
    at('copying', raw)
    const reader = new SQLite(file, { readonly: true })
    try {
      reader.prepare('VACUUM INTO ?').run(partial)
    } finally {
      reader.close()
    }
    at('copied', raw)
    sync(partial)
    renameSync(partial, copy)
    at('copy named', raw)
    if (process.platform !== 'win32') sync(folder)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
  return copy
}

/** Those of the last two schemas stay, and what cannot be removed. */
export function removeOlderCopies(file: string): void {
  try {
    removeCopies(file)
  } catch {
    // Another program has it open, for instance: the file itself is brought up.
  }
}

function removeCopies(file: string): void {
  const folder = dirname(file)
  const copies = readdirSync(folder).flatMap(name => {
    const version = Number(/\.before-(\d+)\.sqlite$/.exec(name)?.[1])
    return name === copyName(file, version) ? [{ name, version }] : []
  })
  copies.sort((a, b) => b.version - a.version)
  for (const { name } of copies.slice(keptCopies)) rmSync(join(folder, name), { force: true })
}

function stemOf(file: string): string {
  return basename(file, extname(file))
}

function requireRoom(folder: string, needed: number, free: number): void {
  if (free >= needed) return
  const megabytes = (bytes: number) => Math.ceil(bytes / 2 ** 20)
  const facts = { limit: megabytes(needed), count: Math.floor(free / 2 ** 20), name: folder }
  throw new Problem('no_room_for_copy', detailOf('room_needed', facts))
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

function sync(path: string): void {
  const handle = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
