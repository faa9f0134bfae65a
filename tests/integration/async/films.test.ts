import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { installedChromium } from '../../../electron/engine/chromium/installed.ts'
import { chromiumPath } from '../../fixtures/engine/chromium.ts'
import { withSpoken } from '../../fixtures/films/spoken.ts'
import { createWorld } from './harness.ts'

const film = (name: string) => new Uint8Array(readFileSync(new URL(`../../fixtures/films/${name}`, import.meta.url)))

describe.skipIf(chromiumPath === null)('a film with sound', () => {
  const screened = async (name: string, bytes: Uint8Array) => {
    const world = await createWorld({ chromium: installedChromium({ path: chromiumPath ?? '' }) })
    onTestFinished(() => world.close())
    const run = await world.screen([world.file(name, bytes)], [world.wechat])
    expect((await run.done).state).toBe('done')
    const [row] = await world.rows(run.id)
    const { checks, pieces } = await world.engine.assets.detail(row?.id ?? 0)
    return {
      outcome: row?.results[0]?.outcome,
      checks: checks.map(({ part, endpoint, verdict }) => [part, endpoint, verdict]),
      kinds: pieces?.pieces.map(({ name: piece, kind }) => [piece, kind]) ?? [],
    }
  }
  const frames = ['pass', 'risky', 'pass'].map((verdict, at) => [`frame ${at + 1}`, 'wechat.img_sec_check', verdict])

  test.each(['clip.webm', 'fragmented.mp4'])(
    '%s: the verdict of its sound comes by a push and stands beside those of its frames',
    async name => {
      const bytes = await withSpoken(film(name), '今天说说红灯果', { isWebM: name.endsWith('.webm') })
      const { outcome, checks, kinds } = await screened(name, bytes)
      expect(checks).toEqual([...frames, ['sound 1', 'wechat.media_check_async', 'risky']])
      expect([outcome, kinds.at(-1)]).toEqual(['risky', ['sound 1', 'recording']])
    },
  )

  test('is risky by its sound alone, and by its subtitles', async () => {
    const still = film('still.webm')
    const calm = await screened('calm.webm', still)
    expect([calm.outcome, calm.checks.at(-1)]).toEqual(['pass', ['sound 1', 'wechat.media_check_async', 'pass']])
    const spoken = await screened('spoken.webm', await withSpoken(still, '红灯果'))
    expect([spoken.outcome, spoken.checks.filter(([, , verdict]) => verdict !== 'pass')]).toEqual([
      'risky',
      [['sound 1', 'wechat.media_check_async', 'risky']],
    ])
    const subtitles = 'WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n红灯果上新\n'
    const written = await screened('written.webm', await withSpoken(still, '茶', { subtitles }))
    expect([written.outcome, written.checks.filter(([, , verdict]) => verdict !== 'pass')]).toEqual([
      'risky',
      [['whole', 'wechat.msg_sec_check', 'risky']],
    ])
  })
})
