import { createHash } from 'node:crypto'
import { rename, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { intakeLimits } from '../../../electron/engine/formats/source.ts'
import { createKnownFiles, type KnownFiles } from '../../../electron/engine/intake/known-files.ts'
import { type OpenedFile, openAndExamine } from '../../../electron/engine/intake/opened-file.ts'
import { readAsset } from '../../../electron/engine/intake/read-asset.ts'
import { createSurvey } from '../../../electron/engine/intake/survey.ts'
import { createUrlDispatcher } from '../../../electron/engine/intake/url-dispatcher.ts'
import { documentsInProcess as documents } from '../../fixtures/formats/in-process.ts'
import { never, png, temporaryFolder } from './harness.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
/** As if the file had been opened long after it was written. */
const later = () => Date.now() + 60_000

async function pictureFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'a.png')
  await writeFile(path, png)
  return path
}

async function opened(path: string): Promise<OpenedFile> {
  const file = await openAndExamine(path, intakeLimits, never)
  if (file.kind === 'failure') throw new Error(file.code)
  await file.file.handle.close()
  return file
}

async function learn(known: KnownFiles, path: string, openedAtMs = later()) {
  const { file, examined } = await opened(path)
  known.keep(path, file.stat, openedAtMs, { sizeBytes: file.sizeBytes, examined, sha256: 'of the plan' })
}

const read = (known: KnownFiles, path: string) =>
  readAsset({ kind: 'file', path }, { documents, dispatcher: createUrlDispatcher(false), known }, never)

describe('what a plan found out about a file', () => {
  test('stands for the file as long as it is the same', async () => {
    const known = createKnownFiles()
    const path = await pictureFile()
    await learn(known, path)
    expect(await read(known, path)).toMatchObject({ kind: 'image', sha256: 'of the plan', reading: 'png 2' })
  })

  test('is nothing about one that holds something else, though its size and time of writing are the same', async () => {
    const known = createKnownFiles()
    const path = await pictureFile()
    const { atime, mtime } = await stat(path)
    await learn(known, path)
    const other = Buffer.from(png)
    other[60] = (other[60] ?? 0) ^ 1
    await writeFile(path, other)
    await utimes(path, atime, mtime)
    expect(await read(known, path)).toMatchObject({ sha256: sha256(other) })
  })

  test('is nothing about one that took its place', async () => {
    const known = createKnownFiles()
    const path = await pictureFile()
    await learn(known, path)
    await rename(await pictureFile(), path)
    expect(await read(known, path)).toMatchObject({ sha256: sha256(png) })
  })

  test('is not kept of a file that was written just before it was opened', async () => {
    const known = createKnownFiles()
    const path = await pictureFile()
    await learn(known, path, Date.now())
    expect(await known.recall(path)).toBeNull()
  })

  test('is kept of so many files and of the last two plans, no more', async () => {
    const known = createKnownFiles(1)
    const [first, second] = [await pictureFile(), await pictureFile()]
    await learn(known, first)
    await learn(known, second)
    expect(await known.recall(first)).not.toBeNull()
    expect(await known.recall(second)).toBeNull()
    known.begin()
    known.begin()
    expect(await known.recall(first)).toBeNull()
  })

  test('never holds a text or bytes', async () => {
    const known = createKnownFiles()
    const path = await pictureFile()
    const survey = createSurvey(known)
    const file = await openAndExamine(path, intakeLimits, never)
    if (file.kind === 'failure') throw new Error(file.code)
    await survey.leave({ ...file, openedAtMs: later() })
    const asset = await readAsset(
      { kind: 'file', path },
      { documents, dispatcher: createUrlDispatcher(false), known, survey, heldBytes: 1e6 },
      never,
    )
    expect(asset).toMatchObject({ bytes: png })
    expect(Object.keys((await known.recall(path)) ?? {}).sort()).toEqual([
      'examined',
      'identity',
      'sha256',
      'sizeBytes',
    ])
  })
})

test('a file that nobody took is closed with its survey, and one that comes later at once', async () => {
  const survey = createSurvey(createKnownFiles())
  const [early, late] = [await pictureFile(), await pictureFile()]
  const files = await Promise.all([early, late].map(path => openAndExamine(path, intakeLimits, never)))
  const [first, second] = files
  if (first?.kind !== 'opened' || second?.kind !== 'opened') throw new Error('not opened')
  await survey.leave(first)
  await survey.close()
  await survey.leave(second)
  expect([first.file.handle.fd, second.file.handle.fd]).toEqual([-1, -1])
  expect(survey.take(early)).toBeNull()
})
