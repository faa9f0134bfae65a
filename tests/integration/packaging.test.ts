/** The real build, packed as electron-builder packs it and unpacked elsewhere: every child decodes a file of each format from there. */

import { cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, matchesGlob, relative, resolve } from 'node:path'
import process from 'node:process'
import { createPackageWithOptions, listPackage } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { families } from '../../electron/engine/formats/registry.ts'
import { buildIfStale } from '../../electron/launch/build-if-stale.ts'
import configuration from '../../resources/electron-builder.config.ts'
import { shippedPackages } from '../../resources/licences.ts'
import { films, specimens } from '../fixtures/formats/specimens.ts'
import { createReading } from '../fuzz/read-through.ts'

const repository = resolve(import.meta.dirname, '../..')
const never = new AbortController().signal
let folder: string
let archive: string

const unpacked = (path: string) => join(`${archive}.unpacked`, path)
const workers = () => ({
  imaging: unpacked('out/main/imaging-worker.js'),
  documents: unpacked('out/main/document-worker.js'),
})

beforeAll(async () => {
  // The whole suite has built it just now.
  if (process.env.PRESCREEN_TEST_CLI === undefined) expect(buildIfStale(repository)).toBe(true)
  folder = mkdtempSync(join(tmpdir(), 'prescreen-package-'))
  const stage = join(folder, 'stage')
  const patterns = [configuration.files, configuration.linux?.files].flatMap(some => [some ?? []].flat().map(String))
  const left = patterns.flatMap(pattern => (pattern.startsWith('!') ? [pattern.slice(1)] : []))
  const isShipped = (file: string) => !left.some(pattern => matchesGlob(relative(repository, file), pattern))
  const own = globSync(
    patterns.filter(pattern => !pattern.startsWith('!')),
    { cwd: repository },
  )
  const packages = shippedPackages(false).map(each => relative(repository, each.folder))
  for (const path of [...own, ...packages]) {
    if (!existsSync(join(repository, path)) || (own.includes(path) && statSync(join(repository, path)).isDirectory()))
      continue
    cpSync(join(repository, path), join(stage, path), { recursive: true, filter: isShipped })
  }
  archive = join(folder, 'app.asar')
  const unpack = [configuration.asarUnpack ?? []].flat().map(pattern => join(stage, pattern))
  await createPackageWithOptions(stage, archive, { unpack: `{${unpack.join(',')}}` })
  rmSync(stage, { recursive: true })
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the archive', () => {
  test('keeps every native library beside itself, libvips too, and no other platform’s', () => {
    const libraries = listPackage(archive, { isPack: false }).filter(file =>
      /\.(node|so|dylib|dll)(\.[\d.]+)?$/.test(file),
    )
    expect(libraries.some(file => file.includes('libvips-cpp'))).toBe(process.platform === 'linux')
    expect(libraries.some(file => file.includes('better-sqlite3'))).toBe(true)
    expect(libraries.filter(file => !existsSync(unpacked(file)))).toEqual([])
    expect(libraries.filter(file => /(?:win32|darwin)/.test(file))).toEqual([])
  })

  test('keeps the main process inside, where its integrity is checked', () => {
    const inside = ['out/main/index.js', 'node_modules/undici/package.json', 'resources/rules/medical.yaml']
    const files = listPackage(archive, { isPack: false })
    expect(inside.filter(file => !files.includes(`/${file}`) || existsSync(unpacked(file)))).toEqual([])
  })

  test('has the licences of others beside it', () => {
    expect(readFileSync(unpacked('out/main/licences.txt'), 'utf8')).toContain('GNU LESSER GENERAL PUBLIC LICENSE')
  })
})

describe('the children beside the archive, with nothing else at hand', () => {
  let reading: ReturnType<typeof createReading>
  beforeAll(() => {
    reading = createReading(join(folder, 'work'), workers())
  })
  afterAll(() => reading.close())

  test.each(Object.entries(specimens))('read %s', async (name, make) => {
    const file = join(folder, name)
    writeFileSync(file, await make())
    const { outcome, why, parts, letters } = await reading.readThrough(file, never)
    expect(why).toEqual([])
    expect(films.includes(name) ? ['left out', 'read'] : ['read']).toContain(outcome)
    expect(parts + letters).toBeGreaterThan(0)
  })

  test('run no WebAssembly but that which was tried', async () => {
    for (const path of [
      'node_modules/@embedpdf/pdfium/dist/pdfium.wasm',
      'node_modules/libheif-js/libheif-wasm/libheif.wasm',
      'node_modules/node-unrar-js/dist/js/unrar.wasm',
    ]) {
      const bytes = readFileSync(unpacked(path))
      bytes[bytes.length - 1]! ^= 1
      writeFileSync(unpacked(path), bytes)
    }
    // Others, which have loaded none yet.
    const altered = createReading(join(folder, 'work'), workers())
    try {
      for (const name of ['手册.pdf', '照片.heic', '素材.rar'])
        expect(await altered.readThrough(join(folder, name), never), name).toMatchObject({
          outcome: 'refused',
          why: ['internal_error'],
        })
    } finally {
      await altered.close()
    }
  })
})

test('a specimen is there of every format of documents and archives, and of every image format', async () => {
  const { imageFormats } = await import('../../electron/engine/imaging/image-format.ts')
  const extensions: Readonly<Record<string, string>> = {
    photoshop: 'psd',
    jpeg: 'jpg',
    'workbook pictures': 'xlsx',
    'old workbook content': 'xls',
    film: 'mp4',
    recording: 'm4a',
    mail: 'eml',
    gz: 'tgz',
  }
  const names = families.flatMap(({ formats }) =>
    formats.flatMap(({ reads, name }) => (reads === 'document' || reads === 'archive' ? [name] : [])),
  )
  const missing = [...names, ...imageFormats.map(({ name }) => name)].filter(
    name => !Object.keys(specimens).some(file => file.endsWith(`.${extensions[name] ?? name}`)),
  )
  expect(missing, 'add one to tests/fixtures/formats/specimens.ts').toEqual([])
})
