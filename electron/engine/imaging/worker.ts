/** Entry of the imaging child: does one job at a time, under Node's `fork` or Electron's `utilityProcess`. */

import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { type Remark, remark } from '../../../shared/remarks/index.ts'
import { openParentPort, watchMemory } from '../base/parent-port.ts'
import { UnusableDecoder } from '../base/web-assembly.ts'
import { type FromChild, type ImageInput, type ToChild, toChildSchema } from './messages.ts'
import { Refusal, unreadable } from './refusal.ts'
import type { CallBounds } from './renditions.ts'

type Job = Extract<ToChild, { kind: 'job' }>

const post = openParentPort<FromChild>(received => {
  const message = toChildSchema.parse(received)
  if (message.kind === 'next') partTaken.resolve()
  else void run(message).then(post)
})

let partTaken = Promise.withResolvers<void>()

async function run(job: Job): Promise<FromChild> {
  using _watch = watchMemory(job.memoryMb, residentMb => post({ kind: 'over-memory', residentMb }))
  try {
    return await work(job)
  } catch (error) {
    const { code, message } = refusalOf(error)
    return { kind: 'refused', code, detail: message }
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

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof UnusableDecoder)
    return new Refusal('internal_error', [remark('decoder_unusable', { name: error.build })])
  // Whatever else a decoder throws is about bytes that it could not take.
  return unreadable('image_damaged')
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
