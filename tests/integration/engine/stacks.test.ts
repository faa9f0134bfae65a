import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { GridDelta } from '../../../shared/grid.ts'
import { engineFor, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const pass = '{"errcode":0,"errmsg":"ok"}'

/** Three files of the same bytes, one of them of another kind of text, and one of its own. */
async function screened() {
  const folder = await temporaryFolder()
  const material = join(folder, 'material')
  await mkdir(join(material, 'spring'), { recursive: true })
  await writeFile(join(material, 'first.txt'), '限时优惠，先到先得')
  await writeFile(join(material, 'page.html'), '限时优惠，先到先得')
  await writeFile(join(material, 'own.txt'), '另一条文案')
  await writeFile(join(material, 'spring', 'again.txt'), '限时优惠，先到先得')
  const engine = await engineFor(join(folder, 'data'))
  const host = await startHost(({ response }) => reply(response, pass))
  const { id } = await screenAll(engine, [material], [wechatProfile(host.url)])
  const { id: ids } = await engine.grid.columns(id)
  const rows = await engine.grid.rows([...ids])
  const assetOf = (path: string) => rows.find(row => row.path.endsWith(path))?.id ?? 0
  const marks = async () => {
    const { id: all, content, contentRest } = await engine.grid.columns(id, { stacks: true })
    return new Map(Array.from(all, (asset, at) => [asset, `${content[at]} ${contentRest[at]}`]))
  }
  return { engine, id, assetOf, marks }
}

describe('what is the same', () => {
  test('has the same mark: the same bytes under the same reading, with the same reason and note', async () => {
    const { engine, id, assetOf, marks } = await screened()
    const [a = 0, b = 0, html = 0, own = 0] = ['first.txt', 'again.txt', 'page.html', 'own.txt'].map(assetOf)
    const seen = await marks()
    expect(seen.get(a)).toMatch(/^[1-9]/)
    expect(seen.get(a)).toBe(seen.get(b))
    expect(seen.get(html)).not.toBe(seen.get(a))
    expect(seen.get(own)).not.toBe(seen.get(a))
    await engine.review.note([a], '只有这张')
    const noted = await marks()
    expect(noted.get(a)).not.toBe(noted.get(b))
    await engine.review.note([b], '只有这张')
    expect((await marks()).get(a)).toBe((await marks()).get(b))
    await engine.review.decide([a, b], 'reject', null)
    await engine.review.decide([a], 'reject', 2)
    const reasoned = await marks()
    expect(reasoned.get(a)).not.toBe(reasoned.get(b))
    // Nobody who does not ask pays for it.
    expect((await engine.grid.columns(id)).content).toHaveLength(0)
  })

  test('has it in what is sent of changes too, and nothing has it before it is judged', async () => {
    const { engine, id, assetOf, marks } = await screened()
    const a = assetOf('own.txt')
    const changed = new Promise<GridDelta>(resolve => engine.on('grid', delta => resolve(delta)))
    await engine.review.decide([a], 'approve', null)
    const delta = await changed
    const at = delta.id.indexOf(a)
    expect(`${delta.content[at]} ${delta.contentRest[at]}`).toBe((await marks()).get(a))
    expect(delta.content[at]).toBeGreaterThan(0)
    expect(id).toBe(delta.batch)
  })
})
