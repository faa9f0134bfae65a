import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { practicePicturePng } from '../../../electron/engine/sandbox/practice-picture.ts'
import { engineFor, sandboxFor, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { rowOf, workbookWith } from '../../unit/formats/workbooks.ts'
import { relationships, zipOf } from '../../unit/formats/zip-file.ts'
import { slopes } from '../imaging/pictures.ts'

const packed = (bytes: Uint8Array) => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`
const page = (markup: string) => `<!doctype html><title>活动</title><p>新品上市</p>${markup}`

async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

describe('an asset of several pieces', () => {
  test('has words and pictures checked by an endpoint each, under the names of its pieces', async () => {
    const harmless = await slopes(96, 64).png().toBuffer()
    const folder = await folderOf({
      'article.html': page(`<img src="article_files/a.png"><img src="${packed(practicePicturePng())}">`),
      'article_files/a.png': harmless,
    })
    const sandbox = await sandboxFor()
    const engine = await engineFor(await temporaryFolder())
    const { rows } = await screenAll(engine, [folder], [wechatProfile(sandbox.url)])
    const article = rows.find(({ path }) => path === 'article.html')
    expect(article?.results).toMatchObject([{ outcome: 'risky', reason: null, parts: 3, checked: 3 }])
    const detail = await engine.assets.detail(article?.id ?? 0)
    expect(detail.checks.map(({ part, endpoint, verdict }) => [part, endpoint, verdict])).toEqual([
      ['whole', 'wechat.msg_sec_check', 'pass'],
      ['picture 1', 'wechat.img_sec_check', 'pass'],
      ['picture 2', 'wechat.img_sec_check', 'risky'],
    ])
    expect(detail.pieces?.pieces).toMatchObject([
      { kind: 'picture', name: 'picture 1', size: { width: 96, height: 64 } },
      { kind: 'picture', name: 'picture 2' },
    ])
    const shown = { sizePx: 64, blur: 'off', grey: false, piece: 'picture 1' } as const
    expect((await engine.assets.thumbnail(article?.id ?? 0, shown)).mime).toBe('image/webp')
    expect(await engine.ledger.verify()).toMatchObject({ intact: true })
  })

  test('cannot pass while one of them is gone, lies elsewhere or cannot be read', async () => {
    const folder = await folderOf({
      'below/gone.html': page('<img src="gone.png">'),
      'below/outside.html': page('<img src="../a.png">'),
      'below/damaged.html': page('<img src="damaged.png">'),
      'below/damaged.png': practicePicturePng().subarray(0, 200),
      'a.png': await slopes(96, 64).png().toBuffer(),
    })
    const sandbox = await sandboxFor()
    const engine = await engineFor(await temporaryFolder())
    const { rows } = await screenAll(engine, [folder], [wechatProfile(sandbox.url)])
    const reasons = rows.flatMap(({ path, results: [result] }) =>
      path.endsWith('.html') ? [[path, result?.outcome, result?.reason, result?.detail]] : [],
    )
    expect(reasons).toEqual([
      ['below/damaged.html', 'unchecked', 'left_out', expect.stringContaining('picture 1')],
      ['below/gone.html', 'unchecked', 'left_out', expect.stringContaining('picture_gone')],
      ['below/outside.html', 'unchecked', 'left_out', expect.stringContaining('picture_elsewhere')],
    ])
  })

  test('may be a row of a table, also of one in an archive', async () => {
    const { slope, rows } = { slope: await slopes(96, 64).png().toBuffer(), rows: rowOf(1, '文案') + rowOf(2, '春茶') }
    const anchor = (row: number, id: string) =>
      `<oneCellAnchor><from><col>0</col><row>${row}</row></from><blip embed="${id}"/></oneCellAnchor>`
    const table = workbookWith({
      rows: rows + rowOf(3, '秋茶'),
      sheetRelations: [['drawing', '../drawings/d.xml']],
      parts: {
        'xl/drawings/d.xml': `<wsDr>${anchor(1, 'r1')}${anchor(2, 'r2')}${anchor(7, 'r1')}</wsDr>`,
        'xl/drawings/_rels/d.xml.rels': relationships(['image', '../media/a.png'], ['image', '../media/b.png']),
        'xl/media/a.png': practicePicturePng(),
        'xl/media/b.png': slope,
      },
    })
    const folder = await folderOf({ 'a.xlsx': table, 'b.zip': zipOf({ 'c.xlsx': table }) })
    const sandbox = await sandboxFor()
    const engine = await engineFor(await temporaryFolder())
    const { rows: assets } = await screenAll(engine, [folder], [wechatProfile(sandbox.url)], { textColumn: '文案' })
    const outcomes = assets.map(({ path, results: [result] }) => [path, result?.outcome, result?.parts])
    expect(outcomes.toSorted()).toEqual([
      ['a.xlsx#2', 'risky', 2],
      ['a.xlsx#3', 'pass', 2],
      ['a.xlsx#价格表', 'risky', 1],
      ['b.zip/c.xlsx#2', 'risky', 2],
      ['b.zip/c.xlsx#3', 'pass', 2],
      ['b.zip/c.xlsx#价格表', 'risky', 1],
    ])
    const row = assets.find(({ path }) => path === 'b.zip/c.xlsx#2')
    const shown = { sizePx: 64, blur: 'off', grey: false, piece: 'picture 1' } as const
    expect((await engine.assets.thumbnail(row?.id ?? 0, shown)).mime).toBe('image/webp')
  })

  test('is checked anew when a picture beside it is another', async () => {
    const folder = await folderOf({
      'a.md': '# 新品\n\n![图](a.png)\n',
      'a.png': await slopes(96, 64).png().toBuffer(),
    })
    const sandbox = await sandboxFor()
    const engine = await engineFor(await temporaryFolder())
    const profiles = [wechatProfile(sandbox.url)]
    const outcomeOf = async () => {
      const { rows } = await screenAll(engine, [join(folder, 'a.md')], profiles)
      return [rows[0]?.results[0]?.outcome, rows[0]?.results[0]?.reused]
    }
    expect(await outcomeOf()).toEqual(['pass', false])
    expect(await outcomeOf()).toEqual(['pass', true])
    await writeFile(join(folder, 'a.png'), practicePicturePng())
    expect(await outcomeOf()).toEqual(['risky', false])
  })
})
