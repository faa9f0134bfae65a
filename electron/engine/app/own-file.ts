import { realpath, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { readHead, readWhole } from '../base/open-file.ts'
import { extensionOf } from '../formats/extension.ts'
import { textFormatOf } from '../formats/find-format.ts'
import { intakeLimits, type Source } from '../formats/source.ts'
import { openAndExamine } from '../intake/opened-file.ts'
import type { AssetRecord } from '../ledger/rows.ts'

/** The file that an asset is, as it is now. */
export type OwnFile =
  /** A row of a table or what is in an archive, which is a file at `path`; or what was downloaded or came by standard input, which is none. */
  | { readonly kind: 'none'; readonly path: string | null }
  | { readonly kind: 'gone'; readonly path: string }
  | {
      readonly kind: 'file'
      /** As it was dropped. */
      readonly path: string
      /** With every link followed. */
      readonly real: string
      /** Whether its bytes are those that were screened; `unknown` where it was never read. */
      readonly state: 'same' | 'changed' | 'unknown'
      /** What it is by its content: a media type, or the name of a format of texts; null for anything else. */
      readonly content: string | null
      /** A text that names the program by which it is to be run. */
      readonly isScript: boolean
    }

/** The same, as far as it is known without reading the file. */
export type Whereabouts = Exclude<OwnFile, { kind: 'file' }> | { readonly kind: 'file'; readonly path: string }

/** Nothing but a plain file is one. */
export async function whereaboutsOf(asset: Pick<AssetRecord, 'source'>): Promise<Whereabouts> {
  const named = namedIn(asset)
  if (named.kind === 'none') return named
  const { path } = named
  const found = await stat(path).catch(() => null)
  return found?.isFile() === true ? { kind: 'file', path } : { kind: 'gone', path }
}

function namedIn(asset: Pick<AssetRecord, 'source'>): Exclude<Whereabouts, { kind: 'gone' }> {
  // `source` is written by this program only.
  const source = JSON.parse(asset.source) as Source
  if (source.kind === 'file') return { kind: 'file', path: source.path }
  if (source.kind === 'entry') return { kind: 'none', path: source.archive }
  return { kind: 'none', path: source.kind === 'row' ? (source.archive ?? source.path) : null }
}

/** For a large file on a slow disk. */
const readMs = 60_000

export async function ownFileOf(asset: Pick<AssetRecord, 'source' | 'sha256'>): Promise<OwnFile> {
  const named = namedIn(asset)
  if (named.kind === 'none') return named
  const { path } = named
  let real: string
  try {
    real = await realpath(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && goneCodes.has(error.code)) return { kind: 'gone', path }
    return { kind: 'file', path, real: path, state: 'unknown', content: null, isScript: false }
  }
  return { kind: 'file', path, real, ...(await lookAt(real, asset.sha256)) }
}

const goneCodes: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

type Seen = Pick<Extract<OwnFile, { kind: 'file' }>, 'state' | 'content' | 'isScript'>

async function lookAt(path: string, sha256: string | null): Promise<Seen> {
  const unseen: Seen = { state: sha256 === null ? 'unknown' : 'changed', content: null, isScript: false }
  const signal = AbortSignal.timeout(readMs)
  const opened = await openAndExamine(path, intakeLimits, signal)
  if (opened.kind === 'failure') return unseen
  const { file, examined } = opened
  try {
    const read = await readWhole(file, 'nothing', signal)
    if (read.kind === 'failure') return unseen
    const state = sha256 === null ? 'unknown' : read.sha256 === sha256 ? 'same' : 'changed'
    if (examined.kind === 'media') return { state, content: examined.mime, isScript: false }
    if (examined.kind !== 'text') return { ...unseen, state }
    // UTF-16 is not looked into: what would run it does not read it either.
    const head = Buffer.from(await readHead(file, headBytes)).toString('latin1')
    const content = textFormatOf(extensionOf(basename(path)), head).name
    return { state, content, isScript: /^(?:\u00ef\u00bb\u00bf)?#!/.test(head) }
  } finally {
    await file.handle.close()
  }
}

const headBytes = 8192
