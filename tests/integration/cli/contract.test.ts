import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import SQLite from 'better-sqlite3'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { practicePicturePng } from '../../../electron/engine/sandbox/practice-picture.ts'
import { batchIdIn, cliFile, runCli, startCli, startNode, wechatFlags } from '../../fixtures/engine/cli.ts'
import { sandboxFor, temporaryFolder } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'
import { parseFaultScript } from '../../fixtures/practices.ts'

const pass = '{"errcode":0,"errmsg":"ok"}'

async function folderWith(
  files: Record<string, string | Uint8Array>,
): Promise<{ folder: string; data: string; common: string[] }> {
  const folder = await temporaryFolder()
  const material = join(folder, 'material')
  await mkdir(material)
  for (const [name, content] of Object.entries(files)) await writeFile(join(material, name), content)
  const data = join(folder, 'data')
  return { folder: material, data, common: ['--data-dir', data] }
}

/** Runs its arguments with a standard output that takes nothing. */
const throughDevFull = `
  const { spawnSync } = require('node:child_process')
  const full = require('node:fs').openSync('/dev/full', 'w')
  process.exitCode = spawnSync(process.execPath, process.argv.slice(1), { stdio: ['ignore', full, 'ignore'] }).status`

/** Nothing in it moves a cursor, colours a screen or reorders a line; and no stack trace. */
function expectHarmless(...texts: readonly string[]): void {
  for (const text of texts) {
    expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
    expect(text).not.toMatch(/^\s+at .*[:(]\d+|node:internal|\.ts:\d+:\d+/m)
  }
}

describe('the exit status', () => {
  test.each([
    ['0 when every asset passed', { 'a.txt': '你好' }, 0],
    ['2 when something is risky', { 'a.txt': '你好', 'b.txt': '红灯果', 'c.txt': '' }, 2],
    ['2 when something is for review', { 'a.txt': '哼哈豆' }, 2],
    ['3 when nothing is risky but something is unchecked', { 'a.txt': '你好', 'c.txt': '' }, 3],
    ['1 when there is nothing to screen', {}, 1],
  ])('is %s', async (_, files, status) => {
    const { folder, common } = await folderWith(files)
    const end = await runCli(['screen', folder, ...common])
    expect(end.status).toBe(status)
    expectHarmless(end.stdout, end.stderr)
  })

  test('is 130 after Ctrl-C, with the id; resumed, the batch is whole and nothing was asked twice', async () => {
    const { folder, common } = await folderWith(
      Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`${n}.txt`, `第${n}条`])),
    )
    const asked = new Map<string, number>()
    const half = Promise.withResolvers<void>()
    const open = Promise.withResolvers<void>()
    const host = await startHost(async ({ response, body }) => {
      asked.set(body.toString(), (asked.get(body.toString()) ?? 0) + 1)
      if (host.calls() === 30) half.resolve()
      if (host.calls() > 30) await open.promise
      reply(response, pass)
    })
    const flags = [...wechatFlags(host.url), ...common]
    const run = startCli(['screen', folder, ...flags])
    await half.promise
    run.child.kill('SIGINT')
    await run.said('prescreen resume').catch(() => undefined)
    open.resolve()
    const interrupted = await run.ended
    expect(interrupted.status).toBe(130)
    expect(interrupted.stderr).toContain(`prescreen resume ${batchIdIn(interrupted)}`)
    expectHarmless(interrupted.stdout, interrupted.stderr)
    const resumed = await runCli(['resume', batchIdIn(interrupted), '--json', ...flags])
    expect(resumed.status).toBe(0)
    expect(JSON.parse(resumed.stdout)).toMatchObject({ assets: 60, pass: 60, state: 'done' })
  })

  test('is 130 although the platform does not answer; a second Ctrl-C does not wait at all', async () => {
    const { folder, data, common } = await folderWith({ 'a.txt': '你好' })
    for (const patience of ['waits', 'presses again']) {
      const arrived = Promise.withResolvers<void>()
      const host = await startHost(() => arrived.resolve())
      const run = startCli(['screen', folder, ...wechatFlags(host.url), ...common])
      await Promise.all([arrived.promise, run.said('batch b_')])
      run.child.kill('SIGINT')
      while (patience === 'presses again' && run.child.kill('SIGINT')) await setImmediate()
      const end = await run.ended
      expect(end.status).toBe(130)
      // Only an orderly end says how to go on, and the call's own time limit is not waited for by either.
      expect(end.stderr.includes('prescreen resume')).toBe(patience === 'waits')
      const database = new SQLite(join(data, 'prescreen.sqlite'), { readonly: true })
      expect(database.prepare('SELECT reason FROM checks').pluck().all()).not.toContain('timeout')
      database.close()
    }
  })
})

test('an export across history holds what the filter finds in all batches', async () => {
  const { folder, data, common } = await folderWith({ 'a.txt': '你好', 'b.txt': '红灯果' })
  await runCli(['screen', folder, ...common])
  await runCli(['screen', join(folder, 'b.txt'), '--no-reuse', ...common])
  const file = join(data, 'risky.jsonl')
  const end = await runCli([
    ...['export', '--from', '2026-01-01', '--to', '2999-12-31', '--verdict', 'risky', '--jsonl', file],
    ...common,
  ])
  expect(end.status).toBe(0)
  const records = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(records.map(({ path, verdict }) => `${path} ${verdict}`)).toEqual(['b.txt risky', 'b.txt risky'])
  expect(new Set(records.map(({ batch }) => batch)).size).toBe(2)
})

test('batches are listed, the newest first, by what they came to', async () => {
  const { folder, common } = await folderWith({ 'a.txt': '你好', 'b.txt': '红灯果' })
  const first = await runCli(['screen', folder, ...common])
  const second = await runCli(['screen', join(folder, 'a.txt'), ...common])
  const listed = await runCli(['batches', '--json', ...common])
  expect(listed.status).toBe(0)
  const { batches } = JSON.parse(listed.stdout)
  expect(batches).toMatchObject([
    { batch: batchIdIn(second), state: 'done', assets: 1, pass: 1, risky: 0 },
    { batch: batchIdIn(first), state: 'done', assets: 2, pass: 1, risky: 1 },
  ])
  expect((await runCli(['batches', ...common])).stdout).toContain(batchIdIn(first))
})

test('reports show pictures blurred, and clear or not at all where that is asked for', async () => {
  const { folder, data, common } = await folderWith({ 'mark.png': practicePicturePng() })
  const place = (how: string) => join(data, `${how}.html`)
  const end = await runCli(['screen', folder, '--html', place('first'), '--pictures', 'none', ...common])
  for (const how of ['blurred', 'clear'])
    await runCli(['export', batchIdIn(end), '--html', place(how), '--pictures', how, ...common])
  await runCli(['export', batchIdIn(end), '--html', place('usual'), ...common])
  const pages = await Promise.all(['first', 'blurred', 'usual', 'clear'].map(how => readFile(place(how), 'utf8')))
  const [none = [], ...shown] = pages.map(page => page.match(/src="data:image[^"]+"/g) ?? [])
  expect(none).toEqual([])
  const [blurred, usual, clear] = shown
  expect(blurred?.length).toBeGreaterThan(0)
  expect(usual).toEqual(blurred)
  expect(clear).not.toEqual(blurred)
})

describe('usage', () => {
  test.each([
    ['an unknown flag', ['screen', 'x', '--secret', 'abc'], /unknown option/],
    ['an unknown command', ['scren', 'x'], /unknown command/],
    ['no path', ['screen'], /missing required argument/],
    ['an unknown platform', ['screen', 'x', '--platform', 'weibo'], /wechat, qq/],
    ['a scene out of range', ['screen', 'x', '--scene', '5'], /--scene/],
    ['a limit that is no number', ['screen', 'x', '--per-minute', 'many'], /--per-minute/],
    ['a share over 100', ['screen', 'x', '--share', '101'], /--share/],
    ['an unknown image mode', ['screen', 'x', '--image-mode', 'crop'], /fit, tile, both/],
    ['an unknown language', ['--lang', 'fr', 'screen', 'x'], /zh, en/],
    ['a platform without an appid', ['screen', 'x', '--platform', 'wechat'], /--appid/],
    ['an appid without a platform', ['screen', 'x', '--appid', 'wx123456'], /--platform/],
    ['a platform without a secret', ['screen', 'x', '--platform', 'wechat', '--appid', 'wx123456'], /--secret-env/],
    [
      'a variable that is not set',
      ['screen', 'x', '--platform', 'wechat', '--appid', 'wx123456', '--secret-env', 'NOT_SET_ANYWHERE'],
      /NOT_SET_ANYWHERE is not set/,
    ],
    [
      'a secret in place of a variable',
      ['screen', 'x', '--platform', 'wechat', '--appid', 'wx123456', '--secret-env', '0123456789abcdef-secret'],
      /environment variable/,
    ],
    [
      'a broker without an address',
      ['screen', 'x', '--platform', 'wechat', '--appid', 'wx123456', '--token-mode', 'broker'],
      /--broker-url/,
    ],
    ['an address that is none', ['screen', 'x', '--base-url', 'ftp://nowhere'], /--base-url/],
    ['an unknown profile', ['screen', 'x', '--profile', 'Nobody'], /no profile "Nobody"/],
    ['standard input twice', ['screen', '-', '-'], /once/],
    ['a batch that is none', ['resume', 'b_nothing'], /no batch b_nothing/],
    ['an export of nothing', ['export', 'b_nothing'], /--csv FILE/],
    ['an export across history without an end', ['export', '--from', '2026-11-01', '--csv', 'x.csv'], /--to DATE/],
    ['a day that there is not', ['export', '--from', '2026-02-30', '--to', '2026-03-01', '--csv', 'x'], /no such day/],
    ['a day of another form', ['export', '--from', '1.3.2026', '--to', '2026-03-01', '--csv', 'x'], /like 2026-11-21/],
    ['an end before its beginning', ['export', '--from', '2026-03-02', '--to', '2026-03-01', '--csv', 'x'], /is after/],
    [
      'an unknown verdict',
      ['export', '--from', '2026-03-01', '--to', '2026-03-01', '--verdict', 'safe', '--csv', 'x'],
      /--verdict: .*unchecked/,
    ],
    ['a filter for one batch', ['export', 'b_1', '--label', '20002', '--csv', 'x'], /--label: only without a BATCH/],
    ['an empty path, as of a variable that is not set,', ['screen', ''], /a path is empty/],
    ['an empty path to be planned', ['plan', ''], /a path is empty/],
    ['a list of addresses that is a folder', ['screen', '.', '--url-list'], /--url-list takes files/],
    ['a list of addresses on standard input', ['screen', '-', '--url-list'], /--url-list takes files/],
    ['a limit in another notation', ['screen', 'x', '--per-day', '0x10'], /--per-day: takes a whole number above 0/],
    ['a limit with an exponent', ['screen', 'x', '--per-minute', '1e3'], /--per-minute/],
    ['an option given twice', ['screen', 'x', '--csv', 'a.csv', '--csv', 'b.csv'], /--csv can be given once/],
    ['an empty openid', ['screen', 'x', '--openid', ''], /--openid ID: takes 1 to 128/],
    ['asynchronous images without a relay', ['screen', 'x', '--image-route', 'async'], /needs a relay/],
    ['two reports in one file', ['screen', 'x', '--csv', 'out', '--html', './out'], /would write the same file/],
    ['pictures of records', ['export', 'b_1', '--csv', 'x', '--pictures', 'none'], /--pictures goes with --html/],
    ['pictures in another way', ['screen', 'x', '--html', 'x', '--pictures', 'shown'], /none, blurred, clear/],
    ['a report that is standard output', ['screen', 'x', '--csv', '-'], /--csv takes the name of a file/],
    [
      'records and a summary on standard output',
      ['screen', 'x', '--json', '--jsonl', '-'],
      /both take standard output/,
    ],
    ['the first letters of a batch', ['resume', 'b_'], /no batch b_, or several/],
    ['a ledger that is not there', ['verify', '--data-dir', 'nowhere'], /no ledger in .*nowhere/],
    [
      'a password in an address',
      ['screen', 'x', '--base-url', 'http://user:pass@127.0.0.1:9'],
      /--base-url: takes an http or https address without a user name or password/,
    ],
    ['a port out of range', ['sandbox', '--port', '70000'], /--port/],
    ['a script that is not there', ['sandbox', '--script', 'nowhere.json'], /nowhere\.json/],
  ])('%s is told in a sentence, with status 1 and nothing made', async (_, args, sentence) => {
    const { data, common, folder } = await folderWith({})
    const hasFolder = ['screen', 'resume', 'export'].includes(args[0] ?? '') || args[0] === '--lang'
    const end = await runCli([...args, ...(hasFolder ? common : [])], { cwd: folder })
    expect(end.status).toBe(1)
    expect(end.stderr).toMatch(sentence)
    expect(end.stderr).not.toContain('0123456789abcdef-secret')
    expect(end.stdout).toBe('')
    expectHarmless(end.stderr)
    if (existsSync(join(data, 'prescreen.sqlite'))) {
      const database = new SQLite(join(data, 'prescreen.sqlite'), { readonly: true })
      expect(database.prepare('SELECT count(*) FROM batches').pluck().get()).toBe(0)
      database.close()
    }
  })

  test.each([
    ['没有选项 --secret', ['screen', 'x', '--secret', 'abc']],
    ['没有命令 scren（是不是 screen？）', ['scren']],
    ['缺少参数 <path>', ['screen']],
    ['只能是 wechat, qq', ['screen', 'x', '--platform', 'weibo']],
    ['--platform 要和 --appid 一起用', ['screen', 'x', '--platform', 'wechat']],
    ['--scene：要填 1 到 4', ['screen', 'x', '--scene', 'NaN']],
    ['没有批次 b_nothing', ['resume', 'b_nothing']],
    ['--base-url：要填 http(s) 地址', ['screen', 'x', '--base-url', 'ftp://nowhere']],
    ['路径是空的', ['screen', '']],
  ])('is in Chinese where the system is: %s', async (sentence, args) => {
    const { common, folder } = await folderWith({})
    const env = { LANG: 'zh_CN.UTF-8' }
    const end = await runCli([...args, ...(args.length > 1 ? common : [])], { cwd: folder, env })
    expect(end.status).toBe(1)
    expect(end.stderr).toContain(sentence)
    expect(end.stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  test.each([
    ['screen', ['x', '--platform', 'wechat', '--appid', 'wx123456', '--secret-env']],
    ['plan', ['x', '--profile', 'practice', '--secret-env']],
    ['resume', ['b_00000000', '--secret-env']],
    ['doctor', ['--secret-env']],
    ['profiles', ['test', 'practice', '--secret-env']],
    ['profiles', ['add', 'Brand', '--platform', 'wechat', '--appid', 'wx123456', '--secret-env']],
  ])('of %s refuses a secret in place of its variable, keeps it nowhere and does not repeat it', async (name, args) => {
    const secret = 'abcdef0123456789abcdef0123456789'
    const { data, common } = await folderWith({})
    // Also when a variable of this name happens to be set.
    for (const env of [{}, { [secret]: secret }]) {
      const end = await runCli([name, ...args, secret, ...common], { env })
      expect(end.status).toBe(1)
      expect(end.stderr).toMatch(/--secret-env takes the name of an environment variable/)
      expect(end.stdout + end.stderr).not.toContain(secret)
    }
    if (existsSync(join(data, 'settings.json')))
      expect(await readFile(join(data, 'settings.json'), 'utf8')).not.toContain(secret)
  })

  test('of profiles add warns of a variable that is not set yet, and refuses what looks like a secret', async () => {
    const { data, common } = await folderWith({})
    const add = (name: string, variable: string) =>
      runCli([
        ...['profiles', 'add', name, '--platform', 'qq', '--appid', '1234567890', '--secret-env', variable],
        ...common,
      ])
    const later = await add('Later', 'SET_LATER')
    expect(later.status).toBe(0)
    expect(later.stderr).toMatch(/SET_LATER is not set now/)
    const secret = await add('Secret', 'aB3dE5gH7jK9mN1p')
    expect(secret.status).toBe(1)
    expect(secret.stderr).not.toContain('aB3dE5gH7jK9mN1p')
    expect(await readFile(join(data, 'settings.json'), 'utf8')).not.toContain('aB3dE5gH7jK9mN1p')
    const again = await add('Later', 'SET_LATER')
    expect(again.stderr).toMatch(/a profile "Later" already/)
    const wrong = await add('x'.repeat(81), 'SET_LATER')
    expect(wrong.stderr).toMatch(/takes 1 to 80 characters\n$/)
  })

  test('--help and --version end well', async () => {
    const [help, version] = await Promise.all([runCli(['screen', '--help']), runCli(['--version'])])
    expect(help.status).toBe(0)
    for (const flag of [
      '--profile',
      '--platform',
      '--appid',
      '--secret-env',
      '--base-url',
      '--token-mode',
      '--broker-url',
      '--openid',
      '--scene',
      '--image-mode',
      '--per-minute',
      '--per-day',
      '--share',
      '--no-reuse',
      '--data-dir',
      '--csv',
      '--jsonl',
      '--html',
      '--json',
      '--wait',
      '--quiet',
    ])
      expect(help.stdout).toContain(flag)
    expect(version.status).toBe(0)
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('--help speaks the language of the user, whichever way it was named', async () => {
    const ways: readonly (readonly [readonly string[], Record<string, string>])[] = [
      [['screen', '--help'], { LANG: 'zh_CN.UTF-8' }],
      [['screen', '--help', '--lang', 'zh'], {}],
      [['--lang=zh', 'screen', '--help'], {}],
    ]
    const [english, ...chinese] = await Promise.all([
      runCli(['screen', '--help']),
      ...ways.map(([args, env]) => runCli(args, { env })),
    ])
    expect(english?.stdout).toMatch(/^Usage: .*\n\nscreen files and folders/)
    expect(english?.stdout).not.toMatch(/\p{Script=Han}/u)
    for (const { stdout } of chinese) {
      expect(stdout).toMatch(/^用法：.*\n\n送检文件和文件夹/)
      // Every line that explains something does so in Chinese.
      for (const line of stdout.split('\n').filter(text => text.startsWith('  ')))
        expect(line).toMatch(/\p{Script=Han}/u)
    }
  })

  test('practice profiles are called by the language, and found under their name in either', async () => {
    const { common } = await folderWith({})
    const named = async (lang: string) => (await runCli(['profiles', '--lang', lang, ...common])).stdout
    expect(await named('zh')).toMatch(/^演练 · 微信 /)
    expect(await named('en')).toMatch(/^Practice · WeChat /)
    const ends = await Promise.all(
      ['practice', '演练 · 微信', 'Practice · WeChat'].map(name => runCli(['profiles', 'remove', name, ...common])),
    )
    for (const { stderr } of ends) expect(stderr).toContain('practice profiles are always there')
    const taken = await runCli([
      'profiles',
      'add',
      '演练 · QQ',
      '--platform',
      'qq',
      '--appid',
      '0000000001',
      '--secret-env',
      'QQ_SECRET',
      ...common,
    ])
    expect(taken.status).toBe(1)
  })
})

describe('credentials and the way to the platform', () => {
  test('a wrong secret stops with a sentence and status 1', async () => {
    const sandbox = await sandboxFor()
    const { folder, common } = await folderWith({ 'a.txt': '你好', 'b.txt': '世界' })
    const end = await runCli(['screen', folder, ...wechatFlags(sandbox.url), ...common], {
      env: { WECHAT_SECRET: 'wrong_secret_0123456789abcdef' },
    })
    expect(end.status).toBe(1)
    expect(end.stdout + end.stderr).toContain('The platform refuses this AppSecret')
    expect(end.stdout + end.stderr).not.toContain('wrong_secret')
    expectHarmless(end.stdout, end.stderr)
  })

  test('an address that is not on the allow-list is shown, to be copied', async () => {
    const errmsg = 'invalid ip 203.0.113.77 ipv6 ::ffff:203.0.113.77, not in whitelist'
    const read = parseFaultScript({
      rules: [{ endpoint: 'wechat.stable_token', when: { always: true }, then: { errcode: 40164, errmsg } }],
    })
    if (read.kind === 'invalid') throw new Error(JSON.stringify(read.problems))
    const sandbox = await sandboxFor({ script: read.script })
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    const end = await runCli(['screen', folder, ...wechatFlags(sandbox.url), ...common])
    expect(end.status).toBe(1)
    expect(end.stdout + end.stderr).toContain('203.0.113.77')
    expectHarmless(end.stdout, end.stderr)
  })

  test('a host that cannot be reached is a sentence and status 1', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '你好', 'b.txt': '世界' })
    const end = await runCli(['screen', folder, ...wechatFlags('http://127.0.0.1:9'), ...common])
    expect(end.status).toBe(1)
    expect(end.stdout + end.stderr).toMatch(/cannot be reached/)
    expectHarmless(end.stdout, end.stderr)
  })

  test.each([
    ['a busy platform', { errcode: -1 }, /platform is busy/],
    ['a gateway that is down', { http: 502 }, /HTTP error/],
    ["a used-up quota of the token's endpoint", { errcode: 45009 }, /quota for fetching access tokens/],
  ] as const)('%s before the first check passes by itself: status 3', async (_what, fault, sentence) => {
    const read = parseFaultScript({ rules: [{ endpoint: 'wechat.stable_token', when: { always: true }, then: fault }] })
    if (read.kind === 'invalid') throw new Error(JSON.stringify(read.problems))
    const sandbox = await sandboxFor({ script: read.script })
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    const end = await runCli(['screen', folder, ...wechatFlags(sandbox.url), ...common])
    expect(end.status).toBe(3)
    expect(end.stdout + end.stderr).toMatch(sentence)
    expect(end.stdout).toContain('prescreen resume')
    expectHarmless(end.stdout, end.stderr)
  })

  test.each([
    ['a page that is not there', { http: 404 }],
    ['a wrong appid', { errcode: 40013 }],
  ] as const)('%s does not: status 1', async (_what, fault) => {
    const read = parseFaultScript({ rules: [{ endpoint: 'wechat.stable_token', when: { always: true }, then: fault }] })
    if (read.kind === 'invalid') throw new Error(JSON.stringify(read.problems))
    const sandbox = await sandboxFor({ script: read.script })
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    expect((await runCli(['screen', folder, ...wechatFlags(sandbox.url), ...common])).status).toBe(1)
  })

  test('an address that crosses the public network in clear is warned of', async () => {
    const { folder, common } = await folderWith({})
    const given = ['--platform', 'wechat', '--appid', 'wx_practice0000001', '--secret-env', 'WECHAT_SECRET']
    const end = await runCli(['plan', folder, ...given, '--base-url', 'http://gate.example.com', ...common], {
      env: { WECHAT_SECRET: 'practice_secret_wechat_not_real1' },
    })
    expect(end.stderr).toContain('http://gate.example.com crosses the public network')
  })

  test.each([
    ['zh', '微信小程序 wx_practice0000001'],
    ['en', 'WeChat mini program wx_practice0000001'],
  ])("a profile for one run is called in the reader's language: %s", async (lang, name) => {
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    const host = await startHost(({ response }) => reply(response, pass))
    const end = await runCli(['screen', folder, ...wechatFlags(host.url), ...common, '--json', '--lang', lang])
    expect(JSON.parse(end.stdout)).toMatchObject({ profiles: [{ name }] })
  })

  test("a day's quota that runs out ends with status 3 and says how to go on; everything is in the JSONL", async () => {
    const { folder, common } = await folderWith(
      Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n}.txt`, `第${n}条`])),
    )
    let isGone = true
    const host = await startHost(({ response }) =>
      reply(
        response,
        isGone && host.calls() > 5 ? '{"errcode":45009,"errmsg":"reach max api daily quota limit"}' : pass,
      ),
    )
    const jsonl = join(folder, '..', 'out.jsonl')
    const flags = [...wechatFlags(host.url), ...common, '--jsonl', jsonl]
    const end = await runCli(['screen', folder, ...flags])
    expect(end.status).toBe(3)
    expect(end.stdout).toContain(`prescreen resume ${batchIdIn(end)}`)
    const lines = async () =>
      (await readFile(jsonl, 'utf8'))
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
    const first = await lines()
    expect(first).toHaveLength(20)
    expect(first.filter(line => line.verdict === 'unchecked').every(line => line.reason === 'quota_day')).toBe(true)

    isGone = false
    const resumed = await runCli(['resume', batchIdIn(end), ...flags])
    expect(resumed.status).toBe(0)
    const second = await lines()
    expect(second.map(line => line.asset).toSorted()).toEqual(first.map(line => line.asset).toSorted())
    expect(second.every(line => line.verdict === 'pass')).toBe(true)
  })
})

describe('the data folder', () => {
  test('that is a file, or lies in one, is reported in a sentence', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), 'x')
    for (const place of ['file', 'file/below']) {
      const end = await runCli(['screen', folder, '--data-dir', join(folder, place)])
      expect(end.status).toBe(1)
      expect(end.stderr).toMatch(/data folder cannot be written/)
      expectHarmless(end.stderr)
    }
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('x')
  })

  test('with a damaged database is left as it is', async () => {
    const { folder, data, common } = await folderWith({ 'a.txt': '你好' })
    await mkdir(data)
    const garbage = Buffer.alloc(8192, 'not a database ')
    await writeFile(join(data, 'prescreen.sqlite'), garbage)
    const end = await runCli(['screen', folder, ...common])
    expect(end.status).toBe(1)
    expect(end.stderr).toMatch(/database file is damaged and was left as it is/)
    expect(await readFile(join(data, 'prescreen.sqlite'))).toEqual(garbage)
    expectHarmless(end.stderr)
  })

  test('with a database whose middle is damaged says so whatever is asked of it', async () => {
    const { folder, data, common } = await folderWith(
      Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`${n}.txt`, `第${n}条`])),
    )
    const first = await runCli(['screen', folder, ...common])
    const file = join(data, 'prescreen.sqlite')
    const bytes = await readFile(file)
    const checkpointed = new SQLite(file)
    checkpointed.pragma('wal_checkpoint(TRUNCATE)')
    checkpointed.close()
    const whole = await readFile(file)
    expect(whole.length).toBeGreaterThanOrEqual(bytes.length)
    // Everything behind the schema's first pages.
    whole.fill(0xa5, 4096 * 4)
    await writeFile(file, whole)
    for (const args of [
      ['screen', folder],
      ['resume', batchIdIn(first)],
      ['export', batchIdIn(first), '--csv', join(data, 'x.csv')],
    ]) {
      const end = await runCli([...args, ...common])
      expect(end.status).toBe(1)
      expect(end.stderr).toMatch(/database file is damaged/)
      expectHarmless(end.stdout, end.stderr)
    }
  })

  test('with a database of a newer version is refused and left as it is', async () => {
    const { folder, data, common } = await folderWith({ 'a.txt': '你好' })
    await runCli(['screen', folder, ...common])
    const database = new SQLite(join(data, 'prescreen.sqlite'))
    database.pragma('user_version = 999999')
    database.close()
    const end = await runCli(['screen', folder, ...common])
    expect(end.status).toBe(1)
    expect(end.stderr).toMatch(/made by a newer Prescreen/)
    expectHarmless(end.stderr)
    const after = new SQLite(join(data, 'prescreen.sqlite'), { readonly: true })
    expect(after.prepare('SELECT count(*) FROM batches').pluck().get()).toBe(1)
    after.close()
  })

  test.each([['{"profiles": ['], ['[]'], ['"text"'], [''], ['{"profiles": 3, "settings": {"blur": "purple"}}']])(
    'with the damaged settings %j goes on with the defaults, keeps the file, and says so',
    async damaged => {
      const { folder, data, common } = await folderWith({ 'a.txt': '你好' })
      await mkdir(data)
      await writeFile(join(data, 'settings.json'), damaged)
      const end = await runCli(['screen', folder, ...common])
      expect(end.status).toBe(0)
      expect(end.stderr).toMatch(/settings file was damaged/)
      expectHarmless(end.stderr)
      const kept = await Promise.all(
        (await readdir(data)).filter(name => name.endsWith('.json')).map(name => readFile(join(data, name), 'utf8')),
      )
      expect(kept.some(text => text === damaged || text.includes('damaged'))).toBe(true)
    },
  )

  test('with a damaged count of calls makes a new one and says what that means', async () => {
    const { folder, data, common } = await folderWith({})
    await mkdir(data)
    await writeFile(join(data, 'pacer.sqlite'), Buffer.alloc(5000, 'x'))
    const end = await runCli(['plan', folder, ...common])
    expect(end.status).toBe(0)
    expect(end.stderr).toMatch(/counts calls was damaged/)
    expectHarmless(end.stderr)
  })
})

describe('what is screened', () => {
  test('text from standard input, in whatever encoding is certain', async () => {
    const { common } = await folderWith({})
    const clean = await runCli(['screen', '-', '--json', ...common], { input: '你好,世界' })
    expect(clean.status).toBe(0)
    expect(JSON.parse(clean.stdout)).toMatchObject({ assets: 1, pass: 1, name: 'stdin' })
    const risky = await runCli(['screen', '-', '--json', ...common], { input: '这里有红灯果' })
    expect(risky.status).toBe(2)
    expect((await runCli(['screen', '-', ...common], { input: '' })).status).toBe(3)
    expect((await runCli(['screen', '-', ...common], { input: Buffer.from([0xff, 0xc3, 0x28, 0x81]) })).status).toBe(3)
  })

  test('names with line breaks, escapes and reversed writing are data on the terminal', async () => {
    const evil = [
      'a\nb.txt',
      'c\u{1b}[31mred\u{1b}]0;title\u{7}.txt',
      'd\u{202e}txt.exe',
      'e\u{9b}2J.txt',
      '=1+1.txt',
      '-rf.txt',
    ]
    const { folder, common } = await folderWith(
      Object.fromEntries(evil.map((name, n) => [name, n % 2 === 0 ? '红灯果' : ''])),
    )
    const csv = join(folder, '..', 'out.csv')
    const end = await runCli(['screen', folder, '--csv', csv, ...common])
    expect(end.status).toBe(2)
    expectHarmless(end.stdout.replace(/\n/g, ''), end.stderr)
    expect(end.stdout).not.toContain('\na\nb.txt')
    const json = await runCli([
      'screen',
      join(folder, 'd\u{202e}txt.exe'),
      join(folder, 'e\u{9b}2J.txt'),
      '--json',
      ...common,
    ])
    expectHarmless(json.stdout)
    const plan = await runCli(['plan', folder, ...common])
    expect(plan.status).toBe(0)
    expectHarmless(plan.stdout, plan.stderr)
    expect(await readFile(csv, 'utf8')).toContain(`'=1+1.txt`)
  })

  test('a path that does not exist, a folder without leave, a loop of links and a pipe are listed with their reasons', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    await symlink('.', join(folder, 'loop'))
    await symlink('nowhere', join(folder, 'dangling'))
    await mkdir(join(folder, 'closed'))
    await chmod(join(folder, 'closed'), 0)
    const jsonl = join(folder, '..', 'out.jsonl')
    const end = await runCli(['screen', folder, join(folder, 'missing.png'), '--jsonl', jsonl, ...common])
    await chmod(join(folder, 'closed'), 0o700)
    expect(end.status).toBe(3)
    const reasons = Object.fromEntries(
      (await readFile(jsonl, 'utf8'))
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
        .map(line => [line.path, line.reason]),
    )
    expect(reasons).toMatchObject({
      'a.txt': null,
      loop: 'symlink_loop',
      dangling: 'unreadable_file',
      'missing.png': 'unreadable_file',
    })
    // Root may read everything.
    if (process.getuid?.() !== 0) expect(reasons.closed).toBe('unreadable_file')
    expectHarmless(end.stdout, end.stderr)
  })

  test('tables by row and lists by line', async () => {
    const { folder, common } = await folderWith({
      'table.csv': '标题,文案\n一,你好\n二,红灯果\n三,\n',
      'urls.txt': 'http://127.0.0.1:9/a.png\nnot an address\n',
    })
    const table = await runCli(['screen', join(folder, 'table.csv'), '--text-column', '文案', '--json', ...common])
    expect(table.status).toBe(2)
    expect(JSON.parse(table.stdout)).toMatchObject({ assets: 3, pass: 1, risky: 1, unchecked: 1 })
    const jsonl = join(folder, '..', 'urls.jsonl')
    const list = await runCli(['screen', join(folder, 'urls.txt'), '--url-list', '--jsonl', jsonl, ...common])
    expect(list.status).toBe(3)
    expect(await readFile(jsonl, 'utf8')).toContain('url_refused')
  })
})

describe('the records', () => {
  test('of JSONL and CSV have exactly the documented keys in the documented order', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '你好', 'b.txt': '红灯果', 'c.txt': '' })
    const [csv, jsonl] = [join(folder, '..', 'out.csv'), join(folder, '..', 'out.jsonl')]
    const end = await runCli(['screen', folder, '--csv', csv, '--jsonl', jsonl, ...common])
    expect(end.status).toBe(2)
    const lines = (await readFile(jsonl, 'utf8'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      expect(Object.keys(line).filter(key => key !== 'practice')).toEqual([
        'schema',
        'batch',
        'asset',
        'path',
        'sha256',
        'kind',
        'profile',
        'platform',
        'appid',
        'verdict',
        'reason',
        'detail',
        'labels',
        'parts',
        'checked',
        'reused',
        'notes',
        'reading',
        'olderReading',
        'checks',
        'control',
        'rules',
        'ruleHits',
        'moreRuleHits',
      ])
      expect(line).toMatchObject({ schema: 1, batch: batchIdIn(end), asset: expect.stringMatching(/^a_/) })
      for (const check of line.checks)
        expect(Object.keys(check)).toEqual(
          expect.arrayContaining([
            'part',
            'rect',
            'range',
            'frame',
            'endpoint',
            'verdict',
            'errcode',
            'rid',
            'traceId',
            'attempts',
            'ms',
          ]),
        )
    }
    expect(lines.find(line => line.path === 'b.txt')).toMatchObject({
      verdict: 'risky',
      reason: null,
      labels: [{ code: 20001, zh: expect.any(String), en: expect.any(String) }],
    })
    expect(lines.find(line => line.path === 'c.txt')).toMatchObject({ verdict: 'unchecked', reason: 'empty', parts: 0 })

    const bytes = await readFile(csv)
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const [head, ...rows] = bytes.subarray(3).toString().trimEnd().split('\r\n')
    expect(head).toBe(
      'schema,batch,asset,path,sha256,kind,bytes,profile,platform,appid,verdict,label_codes,labels,reason,detail,parts,checked,' +
        'reused,endpoints,rids,trace_ids,decision,decision_reason,note,reviewer,screened_at,decided_at,row_hash,notes,older_reading,control,rules,rule_hits,rule_fine,places',
    )
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00/)
    const manifest = JSON.parse(await readFile(`${csv}.manifest.json`, 'utf8'))
    expect(manifest).toMatchObject({ schema: 1, rows: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  test('go nowhere when their place cannot be written, and nothing is spent', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    const host = await startHost(({ response }) => reply(response, pass))
    const end = await runCli([
      'screen',
      folder,
      ...wechatFlags(host.url),
      '--jsonl',
      join(folder, 'no', 'where.jsonl'),
      ...common,
    ])
    expect(end.status).toBe(1)
    expect(end.stderr).toMatch(/target file cannot be written/)
    expect(host.calls()).toBe(0)
    expectHarmless(end.stderr)
  })
})

describe('a report', () => {
  test('is never written over the material', async () => {
    const { folder, common } = await folderWith({ 'a.csv': 'text\n你好\n', 'b.csv.manifest.json': '{"mine":1}' })
    const table = join(folder, 'a.csv')
    await symlink(table, join(folder, '..', 'link.csv'))
    for (const args of [
      [table, '--text-column', 'text', '--csv', table],
      [table, '--text-column', 'text', '--jsonl', join(folder, '..', 'link.csv')],
      [folder, '--text-column', 'text', '--html', table],
      [folder, '--text-column', 'text', '--csv', join(folder, 'b.csv')],
    ]) {
      const end = await runCli(['screen', ...args, ...common])
      expect(end.status).toBe(1)
      expect(end.stderr).toMatch(/would overwrite a file of the material/)
    }
    expect(await readFile(table, 'utf8')).toBe('text\n你好\n')
    expect(await readFile(join(folder, 'b.csv.manifest.json'), 'utf8')).toBe('{"mine":1}')
  })

  test('is not written over the database either', async () => {
    const { folder, data, common } = await folderWith({ 'a.txt': '你好' })
    const first = await runCli(['screen', folder, ...common])
    const end = await runCli(['export', batchIdIn(first), '--csv', join(data, 'prescreen.sqlite'), ...common])
    expect(end.status).toBe(1)
    expect(end.stderr).toMatch(/would overwrite/)
    expect((await runCli(['verify', ...common])).status).toBe(0)
  })

  test('of an earlier run is replaced, also inside the material', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    const reports = ['--csv', join(folder, 'out.csv'), '--jsonl', join(folder, 'out.jsonl')]
    for (const _ of [1, 2]) {
      const end = await runCli(['screen', join(folder, 'a.txt'), ...reports, ...common])
      expect(end.stderr).not.toMatch(/overwrite/)
      expect(end.status).toBe(0)
    }
    const end = await runCli(['screen', folder, ...reports, ...common])
    expect(end.stderr).not.toMatch(/would overwrite/)
  })

  test.each(['csv', 'html', 'xlsx', 'jsonl'])('as %s that cannot be written costs no call', async format => {
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    const host = await startHost(({ response }) => reply(response, pass))
    for (const place of ['nowhere/out', '../material/']) {
      const flags = [`--${format}`, join(folder, place), ...wechatFlags(host.url), ...common]
      const end = await runCli(['screen', join(folder, 'a.txt'), ...flags])
      expect(end.status).toBe(1)
      expect(end.stderr).toMatch(/target file cannot be written/)
    }
    expect(host.calls()).toBe(0)
  })

  test.each([
    ['你好', 1],
    ['红灯果', 2],
    ['', 3],
  ])('that fails after the run does not hide the verdict of “%s”', async (text, status) => {
    const { folder, common } = await folderWith({ 'a.txt': text })
    const place = join(folder, '..', 'reports')
    await mkdir(place)
    // The manifest's place is taken by a folder: only the report's own place is tried beforehand.
    await mkdir(join(place, 'out.csv.manifest.json'))
    const end = await runCli(['screen', folder, '--csv', join(place, 'out.csv'), ...common])
    expect(end.stderr).toMatch(/A report was not written/)
    expect(end.stdout).toMatch(/1 assets/)
    expect(end.status).toBe(status)
  })

  test.skipIf(!existsSync('/dev/null'))(
    'of one line per asset may go to a device, a whole one may not take its place',
    async () => {
      const { folder, common } = await folderWith({ 'a.txt': '你好' })
      expect((await runCli(['screen', folder, '--jsonl', '/dev/null', ...common])).status).toBe(0)
      const whole = await runCli(['screen', folder, '--csv', '/dev/null', ...common])
      expect(whole.status).toBe(1)
      expect(whole.stderr).toMatch(/target file cannot be written/)
    },
  )

  test('of one line per asset goes to standard output as “-”, and the summary to standard error', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '你好', 'b.txt': '红灯果' })
    const end = await runCli(['screen', folder, '--jsonl', '-', ...common], { cwd: folder })
    expect(end.status).toBe(2)
    const lines = end.stdout.trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).path).toSorted()).toEqual(['a.txt', 'b.txt'])
    expect(end.stderr).toMatch(/2 assets/)
    expect(existsSync(join(folder, '-'))).toBe(false)
  })
})

test('a title that no text takes along is not passed in silence', async () => {
  const { folder, common } = await folderWith({
    'a.png': await sharp({ create: { width: 40, height: 40, channels: 3, background: '#0d6b53' } })
      .png()
      .toBuffer(),
  })
  const end = await runCli(['screen', folder, '--title', '红灯果', ...common])
  expect(end.stderr).toMatch(/--title was not checked/)
  expect(end.status).toBe(3)
})

test('a folder on standard input is reported in words', async () => {
  const { folder, common } = await folderWith({})
  const through = `
    const { spawnSync } = require('node:child_process')
    const folder = require('node:fs').openSync(process.argv[1], 'r')
    const run = spawnSync(process.execPath, process.argv.slice(2), { stdio: [folder, 'inherit', 'inherit'] })
    process.exitCode = run.status`
  const end = await startNode(['-e', through, folder, cliFile, 'screen', '-', ...common]).ended
  expect(end.status).toBe(1)
  expect(end.stderr).toMatch(/standard input is a folder/)
  expectHarmless(end.stdout, end.stderr)
})

describe('the messages', () => {
  test('the batch id is on standard error before the first check leaves', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    const answer = Promise.withResolvers<void>()
    const host = await startHost(async ({ response }) => {
      await answer.promise
      reply(response, pass)
    })
    const run = startCli(['screen', folder, '--quiet', ...wechatFlags(host.url), ...common])
    await run.said(/b_[0-9a-z]{26}/)
    answer.resolve()
    expect((await run.ended).status).toBe(0)
  })

  test('are in the language that was asked for, else the system’s', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '' })
    const [zh, en, system] = await Promise.all([
      runCli(['screen', folder, '--data-dir', `${common[1]}1`, '--lang', 'zh']).then(async end =>
        end.status === 3 ? end : runCli(['--lang', 'zh', 'screen', folder, '--data-dir', `${common[1]}1`]),
      ),
      runCli(['--lang', 'en', 'screen', folder, '--data-dir', `${common[1]}2`], { env: { LANG: 'zh_CN.UTF-8' } }),
      runCli(['screen', folder, '--data-dir', `${common[1]}3`], { env: { LANG: 'zh_CN.UTF-8' } }),
    ])
    expect(zh.stdout).toContain('未检')
    expect(en.stdout).not.toMatch(/未检/)
    expect(system.stdout).toContain('未检')
  })

  test('--quiet says nothing but the id, --json is one object', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    const end = await runCli(['screen', folder, '--quiet', '--json', ...common])
    expect(end.stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(end.stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.parse(end.stdout)).toMatchObject({ schema: 1, state: 'done', assets: 1, pass: 1, practice: true })
  })

  test.each([
    ['passed', '你好', 0],
    ['is risky', '红灯果', 2],
    ['is unchecked', '', 3],
  ])('a reader that goes away is no accident, and no verdict: what %s keeps its status', async (_, text, expected) => {
    const { folder, common } = await folderWith({ 'a.txt': text })
    for (const form of [[], ['--json']]) {
      const run = startCli(['screen', folder, ...form, ...common])
      run.child.stdout?.destroy()
      run.child.stderr?.destroy()
      const { status, signal } = await run.ended
      expect(signal).toBeNull()
      expect(status).toBe(expected)
    }
  })

  test('a ledger that was tampered with sets the status also when nobody reads the words', async () => {
    const { folder, data, common } = await folderWith({ 'a.txt': '红灯果' })
    await runCli(['screen', folder, ...common])
    const database = new SQLite(join(data, 'prescreen.sqlite'))
    database.exec("UPDATE results SET outcome = 'pass', reason = NULL")
    database.close()
    for (const form of [[], ['--json']]) {
      const run = startCli(['verify', ...form, ...common])
      run.child.stdout?.destroy()
      expect((await run.ended).status).toBe(2)
    }
  })

  test.skipIf(!existsSync('/dev/full'))('a summary that cannot be written is never a pass', async () => {
    const { folder, common } = await folderWith({ 'a.txt': '你好' })
    const full = await startNode(['-e', throughDevFull, cliFile, 'screen', folder, '--json', ...common]).ended
    expect(full.status).toBe(1)
  })
})

test('the command line never touches Electron', async () => {
  const { folder, common } = await folderWith({ 'a.txt': '你好', 'b.txt': '红灯果' })
  const loader = `data:text/javascript,${encodeURIComponent(
    `import { registerHooks } from 'node:module'
     registerHooks({ resolve(name, context, next) {
       if (name === 'electron' || name.startsWith('electron/')) throw new Error('electron was imported')
       return next(name, context)
     } })`,
  )}`
  const end = await startNode(['--import', loader, cliFile, 'screen', folder, ...common]).ended
  expect(end.stderr).not.toContain('electron was imported')
  expect(end.status).toBe(2)
  const guarded = await startNode(['--import', loader, '--input-type=module', '-e', `import 'electron'`]).ended
  expect(guarded.stderr).toContain('electron was imported')
})
