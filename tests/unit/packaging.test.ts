import { fork } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createPackageWithOptions, listPackage } from '@electron/asar'
import { FuseV1Options } from '@electron/fuses'
import sharp from 'sharp'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import configuration, { fuses } from '../../resources/electron-builder.config.ts'
import { coded, heic } from '../integration/imaging/heic-files.ts'
import { docxOf } from './formats/zip-file.ts'

const repository = resolve(import.meta.dirname, '../..')
const read = createRequire(join(repository, 'package.json'))

describe('the fuses of a release', () => {
  test('are all decided, those of tomorrow fail the build', () => {
    const decided = fuses('release')
    expect(decided.strictlyRequireAllFuses).toBe(true)
    for (const fuse of Object.values(FuseV1Options).filter(value => typeof value === 'number')) {
      expect(decided, FuseV1Options[fuse]).toHaveProperty(String(fuse))
    }
  })

  test('let nobody run other code in its name', () => {
    expect(fuses('release')).toMatchObject({
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    })
  })

  test('differ in the test flavour by the inspector alone', () => {
    expect(fuses('test')).toEqual({ ...fuses('release'), [FuseV1Options.EnableNodeCliInspectArguments]: true })
  })
})

describe('the configuration', () => {
  test('is one that electron-builder takes', async () => {
    const { validateConfiguration } = read('app-builder-lib/out/util/config/config.js')
    const { DebugLogger } = read('builder-util')
    await expect(validateConfiguration(configuration, new DebugLogger(false))).resolves.toBeUndefined()
    await expect(validateConfiguration({ ...configuration, nonsense: 1 }, new DebugLogger(false))).rejects.toThrow()
  })

  test('ships the rule books, within the archive whose integrity is checked', () => {
    expect(configuration.files).toContain('resources/rules/**')
    expect([configuration.asarUnpack].flat().filter(pattern => String(pattern).includes('rules'))).toEqual([])
  })

  test('never rebuilds the addons, and makes what was promised for each platform', () => {
    expect(configuration).toMatchObject({
      npmRebuild: false,
      asar: true,
      win: { target: [{ target: 'nsis', arch: ['x64', 'arm64'] }] },
      mac: { target: [{ target: 'dmg', arch: ['arm64', 'x64'] }] },
      linux: { target: ['AppImage', 'deb'] },
    })
  })

  test('names icons that are there', () => {
    for (const icon of [configuration.win?.icon, configuration.mac?.icon, configuration.linux?.icon]) {
      expect(existsSync(join(repository, String(icon))), String(icon)).toBe(true)
    }
  })

  test('offers the program for its files and makes it the default of none', () => {
    const { fileAssociations, win, mac, linux, nsis } = configuration
    // Of these electron-builder makes defaults on Windows, whatever their rank.
    expect(fileAssociations).toBeUndefined()
    expect(win?.fileAssociations).toBeUndefined()
    expect(linux?.fileAssociations).toEqual(mac?.fileAssociations)
    const offered = [mac?.fileAssociations ?? []].flat()
    expect(offered.map(({ rank }) => rank)).toEqual(offered.map(() => 'Alternate'))

    // <EXT> for NSIS' own way to write what is filled in.
    const script = readFileSync(join(repository, String(nsis?.include)), 'utf8').replaceAll(/\$\{(\w+)\}/g, '<$1>')
    const materials = [...script.matchAll(/<ACTION> "(\w+)" "([\w ]+)"/g)].map(([, ext, name]) => [ext, name])
    expect(materials).toEqual(offered.flatMap(({ ext, name }) => [ext].flat().map(one => [one, name])))
    // Nothing is written to an extension but the word that there is one more program.
    const writes = [...script.matchAll(/^\s*WriteReg\w+ SHELL_CONTEXT (.*)$/gm)].map(([, what = '']) => what)
    const toExtensions = writes.filter(what => what.includes('.<EXT>'))
    expect(toExtensions).toEqual([String.raw`"Software\Classes\.<EXT>\OpenWithProgids" "<MATERIAL_PROGID>"`])
    for (const what of writes.filter(other => !toExtensions.includes(other))) {
      expect(what).toContain(String.raw`"Software\Classes\<MATERIAL_PROGID>`)
    }
    // What installing wrote, removing takes away.
    const [, removing] = script.split('!macro customUnInstall')
    expect(removing).toContain(String.raw`DeleteRegKey SHELL_CONTEXT "Software\Classes\<MATERIAL_PROGID>"`)
    expect(removing).toContain('forEachMaterial withdrawFor')
    const [, withdrawing] = script.split('!macro withdrawFor')
    expect(withdrawing).toContain(`DeleteRegValue SHELL_CONTEXT ${toExtensions[0]}`)
  })

  test('ships no package that only the window is built from', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
    for (const name of [
      'react',
      'react-dom',
      '@mantine/core',
      'recharts',
      'zustand',
      'i18next',
      'electron',
      'playwright',
    ]) {
      expect(dependencies).not.toHaveProperty(name)
      expect(devDependencies).toHaveProperty(name)
    }
  })
})

describe('the archive', () => {
  let folder: string
  let archive: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'prescreen-package-'))
    const stage = join(folder, 'stage')
    await build({
      configFile: false,
      logLevel: 'warn',
      root: repository,
      // As electron.vite.config.ts has it: what is not bundled there lies beside.
      ssr: { noExternal: true, external: ['sharp', 'libheif-js', 'better-sqlite3', 'fastify'] },
      build: {
        ssr: true,
        outDir: join(stage, 'out/main'),
        minify: false,
        rolldownOptions: {
          input: {
            'imaging-worker': join(repository, 'electron/engine/imaging/worker.ts'),
            'document-worker': join(repository, 'electron/engine/formats/documents/worker.ts'),
          },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    })
    writeFileSync(join(stage, 'out/main/index.js'), '')
    writeFileSync(join(stage, 'package.json'), JSON.stringify({ name: 'prescreen', type: 'module' }))
    for (const name of ['sharp', '@img', 'detect-libc', 'semver', 'zod', 'libheif-js', 'better-sqlite3', 'undici']) {
      cpSync(join(repository, 'node_modules', name), join(stage, 'node_modules', name), { recursive: true })
    }
    archive = join(folder, 'app.asar')
    const patterns = [configuration.asarUnpack ?? []].flat().map(pattern => join(stage, pattern))
    await createPackageWithOptions(stage, archive, { unpack: `{${patterns.join(',')}}` })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const unpacked = (path: string) => existsSync(join(`${archive}.unpacked`, path))

  test('keeps every native library beside itself, libvips too', () => {
    const libraries = listPackage(archive, { isPack: false }).filter(file =>
      /\.(node|so|dylib|dll)(\.[\d.]+)?$/.test(file),
    )
    expect(libraries.some(file => file.includes('libvips-cpp'))).toBe(process.platform === 'linux')
    expect(libraries.some(file => file.includes('better-sqlite3'))).toBe(true)
    expect(libraries.filter(file => !unpacked(file))).toEqual([])
  })

  test('keeps the main process inside, where its integrity is checked', () => {
    expect(unpacked('out/main/index.js')).toBe(false)
    expect(unpacked('node_modules/undici/package.json')).toBe(false)
  })

  test.each([
    [
      'PNG',
      () =>
        sharp({ create: { width: 64, height: 48, channels: 3, background: '#c33' } })
          .png()
          .toBuffer(),
      48,
    ],
    ['HEIC', async () => heic([{ type: 'hvc1', data: coded.red }]), 64],
  ])('has an imaging child that runs from beside it, with nothing else at hand: %s', async (name, make, height) => {
    const file = join(folder, name)
    writeFileSync(file, await make())
    const child = fork(join(`${archive}.unpacked`, 'out/main/imaging-worker.js'), [], {
      cwd: folder,
      execArgv: [],
      serialization: 'advanced',
    })
    try {
      const look = { sizePx: 64, blur: 'off', grey: false }
      child.send({
        kind: 'job',
        file: { path: file },
        task: { kind: 'thumbnail', options: look },
        maxBytes: 1e7,
        maxPixels: 1e8,
        memoryMb: 1000,
      })
      const [answer] = await once(child, 'message')
      expect(answer).toMatchObject({ kind: 'thumbnail' })
      expect(await sharp(answer.bytes).metadata()).toMatchObject({ width: 64, height })
    } finally {
      child.kill('SIGKILL')
    }
  })

  test('has a child that reads documents from beside it', async () => {
    const file = join(folder, 'a.docx')
    const bytes = docxOf(['秋季新品'])
    writeFileSync(file, bytes)
    const child = fork(join(`${archive}.unpacked`, 'out/main/document-worker.js'), [], {
      cwd: folder,
      execArgv: [],
      serialization: 'advanced',
    })
    try {
      const sha256 = hash('sha256', bytes)
      child.send({ kind: 'job', format: 'docx', path: file, sha256, task: { kind: 'survey' }, memoryMb: 1000 })
      const [answer] = await once(child, 'message')
      expect(answer).toMatchObject({ kind: 'surveyed', survey: { text: '秋季新品' } })
    } finally {
      child.kill('SIGKILL')
    }
  })
})
