import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { HeadlessEngine } from '../../../electron/engine/app/api.ts'
import { createRegistry } from '../../../electron/engine/checkers/create-registry.ts'
import { type LocalChecker, localTextEndpoint } from '../../../electron/engine/checkers/local-checker.ts'
import { registry as product } from '../../../electron/engine/checkers/registry.ts'
import { gridOutcomes, gridRules } from '../../../shared/grid.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { houseRule, houseWords } from '../../fixtures/checkers/house-words.ts'
import { engineFor, screenAll, temporaryFolder } from '../../fixtures/engine/harness.ts'

/** Batches before what looks on this machine, from files to the grid. */

const registry = createRegistry([...product.checkers, houseWords])

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(await temporaryFolder(), 'texts')
  await mkdir(folder)
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

const openWith = async (checkers = registry) => engineFor(join(await temporaryFolder(), 'data'), { registry: checkers })

function profilesOf(engine: HeadlessEngine, ...ids: readonly string[]) {
  return ids.map(id => engine.profiles.list().find(each => each.id === id)!)
}

/** What the grid says of each file. */
async function gridOf(engine: HeadlessEngine, batch: string): Promise<Record<string, string>> {
  const { id, outcome, rules } = await engine.grid.columns(batch)
  const rows = await engine.grid.rows([...id])
  return Object.fromEntries(
    rows.map(({ path }, index) => [
      path.split('/').at(-1),
      `${gridOutcomes[outcome[index] ?? 0]} ${gridRules[rules[index] ?? 0]}`,
    ]),
  )
}

const gif = Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=', 'base64')
const page = '<html><body><p>限时</p><img src="a.png"></body></html>'

describe('rules alone', () => {
  test('end what they looked at wholly and do not hold up as looked at by rules only, and all else as it is', async () => {
    const engine = await openWith()
    const folder = await folderWith({
      'forbidden.txt': '本品获国家级奖项',
      'evidence.txt': '全网销量领先',
      'notice.txt': '限时优惠',
      'ordinary.txt': '新品上市',
      'page.html': page,
      'worse.html': page.replace('限时', '国家级'),
      'dot.gif': gif,
      'empty.txt': '',
    })
    const { id, summary } = await screenAll(engine, [folder], profilesOf(engine, 'house'))
    expect(await gridOf(engine, id)).toEqual({
      'forbidden.txt': 'risky forbidden',
      'evidence.txt': 'review evidence',
      'notice.txt': 'rules_only notice',
      'ordinary.txt': 'rules_only none',
      'page.html': 'unchecked unknown',
      'worse.html': 'risky forbidden',
      'dot.gif': 'unchecked unknown',
      'empty.txt': 'unchecked unknown',
    })
    expect(summary.tally).toMatchObject({ assets: 8, rules_only: 2, unchecked: 3, risky: 2, review: 1, pass: 0 })
    const history = await engine.history.summary({ fromMs: 0, toMs: Date.now() + 1, profile: null })
    expect(history.days).toMatchObject([{ rules_only: 2, pass: 0 }])
    const range = { fromMs: 0, toMs: Date.now() + 1, profile: null }
    expect((await engine.history.breakdown(range)).profiles).toMatchObject([{ profile: 'house', rules_only: 2 }])
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  })

  test('show each place in the decoded text, what goes with the text, and what was found in which rule', async () => {
    const engine = await openWith()
    const folder = await folderWith({
      'a.txt': '一行\n本品获国家级奖项，国家级',
      'b.txt': '限时',
      'c.html': '<p>第一</p><p>国<b>家</b>级</p>',
    })
    const { id, rows } = await screenAll(engine, [folder], profilesOf(engine, 'house'), { title: '限时好物' })
    const [a, b, c] = await Promise.all(rows.map(row => engine.assets.detail(row.id)))
    const shown = (detail: typeof a) =>
      detail?.ruled?.hits.map(({ range, line, column, matched, before, text }) => {
        if (range !== null) expect(detail.text?.slice(...range)).toBe(matched)
        return `${text.severity} ${before}|${matched} ${range?.join('-')} ${line}:${column}`
      })
    expect(shown(a)).toEqual([
      'forbidden 一行\n本品获|国家级 6-9 2:4',
      'forbidden 一行\n本品获国家级奖项，|国家级 12-15 2:10',
      'notice |限时 undefined null:null',
    ])
    expect(shown(b)).toEqual(['notice |限时 0-2 1:1', 'notice |限时 undefined null:null'])
    // As a browser shows it, and where it stands in the file.
    expect(c?.ruled?.hits[0]).toMatchObject({ matched: '国家级', line: 1 })
    expect(a?.ruled).toMatchObject({ finding: 'forbidden', more: 0 })
    const title = a?.ruled?.hits.at(-1)
    expect(a?.checks.find(check => check.id === title?.check)).toMatchObject({ part: 'title', endpoint: 'house.words' })

    const rules = await engine.grid.rules(id)
    expect(rules.map(({ text, assets, fine }) => [text.rule, assets, fine])).toEqual([
      ['限时', 3, 0],
      ['国家级', 2, 0],
    ])
    expect([...(await engine.grid.ofRule(id, 'house', '国家级'))]).toEqual([a?.id, c?.id])
    expect([...(await engine.grid.ofRule(id, 'house', 'none'))]).toEqual([])
  })

  test('look into texts of many chunks, and count a place in two of them once', async () => {
    const endpoint = localTextEndpoint({
      id: 'house.words',
      name: { zh: '词表', en: 'Word list' },
      textLimit: { unit: 'utf16', max: 200 },
      version: 'list 1',
      mustFlag: '国家级',
    })
    const chunked: LocalChecker = { ...houseWords, endpoints: [endpoint], endpointFor: () => endpoint }
    const engine = await openWith(createRegistry([...product.checkers, chunked]))
    const text = Array.from({ length: 300 }, (_, index) => (index % 7 === 0 ? '国家级' : `话${index}`)).join('')
    const { rows } = await screenAll(engine, [await folderWith({ 'long.txt': text })], profilesOf(engine, 'house'))
    const detail = await engine.assets.detail(rows[0]?.id ?? 0)
    const places = [...text.matchAll(/国家级/g)].map(({ index }) => [index, index + 3])
    expect(detail.ruled?.hits.map(({ range }) => range)).toEqual(places)
    expect(detail.results).toMatchObject([{ outcome: 'risky', parts: detail.checks.length }])
    expect(detail.checks.length).toBeGreaterThan(5)
  })

  test('are opened with what the batch asks for', async () => {
    const opened: unknown[] = []
    const choosy: LocalChecker = {
      ...houseWords,
      openedFor: async options => {
        opened.push(options)
        return { ...houseWords, inspect: async () => ({ kind: 'looked', hits: [], more: 0 }) }
      },
    }
    const engine = await openWith(createRegistry([...product.checkers, choosy]))
    const folder = await folderWith({ 'a.txt': '国家级', 'b.txt': '国家级' })
    const rules = { books: ['house'], scopes: ['food' as const] }
    const request = {
      inputs: [folder],
      profiles: profilesOf(engine, 'house'),
      options: { ...defaultOptions, rules },
      name: null,
    }
    // A command that only counts reads no books for it; the window begins to, for the batch that will mostly follow.
    await engine.plan(request, () => undefined, AbortSignal.timeout(60_000))
    expect(opened).toEqual([])
    await engine.plans.create({
      inputs: [{ kind: 'path', path: folder }],
      profiles: ['house'],
      options: request.options,
    })
    await expect.poll(() => opened).toEqual([rules])
    const { id } = await screenAll(engine, [folder], profilesOf(engine, 'house'), { rules })
    expect(await gridOf(engine, id)).toEqual({ 'a.txt': 'rules_only none', 'b.txt': 'rules_only none' })
    expect(opened).toEqual(opened.map(() => rules))
    expect(opened.length).toBeGreaterThan(0)
  })
})

test('a batch that is taken up by other rules is looked at again wholly, and a platform is not asked again', async () => {
  let [version, words] = ['1', '新品']
  const changing: LocalChecker = {
    ...houseWords,
    openedFor: async () => {
      const [first] = houseWords.endpoints
      const endpoint = { ...first!, version }
      const found = words
      return {
        ...houseWords,
        endpoints: [endpoint],
        endpointFor: kind => (kind === 'text' ? endpoint : null),
        inspect: async ({ part }) => {
          const at = part.kind === 'text' ? part.text.indexOf(found) : -1
          const range = [at, at + found.length] as const
          const hit = { rule: houseRule(found, 'forbidden'), bookVersion: version, range, matched: found }
          return { kind: 'looked', hits: at < 0 ? [] : [hit], more: 0 }
        },
      }
    },
  }
  const engine = await openWith(createRegistry([...product.checkers, changing]))
  const folder = await folderWith({ 'a.txt': '新品上市', 'b.txt': '秋季上市', 'c.gif': gif })
  const { id } = await screenAll(engine, [folder], profilesOf(engine, 'practice', 'house'))
  expect(await gridOf(engine, id)).toMatchObject({ 'a.txt': 'risky forbidden', 'b.txt': 'pass none' })
  const rows = await engine.grid.rows([...(await engine.grid.columns(id)).id])
  const asked = async () =>
    (await Promise.all(rows.map(each => engine.assets.detail(each.id)))).flatMap(({ checks }) =>
      checks.filter(({ endpoint }) => endpoint !== 'house.words').map(({ id: check }) => check),
    )
  const before = await asked()

  ;[version, words] = ['2', '秋季']
  await (await engine.resume(id)).done
  expect(await gridOf(engine, id)).toMatchObject({ 'a.txt': 'pass none', 'b.txt': 'risky forbidden' })
  expect(await asked()).toEqual(before)
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
})

describe('beside a platform', () => {
  test('rules make an outcome worse, never better, and say nothing where they find nothing', async () => {
    const engine = await openWith()
    const folder = await folderWith({
      'ordinary.txt': '新品上市',
      'notice.txt': '限时优惠',
      'evidence.txt': '全网销量领先',
      'both.txt': '红灯果 国家级',
      'platform.txt': '红灯果',
      'page.html': page,
      'dot.gif': gif,
    })
    const { id, rows, summary } = await screenAll(engine, [folder], profilesOf(engine, 'practice', 'house'))
    expect(await gridOf(engine, id)).toEqual({
      'ordinary.txt': 'pass none',
      'notice.txt': 'pass notice',
      'evidence.txt': 'review evidence',
      'both.txt': 'risky forbidden',
      'platform.txt': 'risky none',
      'page.html': 'unchecked unknown',
      'dot.gif': 'pass unknown',
    })
    // Of profiles that differ there is one less where the other has nothing to say.
    const { flags } = await engine.grid.columns(id)
    const split = rows.filter((_, index) => ((flags[index] ?? 0) & 8) !== 0).map(({ path }) => path.split('/').at(-1))
    expect(split).toEqual(['evidence.txt'])
    expect(summary.tallyByProfile).toMatchObject([{ pass: 4 }, { rules_only: 3, pass: 0 }])
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  })

  test('what a platform said is used again, while rules look anew and ask for no call', async () => {
    const engine = await openWith()
    const profiles = profilesOf(engine, 'practice', 'house')
    const folder = await folderWith({ 'a.txt': '国家级', 'b.txt': '国家级' })
    await screenAll(engine, [folder], profiles)
    const { rows } = await screenAll(engine, [folder], profiles)
    const results = rows.map(row => row.results.map(({ reused, outcome }) => `${outcome} ${reused}`))
    expect(results).toEqual([
      ['pass true', 'risky false'],
      ['pass true', 'risky false'],
    ])
    const request = { inputs: [folder], profiles, options: { ...defaultOptions, reuseDays: 0 }, name: null }
    const plan = await engine.plan(request, () => undefined, AbortSignal.timeout(60_000))
    expect(plan.calls).toMatchObject([{ profile: 'practice', parts: 2 }])
    const alone = { ...request, profiles: profilesOf(engine, 'house') }
    expect(await engine.plan(alone, () => undefined, AbortSignal.timeout(60_000))).toMatchObject({
      calls: [],
      reused: 0,
      durationMs: 0,
      assets: { text: 2 },
    })
  })

  test('a plan says once of a file why it cannot pass, and nothing of pictures that a platform takes', async () => {
    const engine = await openWith()
    const folder = await folderWith({ 'dot.gif': gif, 'page.html': page })
    const problemsOf = async (...ids: readonly string[]) => {
      const request = { inputs: [folder], profiles: profilesOf(engine, ...ids), options: defaultOptions, name: null }
      const { problems } = await engine.plan(request, () => undefined, AbortSignal.timeout(60_000))
      return problems.map(({ path, code }) => `${path.split('/').at(-1)} ${code}`)
    }
    expect(await problemsOf('practice', 'house')).toEqual(['page.html left_out'])
    expect((await problemsOf('house')).toSorted()).toEqual(['dot.gif kind_not_taken', 'page.html left_out'])
  })

  test('reports have a row for each platform, with what rules found, and rows of rules where there is none', async () => {
    const engine = await openWith()
    const folder = await folderWith({ 'a.txt': '国家级 限时', 'b.txt': '新品' })
    const rowsOf = async (...ids: readonly string[]) => {
      const { id, rows } = await screenAll(engine, [folder], profilesOf(engine, ...ids))
      const hit = (await engine.assets.detail(rows[0]?.id ?? 0)).ruled?.hits[0]
      await engine.review.fine([hit?.id ?? 0], 'once', '有证书')
      const snapshot = await engine.store.reports.snapshot({ isSearched: false })
      expect(await snapshot.count(id, null)).toBe(2)
      expect(await snapshot.count(id, [rows[0]?.id ?? 0])).toBe(1)
      await snapshot.close()
      const found = (await Array.fromAsync(engine.store.reports.rows(id, null))).flat()
      return found.map(({ asset, result, hits }) => [result.profile, asset.rules, hits])
    }
    const hits = { open: ['house/限时'], fine: ['house/国家级'] }
    const rows = [
      [0, 'notice', hits],
      [0, 'none', { open: [], fine: [] }],
    ]
    expect(await rowsOf('practice', 'house')).toEqual(rows)
    expect(await rowsOf('house')).toEqual(rows)
  })
})

describe('kill -9', () => {
  const files = 60
  const texts = Object.fromEntries(
    Array.from({ length: files }, (_, index) => [
      `${String(index).padStart(2, '0')}.txt`,
      index % 3 === 0 ? `国家级 ${index} 限时` : index % 3 === 1 ? '限时' : '新品',
    ]),
  )
  const killedAfter = async (dataDir: string, folder: string, wanted: number): Promise<string> => {
    const script = new URL('./workstation-with-rules.ts', import.meta.url).pathname
    const given = JSON.stringify({ dataDir, folder })
    const child: ChildProcess = spawn(process.execPath, [script, given], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    if (child.stdout === null) throw new Error('no output')
    for await (const line of createInterface({ input: child.stdout })) {
      const { batch, results } = JSON.parse(line)
      if (results < wanted) continue
      child.kill('SIGKILL')
      if (child.signalCode === null && child.exitCode === null) await once(child, 'exit')
      return batch
    }
    throw new Error('the workstation ended by itself')
  }

  test('loses nothing: resumed, every text is looked at, and every place is there once', async () => {
    const folder = await folderWith(texts)
    for (const wanted of [1, 20, files - 1]) {
      const dataDir = join(await temporaryFolder(), 'data')
      const batch = await killedAfter(dataDir, folder, wanted)
      const engine = await engineFor(dataDir, { registry })
      const summary = await (await engine.resume(batch)).done
      expect(summary).toMatchObject({ state: 'done', tally: { assets: files, rules_only: 40, risky: 20 } })
      const rows = await engine.grid.rows([...(await engine.grid.columns(batch)).id])
      const hits = await Promise.all(rows.map(async ({ id }) => (await engine.assets.detail(id)).ruled?.hits.length))
      expect(hits).toEqual(Array.from({ length: files }, (_, index) => 2 - (index % 3)))
      expect(await engine.ledger.verify()).toMatchObject({ intact: true })
      await engine.close()
    }
  })
})
