import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import type { Lane } from '../../../electron/engine/screening/lane.ts'
import type { PlanServices } from '../../../electron/engine/screening/planner.ts'
import { screenOptionsSchema } from '../../../shared/screening.ts'
import { wechatProfile } from '../../fixtures/engine/harness.ts'
import { documentsInProcess } from '../../fixtures/formats/in-process.ts'
import { never, temporaryFolder, temporaryUnpacked } from '../intake/harness.ts'

const registry = '../../../electron/engine/formats/registry.ts'
const options = screenOptionsSchema.parse({ reuseDays: 0 })

/** The program with one line more in its list of families. */
beforeAll(() => {
  vi.resetModules()
  vi.doMock(registry, async importOriginal => {
    const { families } = await importOriginal<typeof import('../../../electron/engine/formats/registry.ts')>()
    const { leaflet } = await import('../../fixtures/formats/leaflet/leaflet.ts')
    return { families: [leaflet, ...families] }
  })
})

afterAll(() => {
  vi.doUnmock(registry)
  vi.resetModules()
})

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

async function openMaterial() {
  const { createMaterial } = await import('../../../electron/engine/screening/material.ts')
  return createMaterial({
    stdin: null,
    documents: documentsInProcess,
    films: null,
    unpacked: await temporaryUnpacked(),
  })
}

describe('a family that was added by a folder and a line of the registry', () => {
  test('is recognised by its content, whatever its name', async () => {
    const { sniff } = await import('../../../electron/engine/formats/sniff.ts')
    expect(await sniff(Buffer.from('LEAF\0限时优惠'))).toMatchObject({ kind: 'format', format: { name: 'leaflet' } })
    expect(await sniff(Buffer.from('LEAF 限时优惠'))).toEqual({ kind: 'text' })
  })

  test('is read, with what it leaves out, under a reading of its own', async () => {
    const folder = await folderOf({ 'a.leaf': 'LEAF\0限时优惠\u0001\u0001' })
    const material = await openMaterial()
    const source = JSON.stringify({ kind: 'file', path: join(folder, 'a.leaf') })
    expect(await material.read(source, options, never)).toMatchObject({
      kind: 'document',
      words: { text: '限时优惠', encoding: 'leaflet' },
      reading: 'leaflet 1',
      omitted: [{ code: 'picture', count: 2 }],
    })
    const { olderReadingSql } = await import('../../../electron/engine/formats/readings.ts')
    expect(olderReadingSql('assets')).toContain(',leaflet 1,')
  })

  test('is walked and planned like every other', async () => {
    const folder = await folderOf({ 'a.leaf': 'LEAF\0限时优惠', 'b.leaf': 'LEAF\0先到先得\u0001', 'c.txt': '折上折' })
    const material = await openMaterial()
    const found = await Array.fromAsync(material.walk([folder], options, never))
    expect(found.map(({ path, kind, failure }) => [path, kind, failure])).toEqual([
      ['a.leaf', 'document', null],
      ['b.leaf', 'document', null],
      ['c.txt', 'text', null],
    ])
    const { makePlan } = await import('../../../electron/engine/screening/planner.ts')
    const { registry: checkers } = await import('../../../electron/engine/checkers/registry.ts')
    const lane = {
      index: 0,
      profile: wechatProfile('http://127.0.0.1:9'),
      platform: checkers.platformOf('wechat'),
      transport: { baseUrl: 'http://127.0.0.1:9' },
      text: { openids: [], scene: 3 },
      publish: null,
    } as unknown as Lane
    const services = {
      clock: systemClock,
      queries: {},
      pacer: { status: () => [] },
      ...material.survey([folder], options),
    } as unknown as PlanServices
    expect(await makePlan(services, { id: 'plan_1', lanes: [lane], options }, () => undefined, never)).toMatchObject({
      assets: { text: 1, document: 2 },
      calls: [{ parts: 3 }],
      problems: [{ path: 'b.leaf', code: 'left_out', detail: expect.stringContaining('picture') }],
    })
  })
})
