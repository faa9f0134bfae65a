import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { engineFor, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const never = new AbortController().signal

/** Bars of these heights: pictures of other heights look otherwise. */
function bars(heights: readonly number[], width = 480): Promise<Buffer> {
  const drawn = heights.map((height, at) => `<rect x="${at * 60}" y="${480 - height}" width="60" height="${height}"/>`)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480" fill="#203050">${drawn.join('')}</svg>`
  return sharp(Buffer.from(svg)).flatten({ background: '#e8e0d0' }).resize(width).jpeg({ quality: 80 }).toBuffer()
}

async function screened() {
  const folder = await temporaryFolder()
  const material = join(folder, 'material')
  await mkdir(material, { recursive: true })
  const [rising, mixed] = [
    [60, 120, 180, 240, 300, 360, 420, 470],
    [400, 60, 380, 40, 460, 20, 300, 100],
  ] as const
  await writeFile(join(material, 'a.jpg'), await bars(rising))
  await writeFile(join(material, 'b small.jpg'), await bars(rising, 160))
  await writeFile(join(material, 'c same.jpg'), await bars(rising))
  await writeFile(join(material, 'd other.jpg'), await bars(mixed))
  const plain = sharp({ create: { width: 90, height: 90, channels: 3, background: '#336699' } })
  await writeFile(join(material, 'e plain.png'), await plain.png().toBuffer())
  await writeFile(join(material, 'f.txt'), '限时优惠')
  const engine = await engineFor(join(folder, 'data'))
  const host = await startHost(({ response }) => reply(response, '{"errcode":0,"errmsg":"ok"}'))
  const { id } = await screenAll(engine, [material], [wechatProfile(host.url)])
  const rows = await engine.grid.rows([...(await engine.grid.columns(id)).id])
  const assetOf = (path: string) => rows.find(row => row.path.endsWith(path))?.id ?? 0
  const namesOf = (assets: Iterable<number>) =>
    Array.from(assets, asset =>
      rows
        .find(row => row.id === asset)
        ?.path.split('/')
        .at(-1),
    )
  return { engine, material, assetOf, namesOf, batch: id }
}

test('what looks like a picture comes with it, is read once, and is decided about by nobody', async () => {
  const { engine, material, assetOf, namesOf, batch } = await screened()
  const { assets } = engine
  const asked = assetOf('b small.jpg')
  const { rows: before } = await engine.ledger.verify()
  // Each content once.
  expect(await assets.looksPrice(asked)).toMatchObject({ unread: 4 })
  const progress: string[] = []
  const found = await assets.looksLike(asked, never, (pictures, total) => progress.push(`${pictures}/${total}`))
  if (found.kind !== 'found') throw new Error(found.kind)
  expect(namesOf(found.assets)).toEqual(['b small.jpg', 'a.jpg', 'c same.jpg'])
  expect(found.unreadable).toBe(0)
  expect(progress).toEqual(['0/4', '1/4', '2/4', '3/4', '4/4'])

  // Known by content from now on, wherever the files are.
  await rm(material, { recursive: true })
  expect(await assets.looksPrice(asked)).toMatchObject({ unread: 0 })
  const again = await assets.looksLike(assetOf('a.jpg'), never)
  expect(again.kind === 'found' && namesOf(again.assets)).toEqual(['a.jpg', 'c same.jpg', 'b small.jpg'])
  expect(await assets.looksLike(assetOf('e plain.png'), never)).toEqual({ kind: 'plain' })

  expect(await engine.ledger.verify()).toMatchObject({ intact: true, rows: before })
  expect([...(await engine.grid.columns(batch)).decision]).toEqual([0, 0, 0, 0, 0, 0])
})

test('what is gone or is another file now is counted, and what was read before somebody stopped is kept', async () => {
  const { engine, material, assetOf, namesOf } = await screened()
  await rm(join(material, 'd other.jpg'))
  await writeFile(join(material, 'e plain.png'), await bars([10, 200, 10, 200, 10, 200, 10, 200]))
  const stopping = new AbortController()
  const stopped = engine.assets.looksLike(assetOf('a.jpg'), stopping.signal, pictures => {
    if (pictures === 1) stopping.abort(new Error('stopped'))
  })
  await expect(stopped).rejects.toThrow('stopped')
  const { unread } = await engine.assets.looksPrice(assetOf('a.jpg'))
  expect(unread).toBeLessThan(4)
  const found = await engine.assets.looksLike(assetOf('a.jpg'), never)
  if (found.kind !== 'found') throw new Error(found.kind)
  expect(namesOf(found.assets)).toEqual(['a.jpg', 'c same.jpg', 'b small.jpg'])
  expect(found.unreadable).toBe(2)
  expect(await engine.assets.looksLike(assetOf('d other.jpg'), never)).toEqual({ kind: 'unreadable' })
})
