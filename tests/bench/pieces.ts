/**
 * Files that are read in pieces: how fast they become parts, as a ratio to what a careful script does with the bare library in as many
 * processes as there are cores, measured in turns; how soon the first call of a large mixed folder leaves; the memory of large
 * documents beside that of small ones; and how long input in the window waits meanwhile.
 *
 *     node tests/bench/pieces.ts [preparation] [first-call] [memory] [input]
 */

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { HeadlessEngine } from '../../electron/engine/app/api.ts'
import { registry } from '../../electron/engine/checkers/registry.ts'
import { createDocuments } from '../../electron/engine/formats/documents/documents.ts'
import { createImaging } from '../../electron/engine/imaging/imaging.ts'
import { createUnpacked } from '../../electron/engine/intake/unpacked.ts'
import { createMaterial } from '../../electron/engine/screening/material.ts'
import { defaultOptions } from '../../shared/screening.ts'
import { brochure, deck, largeArchive, layeredPoster, mixedFolder, tiledPhoto } from './documents.ts'
import { type Server, screenAll, startServer } from './memory.ts'
import { openBenchEngine, unlimited } from './overhead.ts'
import { benchPreparation } from './preparation.ts'
import { benchInputOverDocuments } from './window.ts'

interface Way {
  /** Answers how many pictures were made of a file. */
  prepare(path: string): Promise<number>
  /** Files under way at the same time. */
  readonly lanes: number
  close(): Promise<void>
}

const cores = availableParallelism()

function bareLibrary(): Way {
  const children = Array.from({ length: cores }, () =>
    fork(join(import.meta.dirname, 'bare.ts'), { env: { ...process.env, MALLOC_ARENA_MAX: '2' } }),
  )
  const idle = [...children]
  return {
    lanes: cores,
    prepare: async path => {
      const child = idle.pop()
      if (child === undefined) throw new Error('more files than children')
      child.send(path)
      const [answer] = (await once(child, 'message')) as [{ made: number } | { error: string }]
      idle.push(child)
      if ('error' in answer) throw new Error(`${path}: ${answer.error}`)
      return answer.made
    },
    close: async () => {
      for (const child of children) child.kill()
    },
  }
}

function product(folder: string): Way {
  const imaging = createImaging()
  const documents = createDocuments()
  const material = createMaterial({ stdin: null, documents, films: null, unpacked: createUnpacked(folder, documents) })
  return {
    lanes: cores * 4,
    prepare: async path => {
      const { signal } = new AbortController()
      const content = await material.read(JSON.stringify({ kind: 'file', path }), defaultOptions, signal)
      if (content.kind === 'failure') throw new Error(`${path}: ${content.code} ${content.detail}`)
      let made = 0
      for (const piece of content.pictures) {
        const input = await piece.load(signal)
        if ('kind' in input) throw new Error(`${path}: ${input.code} ${input.detail}`)
        const options = { mode: piece.isReadableWhole ? 'fit' : 'auto', maxTiles: 60 } as const
        const prepared = await imaging.prepare(input, options, async () => undefined, signal)
        if (prepared.kind === 'failure') throw new Error(`${path}: ${prepared.code} ${prepared.detail}`)
        made += prepared.parts
      }
      return made
    },
    close: async () => {
      await Promise.all([material.close(), imaging.close(), documents.close()])
    },
  }
}

/** Pictures made in a second. */
async function throughput(
  { prepare, lanes }: Way,
  files: readonly string[],
): Promise<{ perSecond: number; made: number }> {
  const started = performance.now()
  const rest = files.values()
  let made = 0
  const lane = async () => {
    for (const file of rest) {
      const parts = await prepare(file)
      made += parts
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return { perSecond: made / ((performance.now() - started) / 1000), made }
}

const rounds = 3

async function compare(name: string, files: readonly string[], folder: string): Promise<void> {
  const bare = bareLibrary()
  const ours = product(folder)
  try {
    const counts = [await throughput(bare, files), await throughput(ours, files)]
    if (counts[0]?.made !== counts[1]?.made) throw new Error(`not the same outcome: ${counts.map(({ made }) => made)}`)
    const measured: { bare: number; ours: number }[] = []
    for (let round = 0; round < rounds; round++) {
      const first = round % 2 === 0 ? await throughput(bare, files) : null
      const own = await throughput(ours, files)
      measured.push({ bare: (first ?? (await throughput(bare, files))).perSecond, ours: own.perSecond })
    }
    const ratio = median(measured.map(round => round.ours / round.bare))
    say(
      `preparation of ${name}: ${ratio.toFixed(2)} of the bare library (${median(measured.map(round => round.ours)).toFixed(1)} pictures/s, ` +
        `bare ${median(measured.map(round => round.bare)).toFixed(1)}; ${files.length} files, ${cores} cores)`,
    )
  } finally {
    await Promise.all([bare.close(), ours.close()])
  }
}

async function benchPreparations(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'prescreen-bench-'))
  const write = async (name: string, bytes: Uint8Array) => {
    await writeFile(join(folder, name), bytes)
    return join(folder, name)
  }
  const made = (count: number, make: (seed: number) => Promise<string>) =>
    Promise.all(Array.from({ length: count }, (_, seed) => make(seed)))
  try {
    const kinds = {
      'PDF (@embedpdf/pdfium)': await made(
        cores * 4,
        async seed => await write(`${seed}.pdf`, await brochure(6, seed)),
      ),
      'PSD (ag-psd)': await made(
        cores * 3,
        async seed => await write(`${seed}.psd`, await layeredPoster(1080, 1920, seed)),
      ),
      'HEIC (libheif-js)': await made(cores * 2, async seed => await write(`${seed}.heic`, tiledPhoto(36, 27, seed))),
    }
    for (const [name, files] of Object.entries(kinds)) await compare(name, files, join(folder, 'unpacked'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

const mixedFiles = 10_000

/** How soon the first call leaves for a large folder: when a batch begins, when a plan was made before, and from the start of the command line. */
async function benchFirstCall(): Promise<void> {
  for (const { endpoints } of [registry.platformOf('wechat')])
    for (const endpoint of endpoints) Object.assign(endpoint, { limit: { perMinute: null, perDay: null } })
  const folder = await mkdtemp(join(tmpdir(), 'prescreen-bench-'))
  const server = await startServer()
  const material = join(folder, 'material')
  try {
    await mixedFolder(material, mixedFiles)
    const request = { inputs: [material], profiles: [unlimited(server.url)], options: defaultOptions, name: null }
    const measured: { batch: number; drop: number; commandLine: number }[] = []
    for (let round = 0; round < rounds; round++) {
      measured.push({
        batch: await firstCallOf(server, join(folder, `batch-${round}`), engine => engine.screen(request)),
        drop: await firstCallOf(server, join(folder, `drop-${round}`), async engine => {
          // As who drops a folder and says yes at the first numbers.
          const stop = new AbortController()
          const shown = Promise.withResolvers<void>()
          const plan = engine.plan(request, () => shown.resolve(), stop.signal).catch(() => undefined)
          await Promise.race([shown.promise, plan])
          stop.abort()
          return await engine.screen(request)
        }),
        commandLine: (await screenAll(server, material, join(folder, `cli-${round}`), true)).firstCallMs,
      })
    }
    const ms = (of: (each: (typeof measured)[number]) => number) => `${Math.round(median(measured.map(of)))} ms`
    say(
      `first call of ${mixedFiles} mixed files: ${ms(each => each.batch)} from the start of the batch, ${ms(each => each.drop)} from the drop ` +
        `where the first numbers of its plan are answered at once, ${ms(each => each.commandLine)} from the start of the command line's process`,
    )
  } finally {
    server.end()
    await rm(folder, { recursive: true })
  }
}

async function firstCallOf(
  server: Server,
  dataDir: string,
  begin: (engine: HeadlessEngine) => Promise<{ readonly id: string; readonly done: Promise<unknown> }>,
): Promise<number> {
  const engine = await openBenchEngine(dataDir)
  try {
    const called = server.firstCall()
    const started = performance.now()
    const run = await begin(engine)
    run.done.catch(() => undefined)
    await called
    return performance.now() - started
  } finally {
    await engine.close()
  }
}

/** Largest resident memory of all of the program's processes: large documents beside small ones of their kind. */
async function benchDocumentMemory(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'prescreen-bench-'))
  const server = await startServer()
  const write = async (name: string, bytes: Uint8Array) => await writeFile(join(folder, name), bytes)
  const gigabyte = 1e9
  const kinds: readonly (readonly [
    string,
    string,
    (path: string) => Promise<void>,
    (path: string) => Promise<void>,
  ])[] = [
    [
      'a PDF of 500 pages',
      'one of 5',
      async to => await write(to, await brochure(500, 1)),
      async to => await write(to, await brochure(5, 1)),
    ],
    [
      'a PPTX of 100 slides',
      'one of 5',
      async to => await write(to, await deck(100, 1)),
      async to => await write(to, await deck(5, 1)),
    ],
    [
      'a ZIP of 10 GB',
      'one of 10 MB',
      async to =>
        await largeArchive(
          join(folder, to),
          40,
          Array.from({ length: 10 }, () => gigabyte),
        ),
      async to => await largeArchive(join(folder, to), 10, []),
    ],
  ]
  try {
    for (const [index, [large, small, makeLarge, makeSmall]] of kinds.entries()) {
      const peaks: number[] = []
      for (const [size, make] of [makeSmall, makeLarge].entries()) {
        const name = `${index}-${size}.${large.split(' ')[1]?.toLowerCase()}`
        await make(name)
        const { togetherMb, said } = await screenAll(server, join(folder, name), join(folder, `data-${index}-${size}`))
        if (!said.includes('"pass":')) throw new Error(`${large}: ${said.slice(0, 500)}`)
        peaks.push(togetherMb)
        await rm(join(folder, name))
      }
      const [least = 0, most = 0] = peaks
      say(
        `memory: ${large} ${Math.round(most)} MB, ${small} ${Math.round(least)} MB, ratio ${(most / least).toFixed(2)}`,
      )
    }
  } finally {
    server.end()
    await rm(folder, { recursive: true })
  }
}

const benches = {
  preparation: async () => {
    const { ratio, imagesPerSecond, bareImagesPerSecond, files } = await benchPreparation()
    say(
      `preparation of pictures (sharp): ${ratio.toFixed(2)} of the bare library (${imagesPerSecond.toFixed(1)} pictures/s, ` +
        `bare ${bareImagesPerSecond.toFixed(1)}; ${files} files, ${cores} cores)`,
    )
    await benchPreparations()
  },
  'first-call': benchFirstCall,
  memory: benchDocumentMemory,
  input: async () => {
    const { planned, screened, frames } = await benchInputOverDocuments()
    const waits = ({ p95Ms, maxMs, inputs }: typeof planned) =>
      `p95 ${Math.round(p95Ms)} ms, at most ${Math.round(maxMs)} ms (${inputs} inputs)`
    say(
      `input in the window over documents, layered pictures and films waits: while they are planned ${waits(planned)}; ` +
        `while they are screened, opened and paged ${waits(screened)}, next frame after p95 ${Math.round(screened.answeredP95Ms)} ms; ` +
        `the longest task of the page takes ${Math.round(frames.longestTaskCpuMs)} ms of the processor`,
    )
  },
}

const chosen = process.argv.slice(2)
for (const [name, bench] of Object.entries(benches)) if (chosen.length === 0 || chosen.includes(name)) await bench()
