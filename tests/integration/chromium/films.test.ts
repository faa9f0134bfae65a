import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import SQLite from 'better-sqlite3'
import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { installedChromium } from '../../../electron/engine/chromium/installed.ts'
import { createFilms, type FilmFrame } from '../../../electron/engine/films/films.ts'
import { framesOver } from '../../../shared/film-frames.ts'
import { remarksText } from '../../../shared/remarks/index.ts'
import { chromiumPath } from '../../fixtures/engine/chromium.ts'
import { batchIdIn, runCli, startCli, wechatFlags } from '../../fixtures/engine/cli.ts'
import {
  engineFor,
  rowsOf,
  sandboxFor,
  screenAll,
  temporaryFolder,
  wechatProfile,
} from '../../fixtures/engine/harness.ts'
import { inFlightOf, whenTrue } from '../../fixtures/engine/rows.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const film = (name: string) => fileURLToPath(new URL(`../../fixtures/films/${name}`, import.meta.url))
const path = chromiumPath ?? ''
const signal = new AbortController().signal

describe.skipIf(chromiumPath === null)('a film', () => {
  const chromium = installedChromium({ path })
  const films = createFilms(chromium)
  afterAll(() => chromium.close())

  const refOf = (file: string) => {
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
    return { path: file, sha256, track: 1, codec: '' }
  }
  const play = async (file: string, most = 120) => {
    const frames: FilmFrame[] = []
    const played = await films.play(refOf(file), most, async frame => void frames.push(frame), signal)
    if (played.kind === 'failure') throw new Error(played.code)
    return { frames, sights: played.sights, decoded: played.frames, said: remarksText(played.leftOut, 'en') }
  }

  test.each(['clip.mp4', 'clip.mov', 'clip.webm', 'live.webm', 'av1.mp4', 'fragmented.mp4', 'turned.mp4'])(
    '%s: every frame is decoded, and each scene comes out once',
    async name => {
      const { frames, decoded, said } = await play(film(name))
      // H.264 is not in every Chromium.
      if (said.includes('the browser on this computer cannot decode')) {
        process.stdout.write(`skipped: no decoder for ${name}\n`)
        return
      }
      expect([said, decoded, frames.map(({ seconds }) => seconds)]).toEqual(['', 30, [0, 1, 2]])
      const { width, height } = await sharp(frames[0]?.jpeg).metadata()
      expect([width, height]).toEqual(name === 'turned.mp4' ? [240, 320] : [320, 240])
      // The ground of the second scene, as it was drawn.
      const { data, info } = await sharp(frames[1]?.jpeg).raw().toBuffer({ resolveWithObject: true })
      const ground = [...data.subarray((info.width * 4 + 4) * 3, (info.width * 4 + 4) * 3 + 3)]
      for (const [at, value] of [0xf7, 0xf1, 0xe4].entries())
        expect(Math.abs((ground[at] ?? 0) - value)).toBeLessThan(8)
    },
  )

  test('of which more frames differ than may be sent says how many', async () => {
    const { frames, sights } = await play(film('clip.webm'), 2)
    expect([frames.length, sights]).toEqual([2, 3])
  })

  test('shows a frame again', async () => {
    const { frames } = await play(film('clip.webm'))
    const again = await films.frameAt(refOf(film('clip.webm')), 1, signal)
    if ('kind' in again) throw new Error(again.code)
    expect(Buffer.from(again.jpeg).equals(Buffer.from(frames[1]?.jpeg ?? []))).toBe(true)
  })

  test('whose frames are damaged says between which seconds', async () => {
    const folder = await temporaryFolder()
    const bytes = readFileSync(film('clip.webm'))
    bytes.fill(0xff, 9000, 9400)
    const file = join(folder, 'damaged.webm')
    writeFileSync(file, bytes)
    const { said, frames } = await play(file)
    expect(frames.length).toBeGreaterThan(0)
    expect(said).toMatch(/damaged|could not be decoded/)
  })

  test('that was changed, or has no such track, is not played', async () => {
    const wrong = await films.play(
      { ...refOf(film('clip.webm')), sha256: '0'.repeat(64) },
      9,
      async () => undefined,
      signal,
    )
    expect(wrong).toMatchObject({ kind: 'failure', code: 'changed_file' })
    const none = await films.play({ ...refOf(film('clip.webm')), track: 9 }, 9, async () => undefined, signal)
    expect(none).toMatchObject({ kind: 'played', leftOut: [{ code: 'film_undecoded' }] })
  })

  test('is judged frame by frame from the command line, which says so where it has no browser', async () => {
    const folder = await temporaryFolder()
    copyFileSync(film('clip.webm'), join(folder, 'clip.webm'))
    const data = ['--data-dir', await temporaryFolder()]
    const env = { PRESCREEN_BROWSER: path }
    const screened = await runCli(['screen', folder, '--profile', 'practice', ...data], { env })
    expect(screened.stderr + screened.stdout).toMatch(/risky .*clip\.webm .*frame 2/)
    const none = await runCli(['screen', folder, '--profile', 'practice', '--no-reuse', ...data, '--browser', 'none'])
    expect(none.stdout + none.stderr).toMatch(/install Chrome, Chromium or Edge/)
  })

  test('of too many frames is checked whole once somebody says so, and what was answered is not asked again', async () => {
    const sandbox = await sandboxFor()
    const engine = await engineFor(await temporaryFolder(), { chromium })
    const given = { maxFrames: 1 }
    const { id, rows } = await screenAll(engine, [film('clip.webm')], [wechatProfile(sandbox.url)], given)
    const [asset] = rows
    const [result] = asset?.results ?? []
    expect(framesOver(result?.reason ?? null, result?.detail ?? null)).toEqual({ count: 3, limit: 1 })
    const checks = async () => (await engine.assets.detail(asset?.id ?? 0)).checks
    const before = await checks()
    await engine.batches.allowFrames(id, [asset?.id ?? 0])
    await expect.poll(async () => (await engine.batches.get(id)).state).toBe('done')
    const after = await checks()
    expect(after.map(({ part }) => part)).toEqual(['frame 1', 'frame 2', 'frame 3'])
    expect(after[0]?.id).toBe(before[0]?.id)
    const [again] = await rowsOf(engine, id)
    // There is no relay for its sound.
    expect(again?.results).toMatchObject([{ outcome: 'risky', reason: 'left_out' }])
    await expect(engine.batches.allowFrames(id, [asset?.id ?? 0])).rejects.toMatchObject({ code: 'conflict' })
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  })

  test('goes on where it was killed: no frame that was answered is asked about again, and none is lost', async () => {
    const folder = await temporaryFolder()
    const dataDir = join(folder, 'data')
    copyFileSync(film('every.webm'), join(folder, 'every.webm'))
    const asked = new Map<string, number>()
    /** From here on calls stay without an answer, until the program was killed. */
    let answered = 12
    const host = await startHost(({ body, response }) => {
      const picture = body.subarray(body.indexOf('ffd8', 'hex'), body.lastIndexOf('ffd9', undefined, 'hex'))
      const hash = createHash('sha256').update(picture).digest('hex')
      asked.set(hash, (asked.get(hash) ?? 0) + 1)
      if (answered <= 0) return
      answered -= 1
      reply(response, '{"errcode":0,"errmsg":"ok"}')
    })
    const flags = [...wechatFlags(host.url), '--quiet', '--data-dir', dataDir]
    const env = { PRESCREEN_BROWSER: path }
    const run = startCli(['screen', join(folder, 'every.webm'), ...flags], { env })
    const verdicts = `SELECT 1 WHERE (SELECT count(*) FROM checks WHERE verdict IS NOT NULL) >= ${answered}
      AND EXISTS (SELECT 1 FROM checks WHERE state = 'sent')`
    await whenTrue(join(dataDir, 'prescreen.sqlite'), verdicts, () => run.child.exitCode !== null)
    run.child.kill('SIGKILL')
    const batch = batchIdIn(await run.ended)
    const inFlight = inFlightOf(dataDir)
    answered = Number.POSITIVE_INFINITY
    const resumed = await runCli(['resume', batch, ...flags], { env })
    expect(resumed.status, resumed.stderr).toBe(0)
    // Calls that had no answer leave again.
    const again = [...asked.values()].reduce((sum, times) => sum + times - 1, 0)
    expect([asked.size, again <= inFlight, inFlight > 0]).toEqual([30, true, true])
    const database = new SQLite(join(dataDir, 'prescreen.sqlite'), { readonly: true })
    const parts = database.prepare('SELECT part FROM checks WHERE verdict IS NOT NULL').pluck().all()
    database.close()
    expect(parts.toSorted()).toEqual(Array.from({ length: 30 }, (_, at) => `frame ${at + 1}`).toSorted())
  })
})
