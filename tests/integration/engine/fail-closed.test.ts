import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import sharp from 'sharp'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Profile } from '../../../shared/profile.ts'
import { defaultOptions } from '../../../shared/screening.ts'
import { engineFor, qqProfile, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { type ArrivedCall, reply, startHost } from '../../fixtures/engine/stand-in.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What each endpoint is asked with, and what a genuine pass of it looks like. */
const endpoints = [
  {
    name: 'wechat text v1',
    profile: (url: string) => wechatProfile(url),
    file: 'a.txt',
    pass: '{"errcode":0,"errmsg":"ok"}',
  },
  {
    name: 'wechat text v2',
    profile: (url: string) => wechatProfile(url, { openids: ['oSomebody_who_is_here_00001'] }),
    file: 'a.txt',
    pass: '{"errcode":0,"errmsg":"ok","result":{"suggest":"pass","label":100},"detail":[],"trace_id":"t"}',
  },
  {
    name: 'wechat image',
    profile: (url: string) => wechatProfile(url),
    file: 'a.png',
    pass: '{"errcode":0,"errmsg":"ok"}',
  },
  { name: 'qq text', profile: (url: string) => qqProfile(url), file: 'a.txt', pass: '{"errCode":0,"errMsg":"ok"}' },
  { name: 'qq image', profile: (url: string) => qqProfile(url), file: 'a.png', pass: '{"errCode":0,"errMsg":"ok"}' },
] as const

const codes = [
  -1, 1, 40001, 40002, 40003, 40004, 40005, 40006, 40007, 40009, 40013, 40014, 40033, 40066, 40097, 40125, 40129, 40137,
  40164, 40243, 41001, 41002, 41004, 41005, 42001, 42007, 43002, 43003, 43104, 44001, 44002, 45001, 45002, 45009, 45035,
  47001, 47002, 48001, 48004, 48006, 48017, 50001, 50002, 50004, 50007, 61004, 61007, 61010, 61024, 76001, 76021, 87009,
  87015, 87020, 89501, 89503, 89506, 89507, 9410009, -1008, 4294966288, 123456789, -87014, 87013,
]

interface Fault {
  readonly name: string
  answer(call: ArrivedCall, pass: string): void
}

const raw = (name: string, body: string, status = 200): Fault => ({
  name,
  answer: ({ response }) => reply(response, body, status),
})
const faults: readonly Fault[] = [
  ...codes.map(code => raw(`code ${code}`, JSON.stringify({ errcode: code, errmsg: 'as it is' }))),
  ...codes.filter(code => code > 0).map(code => raw(`errCode ${code}`, JSON.stringify({ errCode: code, errMsg: '' }))),
  raw('an empty body', ''),
  raw('an empty object', '{}'),
  raw('an array', '[{"errcode":0}]'),
  raw('null', 'null'),
  raw('a bare zero', '0'),
  raw('the word ok', 'ok'),
  raw('errcode as a text that is no integer', '{"errcode":" 0","errmsg":"ok"}'),
  raw('errcode as an empty text', '{"errcode":"","errmsg":"ok"}'),
  raw('errcode as true', '{"errcode":true}'),
  raw('errcode null', '{"errcode":null,"errmsg":"ok"}'),
  raw('errcode 0.5', '{"errcode":0.5}'),
  raw('errcode in a list', '{"errcode":[0]}'),
  raw('errcode twice', '{"errcode":87014,"errcode":0,"result":{"suggest":"pass","label":100}}'),
  raw('two codes that differ', '{"errcode":0,"errCode":87014,"result":{"suggest":"pass","label":100}}'),
  raw('only a message', '{"errmsg":"ok"}'),
  raw('only a result', '{"result":{"suggest":"pass","label":100}}'),
  raw('not UTF-8', '{"errcode":0,"errmsg":"\u{0}'),
  raw('a login page', '<!doctype html><title>Sign in</title>{"errcode":0}'),
  raw('text before the JSON', 'x{"errcode":0,"errmsg":"ok"}'),
  raw('JSON cut short', '{"errcode":0,"errmsg":"o'),
  ...[201, 204, 301, 302, 307, 400, 401, 403, 404, 408, 412, 413, 500, 502, 503, 504].map(status =>
    raw(
      `a pass with HTTP ${status}`,
      status === 204 ? '' : '{"errcode":0,"errmsg":"ok","result":{"suggest":"pass","label":100}}',
      status,
    ),
  ),
  {
    name: 'a redirect elsewhere',
    answer: ({ response, request }) => reply(response, '', 302, { Location: `http://${request.headers.host}/pass` }),
  },
  { name: 'a reset', answer: ({ response }) => void response.socket?.resetAndDestroy() },
  {
    name: 'half a pass',
    answer: ({ response }, pass) => {
      response.writeHead(200, { 'Content-Length': pass.length + 40 })
      response.write(pass, () => response.destroy())
    },
  },
  { name: 'no HTTP at all', answer: ({ response }) => void response.socket?.end('pass\r\n\r\n') },
]

describe.each(endpoints)('$name', ({ profile, file, pass }) => {
  test('no fault of the platform or of the way to it ends in a pass, and each has its reason', async () => {
    // Back-off without waiting: full jitter draws nothing.
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const folder = await temporaryFolder()
    const path = join(folder, file)
    await writeFile(path, file.endsWith('.png') ? await png() : '你好,世界')
    const byAppid = new Map(faults.map((fault, index) => [`wxfault${index}`, fault]))
    const host = await startHost(call => {
      if (call.path === '/pass') return reply(call.response, pass)
      const fault = byAppid.get(call.appid)
      if (fault === undefined) return reply(call.response, pass)
      return fault.answer(call, pass)
    })
    const engine = await engineFor(join(folder, 'data'))
    const screen = (appid: string) =>
      screenAll(engine, [path], [{ ...profile(host.url), appid } satisfies Profile], { reuseDays: 0 })

    // The way is sound: without a fault it is a pass.
    const sound = await screen('wxsound')
    expect(sound.rows[0]?.results[0]?.outcome).toBe('pass')

    const wrong: string[] = []
    const cases = [...byAppid]
    while (cases.length > 0) {
      await Promise.all(
        cases.splice(0, 12).map(async ([appid, fault]) => {
          const { summary, rows } = await screen(appid)
          const [result] = rows[0]?.results ?? []
          const isClosed =
            result?.outcome === 'unchecked' &&
            result.reason !== null &&
            result.state === 'done' &&
            result.detail !== null
          if (!isClosed) wrong.push(`${fault.name}: ${JSON.stringify(result)}`)
          if (summary.tally.pass !== 0 || summary.tally.unchecked !== 1)
            wrong.push(`${fault.name}: ${JSON.stringify(summary.tally)}`)
        }),
      )
    }
    expect(wrong).toEqual([])
    const verified = await engine.ledger.verify()
    expect(verified.intact).toBe(true)
  })
})

test('a server that never answers, or never ends its answer, leaves the batch when it is cancelled, without a verdict', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'a.txt'), '你好')
  await writeFile(join(folder, 'b.txt'), '世界')
  const arrived = Promise.withResolvers<void>()
  const host = await startHost(({ response, body }) => {
    if (body.toString().includes('世界')) response.writeHead(200, { 'Content-Length': '100' }).write('{"errcode":0')
    if (host.calls() === 2) arrived.resolve()
  })
  const engine = await engineFor(join(folder, 'data'))
  const run = await engine.screen({
    inputs: [join(folder, 'a.txt'), join(folder, 'b.txt')],
    profiles: [wechatProfile(host.url)],
    options: defaultOptions,
    name: null,
  })
  await arrived.promise
  const cancelled = await engine.batches.cancel(run.id)
  expect(cancelled.state).toBe('cancelled')
  expect(cancelled.tally).toMatchObject({ pass: 0, unchecked: 2, pending: 0 })
})

test('the database itself refuses a pass that was not earned', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'a.txt'), '你好')
  const host = await startHost(({ response }) => reply(response, '{"errcode":-1}'))
  vi.spyOn(Math, 'random').mockReturnValue(0)
  const engine = await engineFor(join(folder, 'data'))
  await screenAll(engine, [join(folder, 'a.txt')], [wechatProfile(host.url)])
  await engine.close()

  const database = new SQLite(join(folder, 'data', 'prescreen.sqlite'))
  try {
    const refused = (sql: string) => expect(() => database.exec(sql)).toThrow(/constraint|append-only/i)
    refused(`UPDATE results SET outcome = 'pass'`)
    refused(`UPDATE results SET outcome = 'pass', reason = NULL`)
    refused(`UPDATE results SET outcome = 'pass', reason = NULL, parts = 2, checked = 1`)
    refused(`UPDATE results SET outcome = 'pass', reason = NULL, parts = 1, checked = 1, state = 'queued'`)
    refused(`UPDATE results SET outcome = 'unchecked', reason = NULL`)
    refused(`UPDATE results SET outcome = 'fine'`)
    refused(`UPDATE checks SET verdict = 'pass'`)
    refused(`UPDATE checks SET verdict = 'pass', reason = NULL, state = 'sent'`)
    refused(`UPDATE checks SET reason = NULL`)
    refused(`UPDATE ledger SET body = '{}'`)
    refused(`DELETE FROM ledger`)
  } finally {
    database.close()
  }
})

async function png(): Promise<Buffer> {
  return sharp({ create: { width: 60, height: 40, channels: 3, background: '#0d6b53' } })
    .png()
    .toBuffer()
}
