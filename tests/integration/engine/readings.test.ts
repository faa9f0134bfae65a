import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { EngineExtras } from '../../../electron/engine/app/engine.ts'
import { gridFlags } from '../../../shared/grid.ts'
import { temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const readings = '../../../electron/engine/formats/readings.ts'

afterEach(() => {
  vi.doUnmock(readings)
  vi.resetModules()
})

/** The program as it was when every reader had this version, or as it is today. */
async function programOf(version: number | 'today') {
  vi.resetModules()
  if (version === 'today') vi.doUnmock(readings)
  else {
    vi.doMock(readings, async importOriginal => {
      const original = await importOriginal<typeof import('../../../electron/engine/formats/readings.ts')>()
      return { ...original, readingBy: (reader: string) => `${reader} ${version}` }
    })
  }
  const { engineFor, screenAll } = await import('../../fixtures/engine/harness.ts')
  return { open: (dataDir: string, extras: EngineExtras = {}) => engineFor(dataDir, extras), screenAll }
}

async function setUp() {
  const folder = await temporaryFolder()
  const host = await startHost(({ response }) => reply(response, '{"errcode":0,"errmsg":"ok"}'))
  const page = join(folder, 'page.html')
  await writeFile(page, '<p>春茶上新</p>')
  const picture = join(folder, 'a.png')
  await sharp({ create: { width: 40, height: 40, channels: 3, background: 'green' } })
    .png()
    .toFile(picture)
  return { data: join(folder, 'data'), inputs: [page, picture], host, profile: wechatProfile(host.url) }
}

describe('a database made before the readers changed', () => {
  test('answers none of the same bytes, names its passes with their price, and screens them anew on request', async () => {
    const { data, inputs, host, profile } = await setUp()
    const before = await programOf(1)
    const old = await before.open(data)
    const { id } = await before.screenAll(old, inputs, [profile])
    expect(host.calls()).toBe(2)
    await old.close()

    const today = await programOf('today')
    const engine = await today.open(data)
    const again = await today.screenAll(engine, inputs, [profile])
    expect(host.calls()).toBe(4)
    expect(again.rows.every(row => row.results[0]?.reused === false && !row.isOlderReading)).toBe(true)

    expect(await engine.history.olderReadings()).toEqual([
      expect.objectContaining({
        batch: id,
        assets: 2,
        kinds: { image: 1, text: 1, audio: 0, document: 0, video: 0 },
        calls: 2,
      }),
    ])
    const marked = await engine.grid.columns(id)
    expect([...marked.flags].every(flags => (flags & gridFlags.olderReading) !== 0)).toBe(true)

    const { done } = await engine.recheckOlder(id)
    expect(await done).toMatchObject({ state: 'done', tally: { assets: 2, pass: 2 } })
    expect(host.calls()).toBe(6)
    expect(await engine.history.olderReadings()).toEqual([])
    expect([...(await engine.grid.columns(id)).flags].some(flags => (flags & gridFlags.olderReading) !== 0)).toBe(false)
    await expect(engine.recheckOlder(id)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('still answers where the reader is the same', async () => {
    const { data, inputs, host, profile } = await setUp()
    const { open, screenAll } = await programOf('today')
    const first = await open(data)
    await screenAll(first, inputs, [profile])
    await first.close()
    const second = await open(data)
    const { rows } = await screenAll(second, inputs, [profile])
    expect(rows.every(row => row.results[0]?.reused === true)).toBe(true)
    expect(host.calls()).toBe(2)
  })
})
