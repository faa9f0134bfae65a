import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { parseCsv, parseJsonl, parseManifest } from '../../fixtures/contract-v1/parser.ts'
import { engineFor, rowsOf, sandboxFor, screenAll, temporaryFolder } from '../../fixtures/engine/harness.ts'

const repository = resolve(import.meta.dirname, '../../..')
/** Reports as version 1 wrote them, of the batches below. */
const recorded = join(repository, 'tests/fixtures/contract-v1')
const languages = ['zh', 'en'] as const
const formats = ['csv', 'jsonl'] as const

/** Something of everything that a record can say: kinds, verdicts, places, notes, reuse, names that have to be quoted. */
async function writeRichMaterial(folder: string): Promise<void> {
  mkdirSync(join(folder, '海报'), { recursive: true })
  const lines = Array.from({ length: 60 }, (_, index) => `第 ${index + 1} 行：新品上市，欢迎选购。${'春茶'.repeat(40)}`)
  const files: Record<string, string | Uint8Array> = {
    '=cmd|x.txt': '新品上市',
    'a "quoted", 名.txt': '今日红灯果特惠',
    'copy.txt': '新品上市',
    'long.txt': [...lines.slice(0, 30), '夜行筐', ...lines.slice(30), 'quillmarrow grumblefig'].join('\n'),
    'maybe.md': '# 叮咚彩铺\n\n哼哈豆',
    'broken.txt': Uint8Array.from({ length: 400 }, (_, index) => (index * 97 + 129) % 256),
    'broken.png': Uint8Array.from({ length: 400 }, (_, index) => (index * 31) % 256),
    'page.html': '<p>门店<span style="display:none">金泡券</span></p><img src="a.png" alt="软云筷">',
    '海报/tall.png': await sharp({ create: { width: 750, height: 4000, channels: 3, background: '#c0ffee' } })
      .png()
      .toBuffer(),
    '海报/wide.jpg': await sharp({ create: { width: 1800, height: 600, channels: 3, background: '#facade' } })
      .jpeg()
      .toBuffer(),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const frames = ['#ff0000', '#00ff00', '#0000ff'].map(background => ({
    create: { width: 120, height: 90, channels: 3, background } as const,
  }))
  await sharp(await Promise.all(frames.map(frame => sharp(frame).png().toBuffer())), { join: { animated: true } })
    .gif()
    .toFile(join(folder, '海报/three.gif'))
}

/** Screens the batches with the practice profiles, decides some, and writes every report into a folder. */
async function writeReports(): Promise<string> {
  const folder = await temporaryFolder()
  const out = join(folder, 'reports')
  mkdirSync(out)
  const sandbox = await sandboxFor()
  const engine = await engineFor(join(folder, 'data'), { sandboxUrl: sandbox.url, controls: true })
  const profiles = engine.profiles.list().filter(({ practice }) => practice)
  const rich = join(folder, 'rich')
  await writeRichMaterial(rich)
  const samples = join(folder, 'samples')
  cpSync(join(repository, 'resources/samples'), samples, { recursive: true })
  for (const [name, inputs, options] of [
    ['samples', [samples], { textColumn: '文案' }],
    ['rich', [rich], {}],
  ] as const) {
    const { id } = await screenAll(engine, inputs, profiles, options)
    const [first, second, third] = (await rowsOf(engine, id)).map(row => row.id)
    if (first === undefined || second === undefined || third === undefined) throw new Error(`${name} is too small`)
    await engine.review.decide([first], 'approve', null)
    await engine.review.decide([second], 'reject', 1)
    await engine.review.note([third], '备注，"含引号"\n第二行')
    for (const language of languages) {
      for (const format of formats) {
        const file = join(out, `${name}.${language}.${format}`)
        await engine.reports.export(
          { of: 'batch', batch: id },
          format,
          file,
          language,
          () => undefined,
          new AbortController().signal,
        )
      }
    }
  }
  return out
}

/** Every report of a folder, read by a program that knows version 1 alone. */
function read(folder: string) {
  const names = readdirSync(folder).filter(name => /\.(csv|jsonl)$/.test(name))
  return Object.fromEntries(
    names.toSorted().map(name => {
      const bytes = readFileSync(join(folder, name))
      const manifest = parseManifest(readFileSync(join(folder, `${name}.manifest.json`), 'utf8'), bytes)
      const records = name.endsWith('.csv') ? parseCsv(bytes.toString()) : parseJsonl(bytes.toString())
      expect(records).toHaveLength(Number(manifest.rows))
      return [name, records] as const
    }),
  )
}

/** Names of fields at any depth, and the types that their values have when they are not null. */
function shape(value: unknown, path = '', found = new Map<string, Set<string>>()): Map<string, Set<string>> {
  if (Array.isArray(value)) for (const item of value) shape(item, `${path}[]`, found)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) shape(member, `${path}.${name}`, found)
  } else {
    const types = found.get(path) ?? new Set()
    found.set(path, value === null ? types : types.add(typeof value))
  }
  return found
}

describe('records and manifests of version 1', () => {
  test('are read by the parser of that time as they were written then', () => {
    expect(Object.keys(read(recorded))).toEqual(
      ['rich', 'samples']
        .flatMap(name => languages.flatMap(language => formats.map(format => `${name}.${language}.${format}`)))
        .toSorted(),
    )
  })

  test('are read by it as they are written today, with every field that they had, of the types that it had', async () => {
    const then = read(recorded)
    const now = read(await writeReports())
    expect(Object.keys(now)).toEqual(Object.keys(then))
    for (const [name, records] of Object.entries(then)) {
      const today = shape(now[name])
      for (const [field, types] of shape(records)) {
        const found = today.get(field)
        expect(found, `${name}: ${field}`).toBeDefined()
        // What was null throughout says nothing of its type; the parser does.
        if (types.size > 0)
          expect(
            [...(found ?? [])].filter(type => !types.has(type)),
            `${name}: ${field}`,
          ).toEqual([])
      }
    }
  })

  test('may have more, but nothing less, nothing by another name and nothing of another kind', () => {
    const csv = readFileSync(join(recorded, 'samples.en.csv'), 'utf8')
    const [line = ''] = readFileSync(join(recorded, 'samples.en.jsonl'), 'utf8').split('\n')
    const record: Record<string, unknown> = JSON.parse(line)
    const { path: _, ...less } = record
    const read = (changed: object) => parseJsonl(`${JSON.stringify(changed)}\n`)
    expect(read({ ...record, more: { than: ['before'] } })).toHaveLength(1)
    expect(() => read(less)).toThrow('line 1 has no path')
    expect(() => read({ ...record, parts: String(record.parts) })).toThrow('line 1: parts is')
    expect(() => parseCsv(csv.replace('label_codes', 'codes'))).toThrow('column 12 is codes, not label_codes')
    expect(() => parseCsv(csv.replace('rids,trace_ids', 'trace_ids,rids'))).toThrow('column 20 is trace_ids, not rids')
  })
})
