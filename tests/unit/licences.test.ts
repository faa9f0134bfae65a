import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, matchesGlob, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { webAssemblies } from '../../electron/engine/base/web-assembly.ts'
import configuration from '../../resources/electron-builder.config.ts'
import { licencesPage, noticeOf, noticesText, readNotices, shippedPackages, textsOf } from '../../resources/licences.ts'

const root = resolve(import.meta.dirname, '../..')
const notices = readNotices()
const packages = shippedPackages()
const installed = packages.filter(({ folder }) => existsSync(folder))

/** Licences that ask for no more than their own text to be carried along. */
const plain = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|Zlib|CC0-1\.0|BlueOak-1\.0\.0|Unlicense| |AND|OR|\(|\))+$/

/** Built for machines, other than by us. */
const isBinary = (file: string) => /\.(wasm|node|dylib|dll|exe|onnx)$|\.so(\.\d+)*$/.test(file)

const advice = (name: string) =>
  `${name}: write resources/notices/NAME.md (what is inside, licences, copyright, source) with the package under "Covers:"`

describe('the licences of others', () => {
  test('are listed as they are', () => {
    expect(
      readFileSync(join(root, 'docs/licences.md'), 'utf8') === licencesPage(),
      'docs/licences.md is stale: npm run licences',
    ).toBe(true)
  })

  test('are carried along: each package brings its text, or has a notice', () => {
    const without = installed.filter(each => textsOf(each).length === 0 && noticeOf(each.name, notices) === null)
    expect(without.map(({ name }) => advice(name))).toEqual([])
  })

  test('that want more than their text have a notice, and none is the GPL', () => {
    const special = packages.filter(({ licence }) => !plain.test(licence))
    expect(special.filter(({ name }) => noticeOf(name, notices) === null).map(({ name }) => advice(name))).toEqual([])
    const strong = /(^|[^L])A?GPL/
    expect(packages.filter(({ licence }) => strong.test(licence)).map(({ name }) => name)).toEqual([])
    expect(notices.filter(({ licence }) => strong.test(licence)).map(({ file }) => file)).toEqual([])
  })

  test('are known of every binary that is shipped', () => {
    const binaries = installed.filter(({ folder }) => globSync('**/*', { cwd: folder }).some(isBinary))
    expect(binaries.length).toBeGreaterThan(3)
    expect(binaries.filter(({ name }) => noticeOf(name, notices) === null).map(({ name }) => advice(name))).toEqual([])
  })

  test('have notices of what is shipped, complete, with texts that are there', () => {
    const names = ['electron', ...packages.map(({ name }) => name)]
    for (const notice of notices) {
      const { file, title, licence, texts, covers, content } = notice
      expect([title, licence, /^Source: https:/m.test(content)], file).not.toContain('')
      expect(/^Source: https:/m.test(content), file).toBe(true)
      for (const text of texts)
        expect(existsSync(join(root, 'resources/notices/texts', `${text}.txt`)), `${file}: ${text}`).toBe(true)
      for (const pattern of covers)
        expect(
          names.some(name => noticeOf(name, [{ ...notice, covers: [pattern] }])),
          `${file} covers ${pattern}`,
        ).toBe(true)
    }
    const used = notices.flatMap(({ texts }) => texts)
    const kept = globSync('*.txt', { cwd: join(root, 'resources/notices/texts') })
    expect(kept.filter(file => !used.includes(file.replace('.txt', '')))).toEqual([])
  })

  test('are in one file, which is beside the archive', () => {
    const text = noticesText()
    for (const { title } of notices) expect(text).toContain(title)
    expect(text).toContain('react-dom')
    expect(text).toContain('GNU LESSER GENERAL PUBLIC LICENSE')
    expect(configuration.asarUnpack).toContain('out/main/licences.txt')
  })
})

describe('WebAssembly', () => {
  test('that is shipped is run by its hash alone', () => {
    const { files } = configuration
    const left = [files ?? []]
      .flat()
      .map(String)
      .filter(pattern => pattern.startsWith('!'))
      .map(pattern => pattern.slice(1))
    const shipped = installed
      .filter(({ name }) => !name.startsWith('@img/'))
      .flatMap(({ name, folder }) => globSync('**/*.wasm', { cwd: folder }).map(file => `${name}/${file}`))
      .filter(file => !left.some(pattern => matchesGlob(`node_modules/${file}`, pattern)))
    const pinned = Object.keys(webAssemblies).map(name => name.replace('pdfium/pdfium.wasm', 'pdfium/dist/pdfium.wasm'))
    expect(shipped.toSorted(), 'pin it in electron/engine/base/web-assembly.ts').toEqual(pinned.toSorted())
  })
})
