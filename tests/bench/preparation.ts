/**
 * Images per second through the product's imaging, as a ratio to a bare sharp pipeline (decode, fit, encode) on the same files with
 * the same cores, measured in turns in one run. Run alone: node tests/bench/preparation.ts
 */

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import sharp from 'sharp'
import { createImaging, type Imaging } from '../../electron/engine/imaging/imaging.ts'
import { limits } from '../../shared/limits.ts'
import { picture } from './documents.ts'

export interface PreparationResult {
  readonly files: number
  readonly cores: number
  readonly bareImagesPerSecond: number
  readonly imagesPerSecond: number
  /** Median over the rounds of ours by bare. */
  readonly ratio: number
}

const rounds = 7

export async function benchPreparation(): Promise<PreparationResult> {
  const cores = availableParallelism()
  const folder = await mkdtemp(path.join(tmpdir(), 'prescreen-bench-'))
  const imaging = createImaging({ workers: cores })
  sharp.cache(false)
  try {
    const files = await makeFiles(path.join(folder, 'files'))
    // Bare sharp gets a thread for each core. The product has a child for each, and like a batch always a file that waits for it.
    const ways = {
      bare: () => throughput(files, cores, prepareBare),
      ours: () => throughput(files, cores * 2, file => prepareOurs(imaging, file)),
    }
    // Starts the children and fills the page cache.
    await ways.bare()
    await ways.ours()
    const measured: { bare: number; ours: number }[] = []
    for (let round = 0; round < rounds; round++) {
      // The second one runs on a warmer machine: they take turns.
      const bareFirst = round % 2 === 0 ? await ways.bare() : null
      const ours = await ways.ours()
      measured.push({ bare: bareFirst ?? (await ways.bare()), ours })
    }
    return {
      files: files.length,
      cores,
      bareImagesPerSecond: median(measured.map(round => round.bare)),
      imagesPerSecond: median(measured.map(round => round.ours)),
      ratio: median(measured.map(round => round.ours / round.bare)),
    }
  } finally {
    await imaging.close()
    await rm(folder, { recursive: true })
  }
}

/** What a script would do: the same limits and quality as the product, without its checks. */
async function prepareBare(file: string): Promise<void> {
  const { imageMaxWidth: width, imageMaxHeight: height } = limits
  await sharp(file)
    .autoOrient()
    .resize(width, height, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 90 })
    .toBuffer()
}

async function prepareOurs(imaging: Imaging, file: string): Promise<void> {
  const options = { mode: 'fit', maxTiles: 60 } as const
  const result = await imaging.prepare({ path: file }, options, async () => undefined, new AbortController().signal)
  if (result.kind === 'failure') throw new Error(`${file}: ${result.code} ${result.detail}`)
}

/** Images per second with `lanes` files under way. */
async function throughput(files: readonly string[], lanes: number, prepare: (file: string) => Promise<void>) {
  const started = performance.now()
  const rest = files.values()
  const lane = async () => {
    for (const file of rest) await prepare(file)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return files.length / ((performance.now() - started) / 1000)
}

/** Photographs, posters and cut-outs in the sizes that marketing departments send; nothing that may be sent as it is. */
async function makeFiles(folder: string): Promise<readonly string[]> {
  await mkdir(folder)
  const kinds = [
    { name: 'photo-12mp.jpg', width: 4000, height: 3000, count: 6 },
    { name: 'poster.jpg', width: 1080, height: 1920, count: 10 },
    { name: 'square.png', width: 1080, height: 1080, count: 6 },
    { name: 'cut-out.png', width: 1000, height: 1000, count: 4 },
    { name: 'banner.webp', width: 1920, height: 1080, count: 6 },
  ]
  for (const { name, width, height, count } of kinds) {
    for (let index = 0; index < count; index++) {
      const isCutOut = name.startsWith('cut-out')
      const drawn = sharp(picture(width, height, index, isCutOut))
      const made = (isCutOut ? drawn : drawn.flatten()).toFormat(formatOf(name))
      await writeFile(path.join(folder, `${index}-${name}`), await made.toBuffer())
    }
  }
  return (await readdir(folder)).toSorted().map(name => path.join(folder, name))
}

function formatOf(name: string): 'jpeg' | 'png' | 'webp' {
  if (name.endsWith('.jpg')) return 'jpeg'
  return name.endsWith('.png') ? 'png' : 'webp'
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

if (process.argv[1] === import.meta.filename) {
  const result = await benchPreparation()
  process.stdout.write(
    `preparation: ${result.imagesPerSecond.toFixed(1)} images/s, bare sharp ${result.bareImagesPerSecond.toFixed(1)} images/s, ` +
      `ratio ${result.ratio.toFixed(2)} (${result.files} files, ${result.cores} cores)\n`,
  )
}
