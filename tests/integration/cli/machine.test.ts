import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import sharp from 'sharp'
import { describe, expect, onTestFinished, test } from 'vitest'
import { batchIdIn, cliFile, runCli, wechatFlags } from '../../fixtures/engine/cli.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const samples = join(import.meta.dirname, '../../../resources/samples')
const hasStrace = spawnSync('strace', ['-V']).status === 0
const isRoot = process.getuid?.() === 0 && process.platform === 'linux'
if (!hasStrace) process.stdout.write('no strace here: that practice stays on this machine is not proved\n')
if (!isRoot) process.stdout.write('not root: a small disk cannot be made, a full one is not tried\n')

describe('practice', () => {
  test.skipIf(!hasStrace)(
    'talks to nobody but this machine',
    async () => {
      const folder = await temporaryFolder()
      const material = existsSync(samples) && (await readdir(samples)).length > 0 ? samples : join(folder, 'material')
      if (material !== samples) {
        await mkdir(material)
        await writeFile(join(material, 'a.txt'), '你好')
        await writeFile(join(material, 'b.txt'), '红灯果')
        const made = sharp({ create: { width: 800, height: 2400, channels: 3, background: '#0d6b53' } })
        await writeFile(join(material, 'c.png'), await made.png().toBuffer())
      }
      const log = join(folder, 'strace.log')
      const run = spawnSync(
        'strace',
        [
          '-f',
          '-qq',
          '-yy',
          '-e',
          'trace=connect,sendto,sendmsg,sendmmsg',
          '-o',
          log,
          process.execPath,
          cliFile,
          'screen',
          material,
          '--data-dir',
          join(folder, 'data'),
        ],
        { env: { PATH: process.env.PATH, LANG: 'en_US.UTF-8' }, encoding: 'utf8' },
      )
      expect(run.status, run.stderr).toBeLessThanOrEqual(3)
      expect(run.stdout).toMatch(/assets/)
      const traced = await readFile(log, 'utf8')
      // A browser that draws a page asks the system for a way by IPv6, which is to connect a UDP socket and sends nothing; sending is traced.
      const calls = traced.split('\n').filter(line => !/ connect\(\d+<UDP/.test(line))
      const addresses = calls.flatMap(line =>
        [...line.matchAll(/sa_family=AF_\w+[^}]*|<(?:TCP|UDP)[^>]*->[^>]*/g)].map(String),
      )
      // The calls to the sandbox are there, so that the trace is known to see calls at all.
      expect(addresses.some(address => address.includes('127.0.0.1'))).toBe(true)
      const elsewhere = addresses.filter(
        address =>
          /AF_INET|^</.test(address) &&
          !/inet_addr\("127\.|inet_pton\(AF_INET6, "(::1|::ffff:127\.)|->\[?(127\.|::1|::ffff:127\.)/.test(address),
      )
      expect(elsewhere).toEqual([])
    },
    120_000,
  )
})

describe('a full disk', () => {
  test.skipIf(!isRoot)(
    'is told in a sentence, loses nothing, and the batch goes on when there is room again',
    async () => {
      const folder = await temporaryFolder()
      const small = join(folder, 'small')
      await mkdir(small)
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1200k', 'tmpfs', small], { stdio: 'pipe' })
      } catch {
        process.stdout.write('mounting is not allowed here: a full disk is not tried\n')
        return
      }
      onTestFinished(() => {
        execFileSync('umount', ['-l', small])
      })
      const material = join(folder, 'texts.csv')
      const rows = 1_500
      await writeFile(
        material,
        `text\n${Array.from({ length: rows }, (_, n) => `第${n}条${'说了很多话'.repeat(40)}\n`).join('')}`,
      )
      const sent = new Map<string, number>()
      const host = await startHost(({ response, body }) => {
        sent.set(body.toString(), (sent.get(body.toString()) ?? 0) + 1)
        reply(response, '{"errcode":0,"errmsg":"ok"}')
      })
      const flags = [...wechatFlags(host.url), '--text-column', 'text', '--data-dir', join(small, 'data')]
      const full = await runCli(['screen', material, ...flags])
      expect(full.status, full.stderr).toBe(1)
      expect(full.stderr).toMatch(/disk is full/)
      expect(full.stderr).not.toMatch(/^\s+at /m)

      execFileSync('mount', ['-o', 'remount,size=64m', small])
      const resumed = await runCli(['resume', batchIdIn(full), '--json', ...flags])
      expect(resumed.status, resumed.stderr).toBe(0)
      expect(JSON.parse(resumed.stdout)).toMatchObject({ assets: rows, pass: rows })
      // Only what was out when the disk filled up was asked again.
      const twice = [...sent.values()].reduce((sum, n) => sum + n - 1, 0)
      expect(twice).toBeLessThanOrEqual(80)
      const database = new SQLite(join(small, 'data', 'prescreen.sqlite'), { readonly: true })
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      database.close()
    },
    120_000,
  )

  test.skipIf(!isRoot)('for a report leaves no partial file', async () => {
    const folder = await temporaryFolder()
    const small = join(folder, 'small')
    await mkdir(small)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { stdio: 'pipe' })
    } catch {
      return
    }
    onTestFinished(() => {
      execFileSync('umount', ['-l', small])
    })
    await writeFile(join(folder, 'table.csv'), `text,n\n${Array.from({ length: 1_000 }, (_, n) => `,${n}\n`).join('')}`)
    const common = ['--data-dir', join(folder, 'data')]
    const run = await runCli([
      'screen',
      join(folder, 'table.csv'),
      '--text-column',
      'text',
      '--csv',
      join(small, 'out.csv'),
      ...common,
    ])
    // What the run found is told although the report is lost.
    expect(run.status).toBe(3)
    expect(run.stdout).toMatch(/1000 assets/)
    expect(run.stderr).toMatch(/disk is full/)
    expect(await readdir(small)).toEqual([])
  })
})

describe('a classic token', () => {
  test('outlives its run: each fetch would end the one that production uses', async () => {
    const folder = await temporaryFolder()
    const host = await startHost(({ response }) => reply(response, '{"errCode":0,"errMsg":"ok"}'))
    const screenOnce = async (text: string) => {
      const file = join(folder, `${text}.txt`)
      await writeFile(file, text)
      const flags = ['--platform', 'qq', '--appid', '1100000001', '--secret-env', 'QQ_SECRET', '--base-url', host.url]
      const end = await runCli(['screen', file, ...flags, '--data-dir', join(folder, 'data')])
      expect(end.status, end.stderr).toBe(0)
    }
    for (const text of ['one', 'two', 'three']) await screenOnce(text)
    expect(host.calls()).toBe(3)
    expect(host.tokenCalls()).toBe(1)
  })
})

describe('verify', () => {
  test('tells what was tampered with from what is not there, and knows the JSON lines of a run', async () => {
    const folder = await temporaryFolder()
    const [text, data, lines] = [join(folder, 'a.txt'), join(folder, 'data'), join(folder, 'out.jsonl')]
    await writeFile(text, '你好')
    const verify = (...args: string[]) => runCli(['verify', ...args])
    const nothing = await verify('--data-dir', data)
    expect(nothing.status).toBe(1)
    expect(nothing.stderr).toContain('there is no ledger in')

    expect((await runCli(['screen', text, '--jsonl', lines, '--data-dir', data])).status).toBe(0)
    expect((await verify(lines, '--data-dir', data)).status).toBe(0)
    expect((await verify(text)).status).toBe(1)
    expect((await verify(join(folder, 'none.csv'))).status).toBe(1)
    await writeFile(lines, (await readFile(lines, 'utf8')).replace('"practice":true', '"practice":false'))
    expect((await verify(lines, text)).status).toBe(2)

    const database = join(data, 'prescreen.sqlite')
    await writeFile(database, (await readFile(database)).fill(0xff, 20_000, 29_000))
    const damaged = await verify('--data-dir', data)
    expect(damaged.status).toBe(1)
    expect(damaged.stderr).toContain('damaged')
  })
})
