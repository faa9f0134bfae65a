import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sniff } from '../../../electron/engine/formats/sniff.ts'
import { partsOf } from '../../../electron/engine/formats/video/converted.ts'
import { openFilm } from '../../../electron/engine/formats/video/open-film.ts'
import { limits } from '../../../shared/limits.ts'
import { remarkText } from '../../../shared/remarks/index.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'

/** Of the system; none is shipped. */
const program = 'ffmpeg'
const isInstalled = (() => {
  try {
    execFileSync(program, ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    process.stdout.write('skipped: no ffmpeg\n')
    return false
  }
})()

/** AMR, a second of it in frames of nothing. */
const voice = Buffer.concat([
  Buffer.from('#!AMR\n'),
  ...Array.from({ length: 50 }, () => Buffer.of(0x3c, ...Buffer.alloc(31))),
])

async function open(path: string) {
  const bytes = new Uint8Array(readFileSync(path))
  const read = (offset: number, length: number) => bytes.subarray(offset, Math.max(offset, offset + length))
  const document = await openFilm({ sizeBytes: bytes.length, path, read, whole: () => bytes })
  if (document.kind === 'failure') throw new Error(document.code)
  const found = await document.survey()
  if (found.kind === 'failure') throw new Error(found.code)
  return { document, found, said: found.omitted.map(each => remarkText(each, 'en')) }
}

async function fileOf(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  writeFileSync(path, bytes)
  return path
}

test('a recording in AMR is known by its beginning, and one in SILK by its name', async () => {
  expect(await sniff(voice)).toMatchObject({ kind: 'format', format: { name: 'recording' } })
  for (const head of ['#!SILK_V3', '\x02#!SILK_V3'])
    expect(await sniff(Buffer.from(`${head}\x0c\x00`, 'latin1'))).toMatchObject({
      kind: 'unsupported',
      what: { name: 'SILK' },
    })
})

test('without ffmpeg its sound is left out, with what to do', async () => {
  process.env.PRESCREEN_FFMPEG = 'off'
  onTestFinished(() => void delete process.env.PRESCREEN_FFMPEG)
  const { found, said } = await open(await fileOf('voice.amr', voice))
  expect([found.pieces, said]).toEqual([
    [],
    [
      '1 sound track in a coding that the platforms do not take and that was not converted here (AMR): convert to MP3, or install FFmpeg and check it again',
    ],
  ])
})

describe.skipIf(!isInstalled)('sound that the platforms do not take', () => {
  const made = async (name: string, ...coding: readonly string[]) => {
    const path = join(await temporaryFolder(), name)
    const tone = ['-f', 'lavfi', '-i', 'sine=d=2']
    execFileSync(program, ['-v', 'error', '-y', ...tone, ...coding, path], { stdio: 'ignore' })
    return path
  }
  const heard = async (path: string) => {
    const { document, found, said } = await open(path)
    expect(said).toEqual([])
    const sounds = found.pieces.filter(({ kind }) => kind === 'recording')
    expect(sounds.map(({ name }) => name)).toEqual(['sound 1'])
    const from = sounds[0]?.from
    const handle = from?.kind === 'handle' ? from.handle : ''
    const bytes = await document.load(handle)
    if ('kind' in bytes) throw new Error(bytes.code)
    expect(Buffer.from(bytes).equals(Buffer.from((await document.load(handle)) as Uint8Array))).toBe(true)
    return (await sniff(bytes)).kind
  }

  test('is converted: AMR, ALAC and AC-3', async () => {
    expect(await heard(await fileOf('voice.amr', voice))).toBe('audio')
    expect(await heard(await made('song.m4a', '-c:a', 'alac'))).toBe('audio')
    expect(await heard(await made('film.mkv', '-c:a', 'ac3'))).toBe('audio')
    expect(await heard(await made('film.mp4', '-c:a', 'eac3'))).toBe('audio')
  })

  test('and is damaged is left out', async () => {
    const bytes = readFileSync(await made('song.m4a', '-c:a', 'alac'))
    bytes.fill(0xff, 2000, 4000)
    const { found, said } = await open(await fileOf('damaged.m4a', bytes))
    expect([found.pieces, said.length]).toEqual([[], 1])
  })

  test('is never taken for a list of other files', async () => {
    const secret = await fileOf('secret.amr', voice)
    const list = `#!AMR\n#EXTM3U\n#EXTINF:1,\n${secret}\n`
    const { found, said } = await open(await fileOf('list.amr', Buffer.from(list)))
    expect([found.pieces, said.length]).toEqual([[], 1])
  })
})

test('what is longer than the platforms take is cut, with some seconds in both parts', () => {
  const frame = Buffer.alloc(4000)
  frame.set([0xff, 0xf1, 0x50, 0x80 | (4000 >> 11), (4000 >> 3) & 0xff, ((4000 & 7) << 5) | 0x1f, 0xfc])
  const parts = partsOf(Buffer.concat(Array.from({ length: 6000 }, () => frame)))
  expect(parts.length).toBe(3)
  expect(parts.every(({ start, end }) => end - start <= limits.mediaMaxBytes && start % 4000 === 0)).toBe(true)
  for (const [index, part] of parts.slice(1).entries()) {
    const before = parts[index]
    expect((before?.to ?? 0) - part.from).toBeCloseTo(3, 0)
  }
  expect(parts.at(-1)?.end).toBe(24_000_000)
})
