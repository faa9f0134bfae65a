import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { batchIdIn, runCli } from '../../fixtures/engine/cli.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const secret = 'S3cr3t+of/the=account&0123456789'
const openid = 'oVisitor-of_the_mini_program'

/** As they stand, in a URL, in JSON, in base64. */
const spellings = (value: string) => [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString('base64').slice(0, -4),
]

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

test('the AppSecret and the token are nowhere on disk nor on the terminal, although the platform repeats them in its errors', async () => {
  const folder = await temporaryFolder()
  const [material, data] = [join(folder, 'texts.csv'), join(folder, 'data')]
  await writeFile(material, `text\n${Array.from({ length: 30 }, (_, n) => `第${n}条\n`).join('')}`)
  await writeFile(
    join(folder, 'a.png'),
    await sharp({ create: { width: 50, height: 40, channels: 3, background: '#0d6b53' } })
      .png()
      .toBuffer(),
  )
  const tokens = new Set<string>()
  const host = await startHost(({ query, response, body }) => {
    const token = query.get('access_token') ?? ''
    tokens.add(token)
    const echo = `token ${token} access_token=${token} secret: ${secret}, openid "${openid}" in ${encodeURIComponent(secret)} of ${body.subarray(0, 400)}`
    // Every way in which words of the platform get into records: refused, unknown, busy, judged, and no JSON at all.
    const replies = [
      { errcode: 61010, errmsg: echo },
      { errcode: 987654, errmsg: echo },
      { errcode: 87014, errmsg: echo },
      { errcode: 87015, errmsg: echo, result: { suggest: echo } },
      {
        errcode: 0,
        errmsg: echo,
        result: { suggest: 'risky', label: 20001 },
        trace_id: 'trace',
        detail: [{ keyword: echo }],
      },
    ]
    const nth = host.calls() % 7
    if (nth === 5) return reply(response, `<html>${echo}</html>`)
    if (nth === 6)
      return reply(response, echo, 302, {
        Location: `http://elsewhere.invalid/?access_token=${token}&secret=${encodeURIComponent(secret)}`,
      })
    return reply(response, JSON.stringify(replies[nth]))
  })
  const env = { ACCOUNT_SECRET: secret }
  const common = ['--data-dir', data]
  const added = await runCli(
    [
      'profiles',
      'add',
      'Brand',
      '--platform',
      'wechat',
      '--appid',
      'wx_account',
      '--secret-env',
      'ACCOUNT_SECRET',
      '--base-url',
      host.url,
      ...common,
    ],
    { env },
  )
  expect(added.status).toBe(0)
  const reports = ['csv', 'jsonl'].map(format => join(folder, `report.${format}`))
  const run = await runCli(
    [
      'screen',
      material,
      join(folder, 'a.png'),
      '--text-column',
      'text',
      '--profile',
      'Brand',
      '--openid',
      openid,
      '--openid',
      `${openid}2`,
      '--csv',
      reports[0] ?? '',
      '--jsonl',
      reports[1] ?? '',
      ...common,
    ],
    { env },
  )
  const ends = [
    added,
    run,
    await runCli(['resume', batchIdIn(run), ...common], { env }),
    await runCli(['doctor', 'Brand', ...common], { env }),
    await runCli(['profiles', 'list', '--json', ...common], { env }),
    await runCli(['plan', material, '--text-column', 'text', '--profile', 'Brand', ...common], { env }),
  ]
  expect(host.calls()).toBeGreaterThan(5)
  expect(tokens.size).toBeGreaterThan(0)

  const forbidden = [secret, ...tokens].flatMap(spellings)
  const places = [
    ...ends.map((end, index) => ({ name: `output ${index}`, bytes: Buffer.from(end.stdout + end.stderr) })),
    ...(await Promise.all(
      [
        ...(await filesBelow(data)),
        ...reports,
        ...reports.map(file => `${file}.manifest.json`).filter(file => file.includes('csv')),
      ].map(async name => ({ name, bytes: await readFile(name) })),
    )),
  ]
  expect(places.length).toBeGreaterThan(8)
  const found = places.flatMap(({ name, bytes }) =>
    forbidden.filter(word => bytes.includes(word)).map(word => `${name}: ${word.slice(0, 12)}…`),
  )
  expect(found).toEqual([])

  // An openid is part of a stored profile and of a batch's settings; it is in no record of what happened, and not shown.
  const database = new SQLite(join(data, 'prescreen.sqlite'), { readonly: true })
  const records = ['ledger', 'checks', 'results', 'assets', 'skipped'].map(table =>
    JSON.stringify(database.prepare(`SELECT * FROM ${table}`).all()),
  )
  database.close()
  const shown = [...records, ...ends.filter((_, index) => index !== 4).map(end => end.stdout + end.stderr)]
  const reported = await Promise.all(reports.map(file => readFile(file, 'utf8')))
  for (const text of [...shown, ...reported]) expect(text).not.toContain(openid)
})

test('a wrong secret is not repeated when the platform repeats it', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'a.txt'), '你好')
  const { createServer } = await import('node:http')
  const server = createServer((request, response) => {
    void request.resume()
    reply(response, JSON.stringify({ errcode: 40125, errmsg: `invalid appsecret ${secret} rid: 1-2-3` }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const end = await runCli(
      [
        'screen',
        join(folder, 'a.txt'),
        '--platform',
        'wechat',
        '--appid',
        'wx_account',
        '--secret-env',
        'ACCOUNT_SECRET',
        '--base-url',
        `http://127.0.0.1:${port}`,
        '--data-dir',
        join(folder, 'data'),
      ],
      { env: { ACCOUNT_SECRET: secret } },
    )
    expect(end.status).toBe(1)
    expect(end.stdout + end.stderr).toContain('refuses this AppSecret')
    expect(end.stdout + end.stderr).not.toContain(secret)
    for (const file of await filesBelow(join(folder, 'data')))
      expect((await readFile(file)).includes(secret)).toBe(false)
  } finally {
    server.close()
  }
})
