import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { batchIdIn, runCli, startCli, startNode, wechatFlags } from '../../fixtures/engine/cli.ts'
import { engineFor, outcomes, rowsOf, temporaryFolder } from '../../fixtures/engine/harness.ts'
import { batchesIn, inFlightOf, whenTrue } from '../../fixtures/engine/rows.ts'
import { type ArrivedCall, reply, startHost } from '../../fixtures/engine/stand-in.ts'

const assets = 240

/** Texts that pass and that do not, long ones of several chunks, pictures, doubles, and what cannot be checked. */
async function makeMaterial(folder: string): Promise<void> {
  await mkdir(join(folder, 'deep', 'er'), { recursive: true })
  for (let index = 0; index < assets; index += 1) {
    const place = ['', 'deep', 'deep/er'][index % 3] ?? ''
    const name = join(folder, place, `${String(index).padStart(3, '0')}`)
    if (index % 40 === 7) await writeFile(`${name}.txt`, '')
    else if (index % 40 === 9) await writeFile(`${name}.txt`, Buffer.from([0xff, 0xc3, 0x28, 0x81, 0xfe, 0x01]))
    else if (index % 20 === 11) await writeFile(`${name}.png`, await picture(index))
    else if (index % 20 === 13) await writeFile(`${name}.txt`, '每天都一样的话。')
    else if (index % 110 === 17) await writeFile(`${name}.txt`, longText(index))
    else await writeFile(`${name}.txt`, `第${index}条文案${index % 5 === 0 ? '红灯果' : ''}。`)
  }
}

/** Over 500 KB, and no passage of it is like another text's. */
const longText = (index: number) =>
  Array.from({ length: 30_000 }, (_, n) => `第${index}篇第${n}句话说了很多。`).join('')

const picture = (index: number) =>
  sharp({ create: { width: 40 + index, height: 30, channels: 3, background: '#0d6b53' } })
    .png()
    .toBuffer()

/** Judges by content alone, so that the same content always gets the same answer; counts how often each was sent. */
function createJudge() {
  const sent = new Map<string, number>()
  let onCall: (nth: number) => void = () => undefined
  let unanswered: string | null = null
  return {
    sent,
    /** Calls about this stay without an answer, so that a batch with it in it does not end. */
    leaveUnanswered: (content: string | null) => {
      unanswered = content
    },
    onCall: (listener: (nth: number) => void) => {
      onCall = listener
    },
    answer: async ({ body, path, response }: ArrivedCall) => {
      // A form's boundary is drawn anew for each call.
      const content = path.includes('img') ? body.subarray(body.indexOf('PNG\r\n'), body.indexOf('IEND')) : body
      const key = createHash('sha256').update(content).digest('hex')
      sent.set(key, (sent.get(key) ?? 0) + 1)
      onCall([...sent.values()].reduce((sum, n) => sum + n, 0))
      await setImmediate()
      if (unanswered !== null && body.includes(unanswered)) return
      reply(
        response,
        body.includes('红灯果') ? '{"errcode":87014,"errmsg":"risky content"}' : '{"errcode":0,"errmsg":"ok"}',
      )
    },
  }
}

async function setUp() {
  const folder = await temporaryFolder()
  const material = join(folder, 'material')
  await makeMaterial(material)
  const judge = createJudge()
  const host = await startHost(judge.answer)
  const flags = (dataDir: string) => [...wechatFlags(host.url), '--quiet', '--data-dir', dataDir]
  return { folder, material, judge, flags, callsTotal: () => host.calls() }
}

async function seen(dataDir: string, batch: string) {
  const engine = await engineFor(dataDir)
  try {
    const { intact } = await engine.ledger.verify()
    return { rows: await rowsOf(engine, batch), summary: await engine.batches.get(batch), intact }
  } finally {
    await engine.close()
  }
}

describe('kill -9', () => {
  test('at any moment loses nothing: resumed, the batch ends as if it had not happened', async () => {
    const { folder, material, judge, flags } = await setUp()
    const whole = join(folder, 'whole')
    const undisturbed = await runCli(['screen', material, ...flags(whole)])
    expect(undisturbed.status).toBe(2)
    const expected = await seen(whole, batchIdIn(undisturbed))
    const calls = [...judge.sent.values()].reduce((sum, n) => sum + n, 0)
    expect([...judge.sent.values()].every(n => n === 1)).toBe(true)
    expect(expected.rows).toHaveLength(assets)

    const moments = [
      1,
      2,
      3,
      41,
      calls - 1,
      calls,
      ...Array.from({ length: 2 }, () => 1 + Math.floor(Math.random() * calls)),
    ]
    for (const [index, moment] of moments.entries()) {
      const dataDir = join(folder, `data-${index}`)
      judge.sent.clear()
      const run = startCli(['screen', material, ...flags(dataDir)])
      judge.onCall(nth => {
        if (nth === moment) run.child.kill('SIGKILL')
      })
      const killed = await run.ended
      judge.onCall(() => undefined)
      expect(killed.signal, `killed at call ${moment}: ${killed.stderr}`).toBe('SIGKILL')
      const id = batchIdIn(killed)
      const inFlight = inFlightOf(dataDir)

      const resumed = await runCli(['resume', id, ...flags(dataDir)])
      expect(resumed.status, resumed.stderr).toBe(2)
      const after = await seen(dataDir, id)
      expect(after.intact).toBe(true)
      expect(outcomes(after.rows), `killed at call ${moment}`).toEqual(outcomes(expected.rows))
      expect(after.summary.tally).toEqual(expected.summary.tally)
      expect(after.summary.state).toBe('done')
      const twice = [...judge.sent.values()].reduce((sum, n) => sum + n - 1, 0)
      expect(twice, `killed at call ${moment} with ${inFlight} calls under way`).toBeLessThanOrEqual(inFlight)
      expect(judge.sent.size).toBe(calls)
    }
  })

  test('in any state of the database, from the first row on, loses nothing either', async () => {
    const { folder, material, judge, flags } = await setUp()
    const states: readonly [string, string][] = [
      ['the batch is there', 'SELECT 1 FROM batches'],
      ['the first asset is found', 'SELECT 1 FROM assets'],
      ['the first call is about to leave', `SELECT 1 FROM checks WHERE state = 'sent'`],
      ['the first verdict is in', 'SELECT 1 FROM checks WHERE verdict IS NOT NULL'],
      ['the first asset is done', `SELECT 1 FROM results WHERE state = 'done'`],
      [
        'a long text is half checked',
        `SELECT 1 FROM checks c JOIN results r ON r.asset = c.asset WHERE c.part = 'chunk 1/3' AND r.state <> 'done'`,
      ],
      ['an outcome was reused', 'SELECT 1 FROM results WHERE reused_from IS NOT NULL'],
      ['the walk has ended', 'SELECT 1 FROM batches WHERE walked = 1'],
    ]
    let first: ReturnType<typeof outcomes> | null = null
    for (const [index, [state, sql]] of states.entries()) {
      const dataDir = join(folder, `data-${index}`)
      judge.sent.clear()
      // However late we look, the batch stands before its end: the last chunk of a long text has no verdict.
      judge.leaveUnanswered(`第${assets - 3}篇第29999句`)
      const run = startCli(['screen', material, ...flags(dataDir)])
      await whenTrue(join(dataDir, 'prescreen.sqlite'), sql, () => run.child.exitCode !== null)
      run.child.kill('SIGKILL')
      const killed = await run.ended
      judge.leaveUnanswered(null)
      // Killed before it was told, the id is in the database.
      const id = killed.stderr.includes('b_') ? batchIdIn(killed) : ((await batchesIn(dataDir))[0] ?? '')
      const inFlight = inFlightOf(dataDir)
      const resumed = await runCli(['resume', id, ...flags(dataDir)])
      expect(resumed.status, `${state}: ${resumed.stderr}`).toBe(2)
      const after = await seen(dataDir, batchIdIn(resumed))
      expect(after.intact).toBe(true)
      expect(after.rows).toHaveLength(assets)
      first ??= outcomes(after.rows)
      expect(outcomes(after.rows), state).toEqual(first)
      const twice = [...judge.sent.values()].reduce((sum, n) => sum + n - 1, 0)
      expect(twice, state).toBeLessThanOrEqual(inFlight)
    }
  })

  test('keeps every decision and note that was acknowledged', async () => {
    const { folder, material, flags } = await setUp()
    const dataDir = join(folder, 'data')
    const id = batchIdIn(await runCli(['screen', material, ...flags(dataDir)]))
    for (const acknowledged of [1, 60]) {
      const deciding = startNode([join(import.meta.dirname, '../../fixtures/engine/deciding.ts'), dataDir, id])
      await deciding.said(new RegExp(`^(\\d+\\n){${acknowledged}}`))
      deciding.child.kill('SIGKILL')
      const { stderr } = await deciding.ended
      const told = stderr
        .split('\n')
        .filter(line => line !== '')
        .slice(0, acknowledged)
      const { rows, intact } = await seen(dataDir, id)
      expect(intact).toBe(true)
      const lost = told.filter(line => {
        const row = rows.find(each => each.id === Number(line))
        return row?.decision !== (Number(line) % 2 === 0 ? 'approve' : 'reject') || row.note !== `note ${line}`
      })
      expect(lost).toEqual([])
    }
  })

  test('during an export leaves no partial file under the final name', async () => {
    const folder = await temporaryFolder()
    const dataDir = join(folder, 'data')
    const rows = 8_000
    // Rows without text end at once, without a call.
    await writeFile(join(folder, 'table.csv'), `text,n\n${Array.from({ length: rows }, (_, n) => `,${n}\n`).join('')}`)
    const screened = await runCli([
      'screen',
      join(folder, 'table.csv'),
      '--text-column',
      'text',
      '--quiet',
      '--json',
      '--data-dir',
      dataDir,
    ])
    expect(JSON.parse(screened.stdout)).toMatchObject({ assets: rows, unchecked: rows })
    const id = batchIdIn(screened)
    for (const format of ['csv', 'jsonl']) {
      const reports = join(folder, `reports-${format}`)
      await mkdir(reports)
      const file = join(reports, `report.${format}`)
      let isKilledAtWork = false
      while (!isKilledAtWork) {
        const run = startCli(['export', id, `--${format}`, file, '--data-dir', dataDir])
        while ((await readdir(reports)).length === 0 && run.child.exitCode === null) await setImmediate()
        run.child.kill('SIGKILL')
        await run.ended
        // On a busy machine it may have been done before this process had its turn: then once more.
        isKilledAtWork = !(existsSync(file) && (await readFile(file, 'utf8')).split('\n').length > rows)
        if (!isKilledAtWork) await rm(reports, { recursive: true }).then(() => mkdir(reports))
      }
      expect(existsSync(file)).toBe(false)

      const again = await runCli(['export', id, `--${format}`, file, '--data-dir', dataDir])
      expect(again.status).toBe(0)
      const manifest = JSON.parse(await readFile(`${file}.manifest.json`, 'utf8'))
      expect(manifest.sha256).toBe(
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      )
      expect(manifest.rows).toBe(rows)
    }
  })
})

describe('two processes', () => {
  test('cannot screen one batch at once: the second is told who has it, and the first goes on', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.txt'), '一')
    const release = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    const host = await startHost(async ({ response }) => {
      arrived.resolve()
      await release.promise
      reply(response, '{"errcode":0,"errmsg":"ok"}')
    })
    const common = [...wechatFlags(host.url), '--data-dir', join(folder, 'data')]
    const first = startCli(['screen', join(folder, 'a.txt'), ...common])
    await Promise.all([arrived.promise, first.said(/b_/)])
    const [batch] = await batchesIn(join(folder, 'data'))
    const second = await runCli(['resume', batch ?? '', ...common])
    expect(second.status).toBe(1)
    expect(second.stderr).toContain(`process ${first.child.pid}`)
    release.resolve()
    expect((await first.ended).status).toBe(0)
    expect(host.calls()).toBe(1)
  })

  test('that resume a batch at the same moment: one wins, nothing is checked twice', async () => {
    const folder = await temporaryFolder()
    for (let index = 0; index < 30; index += 1) await writeFile(join(folder, `${index}.txt`), `第${index}条`)
    const contents = new Map<string, number>()
    let isDown = true
    const host = await startHost(({ response, body }) => {
      if (isDown) return reply(response, '{"errcode":45009,"errmsg":"reach max api daily quota limit"}')
      contents.set(body.toString(), (contents.get(body.toString()) ?? 0) + 1)
      return reply(response, '{"errcode":0,"errmsg":"ok"}')
    })
    const common = [...wechatFlags(host.url), '--data-dir', join(folder, '.data')]
    const first = await runCli(['screen', folder, ...common])
    expect(first.status).toBe(3)
    isDown = false
    const ends = await Promise.all([0, 1, 2].map(() => runCli(['resume', batchIdIn(first), ...common])))
    expect(ends.filter(end => end.status === 0).length).toBeGreaterThanOrEqual(1)
    for (const end of ends) if (end.status !== 0) expect(end.stderr).toMatch(/another program/)
    expect([...contents.values()]).toEqual(Array.from({ length: 30 }, () => 1))
  })
})
