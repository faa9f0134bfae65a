import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { chmod, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intakeLimits } from '../../../electron/engine/formats/source.ts'
import { walk } from '../../../electron/engine/intake/walk.ts'
import { docxOf } from '../formats/zip-file.ts'
import { findAll, never, nothingChosen, png, summary, temporaryFolder, temporaryUnpacked } from './harness.ts'

const onPosix = test.skipIf(process.platform === 'win32')

describe('walking folders', () => {
  test('finds everything below a folder, with paths relative to it, in the order of names', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'posters/春节'), { recursive: true })
    await writeFile(join(folder, 'copy.txt'), '限时优惠')
    await writeFile(join(folder, 'posters/b.png'), png)
    await writeFile(join(folder, 'posters/a.png'), png)
    await writeFile(join(folder, 'posters/春节/长图.jpg'), png)
    await writeFile(join(folder, 'brief.docx'), docxOf(['限时优惠']))
    const found = await findAll([folder])
    expect(found.map(each => [each.path, each.kind])).toEqual([
      ['brief.docx', 'document'],
      ['copy.txt', 'text'],
      ['posters/a.png', 'image'],
      ['posters/b.png', 'image'],
      ['posters/春节/长图.jpg', 'image'],
    ])
    expect(found[2]).toMatchObject({
      root: folder,
      source: { kind: 'file', path: join(folder, 'posters/a.png') },
      bytes: png.length,
      failure: null,
      skipped: null,
    })
  })

  test('reads a table as it is when its turn comes', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'a.csv'), '文案\n限时优惠\n')
    await writeFile(join(folder, 'b.csv'), '文案\n旧\n')
    const texts: string[] = []
    for await (const { source, failure } of walk(
      [folder],
      { ...nothingChosen, textColumn: '文案', unpacked: await temporaryUnpacked() },
      never,
    )) {
      expect(failure).toBeNull()
      // The second was opened ahead of this.
      if (texts.length === 0) await writeFile(join(folder, 'b.csv'), '文案\n新的一行\n')
      texts.push('text' in source ? source.text : '')
    }
    expect(texts).toEqual(['限时优惠', '新的一行'])
  })

  test('judges by content and says where the name disagrees', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'photo.jpg'), '其实是文案')
    await writeFile(join(folder, 'copy.txt'), png)
    await writeFile(
      join(folder, 'film.png'),
      Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\x02\0isommp42')]),
    )
    const [copy, film, photo] = await findAll([folder])
    expect(copy).toMatchObject({ kind: 'image', note: { code: 'named_otherwise', name: '.txt', place: 'image/png' } })
    expect(film).toMatchObject({ kind: 'video', failure: null })
    expect(photo).toMatchObject({
      failure: { code: 'unsupported_type', detail: expect.stringContaining('not_the_image_named') },
    })
  })

  test('lists what systems and Office leave behind as skipped, with the reason', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, '__MACOSX'))
    await mkdir(join(folder, '.git'))
    for (const name of [
      '.DS_Store',
      'Thumbs.db',
      'desktop.ini',
      '~$文案.docx',
      '._a.png',
      '.hidden.txt',
      '__MACOSX/a',
      '.git/a',
    ]) {
      await writeFile(join(folder, name), 'x')
    }
    expect(summary(await findAll([folder]))).toEqual({
      '.DS_Store': 'system',
      'Thumbs.db': 'system',
      'desktop.ini': 'system',
      '~$文案.docx': 'system',
      '._a.png': 'system',
      '.hidden.txt': 'hidden',
      __MACOSX: 'system',
      '.git': 'hidden',
    })
  })

  test('takes a hidden file when it is named itself', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, '.copy.txt'), '限时优惠')
    expect(summary(await findAll([folder, join(folder, '.copy.txt')]))).toEqual({ '.copy.txt': 'text' })
  })

  test('gives a reason for empty files, missing arguments and files over the limits', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'empty.png'), '')
    await writeFile(join(folder, 'broken.docx'), docxOf(['a']).subarray(0, 200))
    await writeFile(join(folder, 'long.txt'), 'a'.repeat(101))
    await writeFile(join(folder, 'huge.png'), png)
    await truncate(join(folder, 'huge.png'), 300_000_000)
    const limits = { ...intakeLimits, textBytes: 100 }
    expect(summary(await findAll([folder, join(folder, 'missing.png')], { limits }))).toEqual({
      'broken.docx': 'damaged_document',
      'empty.png': 'empty',
      'huge.png': 'too_large',
      'long.txt': 'too_large',
      'missing.png': 'unreadable_file',
    })
  })

  onPosix('takes names in any script, with line breaks and with right-to-left marks, as they are', async () => {
    const folder = await temporaryFolder()
    const names = [
      '海报 ١٢٣.png',
      'a\nb.png',
      '\u202egnp.exe.png',
      'back\\slash.png',
      '=cmd.png',
      '-rf.png',
      '😀.png',
      '\ufffd.png',
    ]
    for (const name of names) await writeFile(join(folder, name), png)
    const found = await findAll([folder])
    expect(found.map(each => each.path).toSorted()).toEqual(names.toSorted())
    expect(found.every(each => each.kind === 'image')).toBe(true)
  })

  onPosix('gives a reason for a name that is not valid UTF-8, beside one that looks the same', async () => {
    const folder = await temporaryFolder()
    await writeFile(Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff])]), 'x')
    await writeFile(join(folder, 'a\ufffd'), '限时优惠')
    const found = await findAll([folder])
    expect(found.map(each => each.failure?.code ?? each.kind).toSorted()).toEqual(['text', 'unreadable_file'])
  })

  onPosix('never opens pipes and sockets, which would wait for ever', async () => {
    const folder = await temporaryFolder()
    execFileSync('mkfifo', [join(folder, 'pipe.png')])
    const server = createServer().listen(join(folder, 'socket'))
    await new Promise(resolve => server.once('listening', resolve))
    const expected = { 'pipe.png': 'unsupported_type', socket: 'unsupported_type' }
    expect(summary(await findAll([folder]))).toEqual(expected)
    expect(summary(await findAll([join(folder, 'pipe.png'), join(folder, 'socket')]))).toEqual(expected)
    server.close()
  })

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'gives a reason for what may not be read',
    async () => {
      const folder = await temporaryFolder()
      await mkdir(join(folder, 'locked'))
      await writeFile(join(folder, 'locked.png'), png)
      await chmod(join(folder, 'locked'), 0)
      await chmod(join(folder, 'locked.png'), 0)
      expect(summary(await findAll([folder]))).toEqual({ locked: 'unreadable_file', 'locked.png': 'unreadable_file' })
    },
  )

  test('goes as deep as folders go', async () => {
    const folder = await temporaryFolder()
    const deep = join(folder, ...Array.from({ length: 400 }, (_, index) => `d${index}`))
    await mkdir(deep, { recursive: true })
    await writeFile(join(deep, 'a.png'), png)
    const [only] = await findAll([folder])
    expect(only).toMatchObject({ kind: 'image', path: expect.stringMatching(/d398\/d399\/a\.png$/) })
  })

  test('hands out the first finding long before a large folder has been read', async () => {
    const folder = await temporaryFolder()
    for (let index = 0; index < 3000; index++) await writeFile(join(folder, `${index}.txt`), '限时优惠')
    const walking = walk([folder], { ...nothingChosen, unpacked: await temporaryUnpacked() }, never)
    expect((await walking.next()).value).toMatchObject({ kind: 'text' })
    // What has not been listed yet can vanish without a trace; what was listed would be missed.
    for (let index = 0; index < 3000; index++) await rm(join(folder, `${index}.txt`))
    expect((await Array.fromAsync(walking)).length).toBeLessThan(2500)
  })

  test('stops at once when it is told to', async () => {
    const folder = await temporaryFolder()
    for (const name of ['a.txt', 'b.txt']) await writeFile(join(folder, name), '限时优惠')
    const controller = new AbortController()
    const options = { ...nothingChosen, unpacked: await temporaryUnpacked() }
    const walking = walk([folder], options, controller.signal)
    await walking.next()
    controller.abort(new Error('cancelled by the user'))
    await expect(walking.next()).rejects.toThrow('cancelled by the user')
  })
})

describe('following symbolic links', () => {
  onPosix('follows a link once and refuses one that leads back up', async () => {
    const folder = await temporaryFolder()
    const outside = await temporaryFolder()
    await mkdir(join(folder, 'a/b'), { recursive: true })
    await writeFile(join(folder, 'a/b/copy.txt'), '限时优惠')
    await writeFile(join(outside, 'far.png'), png)
    await symlink(folder, join(folder, 'a/b/up'))
    await symlink('self', join(folder, 'self'))
    await symlink('nowhere', join(folder, 'broken'))
    await symlink(outside, join(folder, 'link-1'))
    await symlink(outside, join(folder, 'link-2'))
    await symlink(join(folder, 'a/b/copy.txt'), join(folder, 'same.txt'))
    await symlink(join(outside, 'far.png'), join(folder, 'z-far.png'))
    await symlink(folder, join(outside, 'home'))
    expect(summary(await findAll([folder]))).toEqual({
      'a/b/copy.txt': 'text',
      'a/b/up': 'symlink_loop',
      broken: 'unreadable_file',
      'link-1/far.png': 'image',
      'link-1/home': 'symlink_loop',
      'link-2': 'duplicate',
      'same.txt': 'duplicate',
      self: 'symlink_loop',
      'z-far.png': 'duplicate',
    })
  })

  onPosix('follows a link to what the walk would have skipped', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, '.store'))
    await writeFile(join(folder, '.store/a.png'), png)
    await symlink('.store/a.png', join(folder, 'a.png'))
    expect(summary(await findAll([folder]))).toEqual({ '.store': 'hidden', 'a.png': 'image' })
  })

  onPosix('reads every file exactly once, however links lie', async () => {
    const places = ['x', 'x/y', 'x/y/z', 'w', 'w/v']
    const link = fc.tuple(fc.constantFrom(...places), fc.constantFrom('.', ...places), fc.nat({ max: 9 }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(link, { maxLength: 8 }),
        fc.subarray(['x', 'x/y', 'w', '.'], { minLength: 1 }),
        async (links, starts) => {
          const folder = await temporaryFolder()
          for (const place of places) {
            await mkdir(join(folder, place), { recursive: true })
            await writeFile(join(folder, place, 'copy.txt'), `限时优惠 ${place}`)
          }
          for (const [from, to, name] of links) {
            await symlink(join(folder, to), join(folder, from, `link-${name}`)).catch(() => undefined)
          }
          const found = await findAll(starts.map(start => join(folder, start)))
          const read = found.flatMap(each =>
            each.kind && each.source.kind === 'file' ? [realpathSync(each.source.path)] : [],
          )
          expect(new Set(read).size).toBe(read.length)
          if (starts.includes('.')) expect(read.length).toBe(places.length)
          for (const start of starts.filter(each => each !== '.')) {
            expect(read).toContain(realpathSync(join(folder, start, 'copy.txt')))
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('makes one asset of a file that several arguments reach', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'sub'))
    await writeFile(join(folder, 'sub/a.png'), png)
    const args = [join(folder, 'sub/a.png'), folder, join(folder, 'sub'), `${folder}/`]
    const found = await findAll(args)
    expect(found.filter(each => each.kind !== null).map(each => each.path)).toEqual(['sub/a.png'])
    expect(found.filter(each => each.skipped === 'duplicate')).toHaveLength(3)
  })
})

describe('reading standard input', () => {
  test('makes a text of it, whatever its encoding', async () => {
    const found = await findAll(['-'], { stdin: Readable.from([Buffer.from('\uFEFF限时优惠', 'utf16le')]) })
    expect(found).toMatchObject([
      { path: '-', root: '-', kind: 'text', source: { kind: 'inline', text: '限时优惠', encoding: 'utf-16le' } },
    ])
  })

  test.each([
    ['nothing', '', 'empty'],
    ['white space', ' \n', 'empty'],
    ['an image', png, 'undecodable_text'],
    ['more than a text may have', 'a'.repeat(101), 'too_large'],
  ])('gives a reason for %s', async (_, input, code) => {
    const limits = { ...intakeLimits, textBytes: 100 }
    expect(summary(await findAll(['-'], { stdin: Readable.from([Buffer.from(input)]), limits }))).toEqual({ '-': code })
  })
})
