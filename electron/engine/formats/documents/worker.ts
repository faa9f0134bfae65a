/** Entry of the child that reads documents: does one job at a time, under Node's `fork` or Electron's `utilityProcess`. */

import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Failure } from '../../../../shared/conclusion.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { fileFailure } from '../../base/open-file.ts'
import { openParentPort, watchMemory } from '../../base/parent-port.ts'
import { UnusableDecoder } from '../../base/web-assembly.ts'
import { openPacked } from '../archives/open-packed.ts'
import { documentFormatNamed } from '../find-format.ts'
import { withReadings } from '../text/with-readings.ts'
import type { DocumentFile, OpenDocument } from './document.ts'
import { type ArchiveJob, type DocumentJob, type FromChild, type ToChild, toChildSchema } from './messages.ts'

/** The document of the last job: its pieces are asked for one after the other. */
interface Opened {
  readonly key: string
  readonly handle: number
  readonly document: OpenDocument
}
let opened: Opened | null = null

const post = openParentPort<FromChild>(received => void run(toChildSchema.parse(received)).then(post))

async function run(job: ToChild): Promise<FromChild> {
  using _watch = watchMemory(job.memoryMb, residentMb => post({ kind: 'over-memory', residentMb }))
  const answer = await (job.kind === 'archive' ? workOnArchive(job) : work(job).catch(failedOf))
  return answer.kind === 'failure' ? { kind: 'refused', code: answer.code, detail: answer.detail } : answer
}

/** Whatever else a reader throws is about bytes that it could not take. */
function failedOf(error: unknown): Failure {
  if (error instanceof UnusableDecoder)
    return inputFailure('internal_error', [remark('decoder_unusable', { name: error.build })])
  return inputFailure('damaged_document', '')
}

/** Opened anew for each job: what is unpacked together is one. Writing fails for reasons of the system. */
async function workOnArchive({ format, path, targets }: ArchiveJob): Promise<FromChild | Failure> {
  let handle: number | null = null
  try {
    handle = openSync(path, 'r')
    const archive = await openPacked(format, path, documentFile(handle, path))
    if (archive.kind === 'failure') return archive
    if (targets !== null) return { kind: 'unpacked', results: await archive.unpack(targets) }
    return { kind: 'listed', entries: archive.entries, comment: archive.comment }
  } catch (error) {
    return error instanceof Error && 'code' in error ? fileFailure(error) : failedOf(error)
  } finally {
    if (handle !== null) closeSync(handle)
  }
}

async function work(job: DocumentJob): Promise<FromChild | Failure> {
  const document = await openJob(job)
  if (document.kind === 'failure') return document
  if (job.task.kind === 'load') {
    const bytes = await document.document.load(job.task.handle)
    return 'kind' in bytes ? bytes : { kind: 'loaded', bytes }
  }
  if (job.task.kind === 'workbook' && document.document.workbook !== undefined) return document.document.workbook()
  const survey = await document.document.survey()
  if (survey.kind === 'failure') return survey
  const { account } = documentFormatNamed(job.format)
  const { sections, pieces } = survey
  return { kind: 'surveyed', survey: { ...withReadings(survey, account), sections, pieces } }
}

async function openJob({
  format,
  path,
  sha256,
}: DocumentJob): Promise<(Opened & { readonly kind: 'opened' }) | Failure> {
  const key = JSON.stringify([format, path, sha256])
  if (opened?.key === key) return { kind: 'opened', ...opened }
  closeOpened()
  let handle: number
  try {
    handle = openSync(path, 'r')
  } catch (error) {
    return fileFailure(error)
  }
  try {
    const file = documentFile(handle, path)
    if (hashOf(file) !== sha256) {
      closeSync(handle)
      return inputFailure('changed_file', [remark('file_changed')])
    }
    const document = await documentFormatNamed(format).open(file)
    if (document.kind === 'failure') {
      closeSync(handle)
      return document
    }
    opened = { key, handle, document }
    return { kind: 'opened', ...opened }
  } catch (error) {
    closeSync(handle)
    throw error
  }
}

function closeOpened(): void {
  if (opened === null) return
  const { document, handle } = opened
  opened = null
  try {
    document.close()
  } finally {
    closeSync(handle)
  }
}

function documentFile(handle: number, path: string): DocumentFile {
  const sizeBytes = fstatSync(handle).size
  const read = (offset: number, length: number) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, sizeBytes - offset)))
    let filled = 0
    while (filled < bytes.length) {
      const count = readSync(handle, bytes, filled, bytes.length - filled, offset + filled)
      if (count === 0) break
      filled += count
    }
    return bytes.subarray(0, filled)
  }
  return { sizeBytes, path, read, whole: () => read(0, sizeBytes), tell: tellProgress }
}

/** Between two things said of how far a reading is. */
const tellMs = 250
let toldAt = 0

function tellProgress(done: number, of: number): void {
  const now = performance.now()
  if (now - toldAt < tellMs) return
  toldAt = now
  post({ kind: 'progress', done, of })
}

const hashedAtOnce = 1 << 20

function hashOf({ sizeBytes, read }: DocumentFile): string {
  const hash = createHash('sha256')
  for (let at = 0; at < sizeBytes; at += hashedAtOnce) hash.update(read(at, hashedAtOnce))
  return hash.digest('hex')
}
