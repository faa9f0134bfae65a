import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Found } from '../../../electron/engine/formats/source.ts'
import { createUnpacked, type Unpacked } from '../../../electron/engine/intake/unpacked.ts'
import { type IntakeOptions, walk } from '../../../electron/engine/intake/walk.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { documentsInProcess } from '../../fixtures/formats/in-process.ts'

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'prescreen-intake-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Options of a walk in which nothing is chosen. */
export const nothingChosen = {
  textColumn: null,
  urlColumn: null,
  urlList: false,
  stdin: Readable.from([]),
  documents: documentsInProcess,
}

export async function temporaryUnpacked(): Promise<Unpacked> {
  return createUnpacked(join(await temporaryFolder(), 'unpacked'), documentsInProcess)
}

export const never = new AbortController().signal

export async function findAll(
  args: readonly string[],
  options: Partial<IntakeOptions> = {},
): Promise<readonly Found[]> {
  return await Array.fromAsync(walk(args, { ...nothingChosen, unpacked: await temporaryUnpacked(), ...options }, never))
}

/** A failure with what it says in English. */
export function inEnglish<Result extends object>(result: Result): Result {
  return 'detail' in result && typeof result.detail === 'string'
    ? { ...result, detail: detailText(result.detail, 'en') }
    : result
}

/** What a user reads of each finding: its path, and its kind or why it has none. */
export function summary(found: readonly Found[]): Record<string, string> {
  return Object.fromEntries(
    found.map(each => [each.path, each.failure?.code ?? each.skipped ?? each.kind ?? 'nothing']),
  )
}

export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
