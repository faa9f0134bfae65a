import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { archiveOf } from '../../fixtures/formats/zips.ts'
import { findAll, png, summary, temporaryFolder } from './harness.ts'

const page = (...addresses: readonly string[]) =>
  `<!doctype html><meta charset="utf-8"><p>新品</p>${addresses.map(each => `<img src="${each}">`).join('')}`

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

const saved = {
  '专题.html': page('专题_files/1.png', './%E4%B8%93%E9%A2%98_files/a/2.png', '旁.png'),
  '专题_files/1.png': png,
  '专题_files/a/2.png': png,
  '专题_files/3.png': png,
  '旁.png': png,
}
const told = {
  '专题.html': 'text',
  '专题_files/1.png': 'of_page',
  '专题_files/a/2.png': 'of_page',
  '专题_files/3.png': 'image',
  '旁.png': 'image',
}

describe('what a page was saved with', () => {
  test('is checked with the page, and what the page does not show by itself', async () => {
    expect(summary(await findAll([await folderWith(saved)]))).toEqual(told)
  })

  test('is told in an archive too', async () => {
    const archive = archiveOf(Object.entries(saved).map(([name, content]) => ({ name: `素材/${name}`, content })))
    const folder = await folderWith({ 'a.zip': archive })
    const expected = Object.fromEntries(Object.entries(told).map(([name, what]) => [`a.zip/素材/${name}`, what]))
    expect(summary(await findAll([join(folder, 'a.zip')]))).toEqual(expected)
  })

  test('is told where both were dropped, in either order', async () => {
    const folder = await folderWith(saved)
    const [one, other] = [join(folder, '专题.html'), join(folder, '专题_files')]
    const expected = { '专题.html': 'text', '1.png': 'of_page', 'a/2.png': 'of_page', '3.png': 'image' }
    expect(summary(await findAll([one, other]))).toEqual(expected)
    expect(summary(await findAll([other, one]))).toEqual(expected)
  })

  test.each<[string, Readonly<Record<string, string | Uint8Array>>]>([
    ['without its page', { '专题_files/1.png': png }],
    ['whose page is elsewhere', { 'a/专题.html': page('专题_files/1.png'), '专题_files/1.png': png }],
    ['whose page cannot be read', { '专题.html': Buffer.from([0xff, 0xfe, 0xfd, 0x80]), '专题_files/1.png': png }],
    [
      'whose page leaves it out',
      { '专题.html': page('https://example.com/专题_files/1.png'), '专题_files/1.png': png },
    ],
    ['of another name', { '专题.html': page('图片/1.png'), '图片/1.png': png }],
  ])('is files of their own in a folder %s', async (_, files) => {
    const found = await findAll([await folderWith(files)])
    expect(found.filter(each => each.path.endsWith('.png')).map(({ kind }) => kind)).toEqual(['image'])
  })

  test('is checked with it only while the folder of the page is dropped', async () => {
    const folder = await folderWith(saved)
    expect(summary(await findAll([join(folder, '专题_files')]))['1.png']).toBe('image')
  })
})
