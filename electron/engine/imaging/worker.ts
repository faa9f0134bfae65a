/** Entry of the imaging child: does one job at a time, under Node's `fork` or Electron's `utilityProcess`. */

import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import process from 'node:process'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { type FromChild, type ImageInput, type ToChild, toChildSchema } from './messages.ts'
import { Refusal, unreadable } from './refusal.ts'
import type { CallBounds } from './renditions.ts'

type Job = Extract<ToChild, { kind: 'job' }>

/** How often a running job's memory is looked at; a decoder fills some 100 MB in this time. */
const memoryWatchMs = 50

const post = connect(received => {
  const message = toChildSchema.parse(received)
  if (message.kind === 'next') partTaken.resolve()
  else void run(message).then(post)
})

let partTaken = Promise.withResolvers<void>()

async function run(job: Job): Promise<FromChild> {
  const watch = setInterval(() => {
    const residentMb = process.memoryUsage.rss() / 1e6
    if (residentMb > job.memoryMb) post({ kind: 'over-memory', residentMb })
  }, memoryWatchMs)
  try {
    return await work(job)
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', code: error.code, detail: error.message }
    // Whatever else a decoder throws is about bytes that it could not take.
    const { code, message } = unreadable('image_damaged')
    return { kind: 'refused', code, detail: message }
  } finally {
    clearInterval(watch)
  }
}

async function work({ file, task, maxBytes, maxPixels }: Job): Promise<FromChild> {
  const imaging = await loadImaging()
  const { openPicture, countCalls, planCalls, prepareParts, makeThumbnail, notesOnThumbnails } = imaging
  const bytes = await readInput(file, maxBytes)
  const picture = await openPicture(bytes, maxPixels)
  if (task.kind === 'thumbnail') return { kind: 'thumbnail', bytes: await makeThumbnail(picture, task.options) }
  if (task.kind === 'likeness') return { kind: 'likeness', bits: await imaging.likenessOf(picture) }
  const factsWith = (calls: CallBounds, found: readonly Remark[] = []) => {
    const { format, width, height, frames, leftOut, notes } = picture
    return { kind: 'facts', format, width, height, frames, calls, leftOut, notes: [...notes, ...found] } as const
  }
  if (task.kind === 'inspect') return { kind: 'inspected', facts: factsWith(await planCalls(picture, task.options)) }
  const calls = await countCalls(picture, task.options)
  let parts = 0
  let whole: Uint8Array | null = null
  for await (const part of prepareParts(picture, task.options)) {
    parts += 1
    if (part.name === 'whole') whole = part.bytes
    if (parts <= task.skip) continue
    // One part waits to be taken while the next is being made, and no more than that.
    if (parts > task.skip + 1) await partTaken.promise
    partTaken = Promise.withResolvers()
    post({ kind: 'part', part })
  }
  return {
    kind: 'prepared',
    facts: factsWith(calls, whole === null ? [] : await notesOnThumbnails(picture, whole)),
    parts,
  }
}

/** Loaded with the first job, so that a missing native library is an answer and not a crash. */
async function loadImaging() {
  try {
    const [{ openPicture }, { countCalls, planCalls, prepareParts }, { makeThumbnail, notesOnThumbnails }, likeness] =
      await Promise.all([
        import('./picture.ts'),
        import('./renditions.ts'),
        import('./thumbnail.ts'),
        import('./likeness.ts'),
      ])
    const { likenessOf } = likeness
    return { openPicture, countCalls, planCalls, prepareParts, makeThumbnail, notesOnThumbnails, likenessOf }
  } catch {
    throw new Refusal('internal_error', [remark('image_library_missing')])
  }
}

async function readInput(file: ImageInput, maxBytes: number): Promise<Uint8Array> {
  if ('bytes' in file) {
    refuseTooManyBytes(file.bytes.byteLength, maxBytes)
    return file.bytes
  }
  const bytes = await readWhole(file.path, maxBytes)
  if (file.sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== file.sha256.toLowerCase()) {
    throw new Refusal('changed_file', [remark('file_changed')])
  }
  return bytes
}

async function readWhole(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using handle = await open(path)
    const stat = await handle.stat()
    if (!stat.isFile()) throw new Refusal('unreadable_file', [remark('no_regular_file')])
    refuseTooManyBytes(stat.size, maxBytes)
    return await handle.readFile()
  } catch (error) {
    throw error instanceof Refusal
      ? error
      : new Refusal('unreadable_file', [remark('system_error', { name: systemCode(error) })])
  }
}

function refuseTooManyBytes(sizeBytes: number, maxBytes: number): void {
  if (sizeBytes <= maxBytes) return
  throw new Refusal('too_large', [remark('image_bytes', { count: sizeBytes, limit: maxBytes })])
}

/** Its name for it, such as ENOENT. */
function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Speaks through whichever channel this process was started with, and ends when the engine does. */
function connect(receive: (message: unknown) => void): (message: FromChild) => void {
  const port = utilityPort()
  if (port !== null) {
    port.on('message', event => receive(event.data))
    return message => port.postMessage(message)
  }
  process.on('message', receive)
  // Not exit(): that waits for the decoder at work.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  return message => process.send?.(message)
}

interface UtilityPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  postMessage(message: unknown): void
}

/** Electron's side of a utility process; absent under Node. */
function utilityPort(): UtilityPort | null {
  const port: unknown = Reflect.get(process, 'parentPort')
  return isUtilityPort(port) ? port : null
}

function isUtilityPort(port: unknown): port is UtilityPort {
  return typeof port === 'object' && port !== null && 'postMessage' in port && 'on' in port
}
