import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { qqPracticeApp } from '../../../electron/engine/checkers/qq/practice/apps.ts'
import { wechatPracticeApp } from '../../../electron/engine/checkers/wechat/practice/apps.ts'
import { evidenceText } from '../../../electron/engine/reports/evidence.ts'
import type { ParsedInput } from '../../../shared/ipc.ts'
import { encodeRemarks, remark } from '../../../shared/remarks/index.ts'
import { engineFor, memoryStore, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

/** From the platforms' own documentation: the text that its content check calls risky. */
const risky = '特3456书yuuo莞6543李zxcz蒜7782法fgnv级'

async function screenedFolder() {
  const dataDir = await temporaryFolder()
  const folder = join(dataDir, 'in')
  await mkdir(folder)
  await writeFile(join(folder, 'clean.txt'), '秋季新品，限时特惠')
  await writeFile(join(folder, 'risky.txt'), `${'开头的话。'.repeat(40)}${risky}${'结尾的话。'.repeat(40)}`)
  await writeFile(join(folder, 'odd.bin'), Buffer.from([0, 1, 2, 3]))
  const store = memoryStore()
  const engine = await engineFor(dataDir, { store })
  const practice = engine.profiles.list().filter(profile => profile.platform === 'qq')
  const { id, rows } = await screenAll(engine, [folder], practice)
  const asset = (path: string) => rows.find(row => row.path.endsWith(path))?.id ?? 0
  return { dataDir, folder, store, engine, id, asset, practice }
}

const kindsOf = (dataDir: string) => {
  const raw = new SQLite(join(dataDir, 'prescreen.sqlite'), { readonly: true })
  try {
    return raw.prepare<[], string>('SELECT kind FROM ledger ORDER BY seq').pluck().all()
  } finally {
    raw.close()
  }
}
const never = new AbortController().signal

test('a screened batch ends with a signed head, and the ledger verifies', async () => {
  const { dataDir, engine } = await screenedFolder()
  expect(kindsOf(dataDir).slice(-2)).toEqual(['key', 'seal'])
  expect(await engine.ledger.verify()).toMatchObject({ intact: true, key: { origin: 'file' } })
})

test('two profiles of different platforms each ask their own platform', async () => {
  const dataDir = await temporaryFolder()
  await writeFile(join(dataDir, 'a.txt'), '秋季新品')
  const engine = await engineFor(dataDir)
  const practice = engine.profiles.list().filter(profile => profile.practice)
  const { rows } = await screenAll(engine, [join(dataDir, 'a.txt')], practice)
  const { checks } = await engine.assets.detail(rows[0]?.id ?? 0)
  expect(checks.map(check => check.endpoint).sort()).toEqual(['qq.MsgSecCheck', 'wechat.msg_sec_check'])
})

test('the smallest span is found at the price that was announced, and every call is in the ledger', async () => {
  const { dataDir, engine, asset } = await screenedFolder()
  const id = asset('risky.txt')
  const price = await engine.assets.spanPrice(id)
  const found = await engine.assets.findSpan(id, never)
  expect(found).toMatchObject({ kind: 'found', text: risky, complete: true, check: price?.check })
  expect(found.calls).toBeLessThanOrEqual(price?.calls ?? 0)
  expect(kindsOf(dataDir).filter(kind => kind === 'probe')).toHaveLength(found.calls)
  expect(await engine.assets.evidence(id, null)).toContain('smallest span still flagged: characters 200 to 231')
  expect(await engine.assets.spanPrice(asset('clean.txt'))).toBeNull()
  await expect(engine.assets.findSpan(asset('clean.txt'), never)).rejects.toMatchObject({ code: 'conflict' })
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
})

test('a text is not blamed for the title that was sent with it', async () => {
  const folder = await temporaryFolder()
  const titles: unknown[] = []
  const host = await startHost(({ body, response }) => {
    const { title, content } = JSON.parse(body.toString())
    titles.push(title)
    const suggest = `${title ?? ''}${content}`.includes('红灯果') ? 'risky' : 'pass'
    reply(response, JSON.stringify({ errcode: 0, errmsg: 'ok', result: { suggest, label: 100 }, trace_id: 't' }))
  })
  const engine = await engineFor(join(folder, 'data'))
  const profile = wechatProfile(host.url, { openids: ['oSomebody_who_is_here_00001'] })
  await writeFile(join(folder, 'a.txt'), '春天来了，新品上市')
  await writeFile(join(folder, 'b.txt'), '春天来了，红灯果上市')
  const { rows } = await screenAll(engine, [join(folder, 'a.txt'), join(folder, 'b.txt')], [profile], {
    title: '红灯果',
  })
  expect(rows.map(row => row.results[0]?.outcome)).toEqual(['risky', 'risky'])
  const [a = 0, b = 0] = rows.map(row => row.id)
  titles.length = 0
  expect(await engine.assets.findSpan(a, never)).toMatchObject({
    kind: 'not_found',
    calls: 1,
    reason: 'not_flagged_now',
    detail: encodeRemarks([remark('without_title')]),
  })
  expect(await engine.assets.findSpan(b, never)).toMatchObject({ kind: 'found', text: '红灯果', complete: true })
  expect(new Set(titles)).toEqual(new Set([undefined]))
})

test('a text that changed since is not taken for the one that was screened', async () => {
  const { folder, engine, asset } = await screenedFolder()
  await writeFile(join(folder, 'risky.txt'), 'something else')
  await expect(engine.assets.spanPrice(asset('risky.txt'))).rejects.toMatchObject({ code: 'not_found' })
})

test('evidence for the platform names call, time, code and reply, and no secret', async () => {
  const { engine, asset } = await screenedFolder()
  const text = await evidenceText(engine.store.reader, asset('risky.txt'), null)
  expect(text).toContain('endpoint: qq.MsgSecCheck')
  expect(text).toContain('errcode: 87014')
  expect(text).toContain(`appid: ${qqPracticeApp.appid}`)
  expect(text).toMatch(/reply: \{.*87014/)
  expect(text).toContain('practice: answered by the built-in sandbox')
  for (const secret of [qqPracticeApp.secret, wechatPracticeApp.secret]) expect(text).not.toContain(secret)
})

test('history finds texts, notes and labels across batches, and tells where the same bytes were before', async () => {
  const { engine, folder, practice, asset } = await screenedFolder()
  await engine.review.note([asset('clean.txt')], '法务已确认')
  const again = await screenAll(engine, [folder], practice)
  expect(await engine.history.search('特惠', 10)).toHaveLength(2)
  expect((await engine.history.search('法务', 10)).map(hit => hit.asset)).toEqual([asset('clean.txt')])
  const clean = again.rows.find(row => row.path.endsWith('clean.txt'))
  expect((await engine.assets.detail(clean?.id ?? 0)).earlier).toMatchObject([
    { asset: asset('clean.txt'), outcome: 'pass' },
  ])
})

test('an old batch is screened again, and what changed since is reported', async () => {
  const { engine, folder, id } = await screenedFolder()
  await writeFile(join(folder, 'clean.txt'), risky)
  await writeFile(join(folder, 'new.txt'), '新的')
  const ended = Promise.withResolvers<string>()
  engine.on('batch', batch => {
    if (batch.id !== id && batch.state === 'done') ended.resolve(batch.id)
  })
  const { id: second } = await engine.batches.again(id)
  expect(await ended.promise).toBe(second)
  expect(await engine.history.compare(id, second)).toMatchObject({
    changed: [{ path: 'clean.txt', before: { outcome: 'pass' }, after: { outcome: 'risky' }, hasOtherBytes: true }],
    changedCount: 1,
    sameCount: 2,
    goneCount: 0,
    newCount: 1,
  })
})

test('people are compared with the machine where both said yes or no, not where somebody escalated or skipped', async () => {
  const { engine, asset } = await screenedFolder()
  await engine.review.decide([asset('risky.txt')], 'escalate', null)
  await engine.review.decide([asset('clean.txt')], 'defer', null)
  await engine.review.decide([asset('odd.bin')], 'approve', null)
  const range = { fromMs: 0, toMs: Date.now() + 1, profile: null, practice: true }
  expect(await engine.history.summary(range)).toMatchObject({ decided: 0, falseAlarms: 0, misses: 0 })
})

test('trends by profile and reviewer add up to what was screened and decided', async () => {
  const { engine, asset, practice } = await screenedFolder()
  engine.settings.set({ reviewer: 'Lin' })
  await engine.review.decide([asset('risky.txt')], 'approve', null)
  await engine.review.decide([asset('clean.txt')], 'reject', null)
  const range = { fromMs: 0, toMs: Date.now() + 1, profile: null, practice: true }
  expect(await engine.history.breakdown(range)).toMatchObject({
    reviewers: [{ reviewer: 'Lin', decided: 2, approved: 1, rejected: 1, falseAlarms: 1, misses: 1 }],
    profiles: [{ profile: practice[0]?.id, practice: true, pass: 1, risky: 1, unchecked: 1 }],
  })
  expect(await engine.history.summary({ ...range, profile: 'nobody' })).toMatchObject({ days: [], decided: 0 })
  expect(await engine.history.summary({ ...range, kind: 'image' })).toMatchObject({ days: [], decided: 0 })
  expect(await engine.history.breakdown({ ...range, kind: 'image' })).toEqual({ reviewers: [], profiles: [] })
  expect(await engine.history.summary({ ...range, kind: 'text' })).toMatchObject({
    days: [{ pass: 1, risky: 1, unchecked: 0, approved: 1, rejected: 1 }],
    falseAlarms: 1,
    misses: 1,
    decided: 2,
  })
})

test('a change of the settings that matter is a row of the ledger, one of the colours is not', async () => {
  const { dataDir, engine } = await screenedFolder()
  const before = kindsOf(dataDir).length
  engine.settings.set({ theme: 'dark' })
  engine.settings.set({ keepYears: 5 })
  expect(await engine.ledger.verify().then(({ intact }) => intact)).toBe(true)
  expect(kindsOf(dataDir).slice(before)).toEqual(['settings'])
})

test('HTML, XLSX, JSONL and CSV of one batch verify together, and go on verifying with a later ledger', async () => {
  const { dataDir, engine, id, asset } = await screenedFolder()
  const files: string[] = []
  for (const format of ['html', 'xlsx', 'jsonl', 'csv'] as const) {
    const file = join(dataDir, `report.${format}`)
    await engine.reports.export({ of: 'batch', batch: id }, format, file, 'en', () => undefined, never)
    files.push(file)
  }
  await engine.review.decide([asset('risky.txt')], 'reject', null)
  expect((await engine.reports.verify(files)).map(file => file.intact)).toEqual([true, true, true, true])
  const html = await readFile(join(dataDir, 'report.html'), 'utf8')
  expect(html).toContain('PRACTICE 演练')
  expect(html).toContain('<mark class="risky">')
  expect(html).toContain((await engine.ledger.verify()).fingerprint)
})

test('a report across history says exactly what the database says of several batches, in every format', async () => {
  const { dataDir, folder, engine, id, asset } = await screenedFolder()
  await engine.review.note([asset('clean.txt')], '法务已确认')
  const [wechat, qq] = ['wechat', 'qq'].map(id => engine.profiles.list().filter(({ platform }) => platform === id))
  await writeFile(join(folder, 'late.txt'), '换行\n"引号", 逗号')
  const second = await screenAll(engine, [folder], [...(wechat ?? []).slice(0, 1), ...(qq ?? [])])
  const everything = {
    of: 'history',
    fromMs: 0,
    toMs: Date.now() + 1_000,
    profile: null,
    outcomes: [],
    decision: null,
    label: null,
    query: null,
  } satisfies ParsedInput<'reports.export'>['scope']
  const write = async (
    format: 'csv' | 'jsonl' | 'xlsx' | 'html',
    changes: Partial<typeof everything> | { query: string },
  ) => {
    const file = join(dataDir, `history.${format}`)
    const { rows } = await engine.reports.export(
      { ...everything, ...changes },
      format,
      file,
      'en',
      () => undefined,
      never,
    )
    expect(await engine.reports.verify([file])).toMatchObject([{ intact: true }])
    return { file, rows }
  }
  const expectedOf = async (batch: string) => {
    const { profiles } = await engine.batches.get(batch)
    const pages = await Array.fromAsync(engine.store.reports.rows(batch, null))
    return pages.flat().map(row => ({
      batch,
      asset: `a_${row.asset.id}`,
      path: row.asset.path,
      profile: `${profiles[row.result.profile]?.name} [practice 演练]`,
      verdict: row.result.outcome,
      note: row.asset.note ?? '',
      row_hash: Buffer.from(row.rowHash ?? []).toString('hex'),
    }))
  }
  const expected = [...(await expectedOf(id)), ...(await expectedOf(second.id))]
  expect(expected).toHaveLength(3 + 2 * 4)

  const csv = await write('csv', {})
  const rows: Record<string, string>[] = parse(await readFile(csv.file), { bom: true, columns: true })
  expect(rows).toMatchObject(expected)
  const jsonl = await write('jsonl', {})
  const records = (await readFile(jsonl.file, 'utf8'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(records).toMatchObject(
    expected.map(({ batch, asset, verdict }) => ({ batch, asset, verdict, practice: true })),
  )
  const xlsx = await write('xlsx', {})
  expect(xlsx.rows).toBe(expected.length)
  const html = await readFile((await write('html', {})).file, 'utf8')
  for (const batch of [id, second.id]) expect(html).toContain(batch)

  expect((await write('csv', { query: '法务' })).rows).toBe(1)
  expect((await write('csv', { query: '引号' })).rows).toBe(2)
})
