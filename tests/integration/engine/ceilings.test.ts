import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { defaultOptions, type ScreenOptions } from '../../../shared/screening.ts'
import {
  engineFor,
  outcomes,
  rowsOf,
  sandboxFor,
  screenAll,
  temporaryFolder,
  wechatProfile,
} from '../../fixtures/engine/harness.ts'
import { slopes } from '../imaging/pictures.ts'

const picture = (width: number) => slopes(width, 64).png().toBuffer()
const packed = (bytes: Uint8Array) => `<img src="data:image/png;base64,${Buffer.from(bytes).toString('base64')}">`
const page = (markup: string) => `<!doctype html><title>活动</title><p>新品上市</p>${markup}`

async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

async function started() {
  const sandbox = await sandboxFor()
  const engine = await engineFor(await temporaryFolder())
  const screen = (folder: string, options: Partial<ScreenOptions>) =>
    screenAll(engine, [folder], [wechatProfile(sandbox.url)], options)
  /** Waits for the run that a call has begun. */
  const ended = async (id: string) => {
    await expect.poll(async () => (await engine.batches.get(id)).state, { timeout: 20_000 }).toBe('done')
    return rowsOf(engine, id)
  }
  const checks = async (asset: number | undefined) => (await engine.assets.detail(asset ?? 0)).checks
  return { engine, screen, ended, checks, url: sandbox.url }
}

describe('an asset of more calls than are allowed', () => {
  test('waits for a yes before its first call, is counted as in the plan, and then is screened', async () => {
    const images = await Promise.all([64, 72, 80].map(picture))
    const folder = await folderOf({ 'page.html': page(images.map(packed).join('')) })
    const { engine, screen, ended, checks, url } = await started()
    const options = { maxCallsPerAsset: 2 }
    const request = {
      inputs: [folder],
      profiles: [wechatProfile(url)],
      options: { ...defaultOptions, ...options },
      name: null,
    }
    const plan = await engine.plan(request, () => undefined, new AbortController().signal)
    expect(plan.problems).toMatchObject([{ path: 'page.html', code: 'calls_over_limit' }])
    const { id, rows } = await screen(folder, options)
    const [asset] = rows
    expect(outcomes(rows)).toEqual({ 'page.html': 'unchecked calls_over_limit' })
    expect(asset?.results[0]?.detail).toBe(plan.problems[0]?.detail)
    expect(asset?.results[0]?.detail).toContain('"count":4,"limit":2')
    expect(await checks(asset?.id)).toEqual([])
    await engine.batches.allowCalls(id, [asset?.id ?? 0])
    expect(outcomes(await ended(id))).toEqual({ 'page.html': 'pass' })
    expect(await checks(asset?.id)).toHaveLength(4)
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
    await expect(engine.batches.allowCalls(id, [asset?.id ?? 0])).rejects.toMatchObject({ code: 'conflict' })
  })

  test('keeps what was answered until the ceiling, and goes on with the rest', async () => {
    const poster = await slopes(700, 5000).png().toBuffer()
    const folder = await folderOf({ 'poster.png': poster })
    const { engine, screen, ended, checks } = await started()
    const { id, rows } = await screen(folder, { maxCallsPerAsset: 2, imageMode: 'tile' })
    const [asset] = rows
    expect(outcomes(rows)).toEqual({ 'poster.png': 'unchecked calls_over_limit' })
    const before = await checks(asset?.id)
    expect(before).toHaveLength(2)
    await engine.batches.allowCalls(id, [asset?.id ?? 0])
    expect(outcomes(await ended(id))).toEqual({ 'poster.png': 'pass' })
    const after = await checks(asset?.id)
    expect(after.length).toBeGreaterThan(2)
    expect(after.slice(0, 2).map(check => check.at)).toEqual(before.map(check => check.at))
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  })
})

test('a batch of more calls than are allowed holds the rest back, until somebody resumes it with more', async () => {
  const folder = await folderOf({ 'a.txt': '新品上市', 'b.txt': '欢迎光临', 'c.txt': '今日特价' })
  const { engine, screen } = await started()
  const { id, rows } = await screen(folder, { maxCallsPerBatch: 2 })
  expect(Object.values(outcomes(rows)).toSorted()).toEqual(['pass', 'pass', 'unchecked calls_over_limit'])
  // Without a yes it waits on.
  await (await engine.resume(id)).done
  expect(Object.values(outcomes(await rowsOf(engine, id))).filter(each => each === 'pass')).toHaveLength(2)
  await (await engine.resume(id, undefined, { maxCallsPerBatch: 3 })).done
  expect(Object.values(outcomes(await rowsOf(engine, id)))).toEqual(['pass', 'pass', 'pass'])
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
})

test('the same picture in several places of a document is one call, and one piece with all its places', async () => {
  const logo = await picture(96)
  const other = await sharp(logo).negate({ alpha: false }).png().toBuffer()
  const folder = await folderOf({
    'page.html': page(`<img src="a.png"><img src="b.png"><img src="c.png">${packed(other)}`),
    'a.png': logo,
    'b.png': logo,
    'c.png': logo,
  })
  const { engine, screen, checks } = await started()
  const { rows } = await screen(join(folder, 'page.html'), {})
  const [asset] = rows
  expect(asset?.results).toMatchObject([{ outcome: 'pass', parts: 3, checked: 3 }])
  expect((await checks(asset?.id)).map(({ part }) => part)).toEqual(['whole', 'picture 1', 'picture 4'])
  const { pieces } = await engine.assets.detail(asset?.id ?? 0)
  expect(pieces?.pieces.map(({ name }) => name)).toEqual(['picture 1', 'picture 4'])
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
})

test('a text in no certain encoding is shown as it may read, and checked again in the one that was chosen', async () => {
  const folder = await folderOf({ 'short.txt': Uint8Array.of(0xc7, 0xc0, 0xb9, 0xba) })
  const { engine, screen, ended } = await started()
  const { id, rows } = await screen(folder, {})
  const asset = rows[0]?.id ?? 0
  expect(outcomes(rows)).toEqual({ 'short.txt': 'unchecked undecodable_text' })
  const { readings } = await engine.assets.readings(asset)
  expect(readings.find(({ encoding }) => encoding === 'gb18030')?.lines).toEqual(['抢购'])
  await engine.batches.stateEncoding(id, [asset], 'gb18030')
  expect(outcomes(await ended(id))).toEqual({ 'short.txt': 'pass' })
  expect(await engine.assets.detail(asset)).toMatchObject({ encoding: 'gb18030 (stated)', text: '抢购' })
  expect(await engine.ledger.verify()).toMatchObject({ intact: true })
})
