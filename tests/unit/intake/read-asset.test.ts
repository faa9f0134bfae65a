import { createHash } from 'node:crypto'
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, isIP, type LookupFunction } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { openFile, readWhole } from '../../../electron/engine/base/open-file.ts'
import { intakeLimits } from '../../../electron/engine/formats/source.ts'
import { readAsset } from '../../../electron/engine/intake/read-asset.ts'
import { createUrlDispatcher, isPublicAddress } from '../../../electron/engine/intake/url-dispatcher.ts'
import { documentsInProcess as documents } from '../../fixtures/formats/in-process.ts'
import { docxOf } from '../formats/zip-file.ts'
import { inEnglish, never, png, temporaryFolder } from './harness.ts'

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

function dispatcherOf(allowPrivateUrls: boolean, resolve?: LookupFunction) {
  const dispatcher = createUrlDispatcher(allowPrivateUrls, resolve)
  onTestFinished(() => dispatcher.destroy())
  return dispatcher
}

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}

const readPath = (path: string) =>
  readAsset({ kind: 'file', path }, { documents, dispatcher: dispatcherOf(false) }, never)

describe('reading a file', () => {
  test('gives an image by its hash, without holding its bytes', async () => {
    expect(await readPath(await fileOf('a.jpg', png))).toEqual({
      form: 'media',
      kind: 'image',
      mime: 'image/png',
      bytes: null,
      sha256: sha256(png),
      sizeBytes: png.length,
      reading: 'png 2',
      notes: [],
    })
  })

  test('gives a text with its encoding, and the hash of the file rather than of the text', async () => {
    const bytes = await readFile(new URL('../../fixtures/text/simplified.gbk.txt', import.meta.url))
    expect(await readPath(await fileOf('copy.txt', bytes))).toMatchObject({
      kind: 'text',
      text: expect.stringContaining('全场女装低至五折'),
      encoding: 'gb18030',
      bom: false,
      format: 'plain',
      sha256: sha256(bytes),
    })
  })

  test('gives the visible text of pages and Word documents', async () => {
    expect(await readPath(await fileOf('a.html', '<p>限时<b>优惠</b>'))).toMatchObject({
      format: 'html',
      text: '限时优惠\n',
    })
    const docx = await fileOf('brief.docx', docxOf(['限时优惠']))
    expect(await readPath(docx)).toMatchObject({ format: 'docx', text: '限时优惠', encoding: null })
  })

  test('reads what is spelled by numbers as well, and says what it holds that the platform cannot see', async () => {
    expect(await readPath(await fileOf('names.properties', 'a=\\u7ea2\\u706f'))).toMatchObject({
      text: 'a=\\u7ea2\\u706f\na=红灯\n',
      omitted: [],
    })
    expect(await readPath(await fileOf('post.md', '优惠 ![](data:image/png;base64,AAAA)'))).toMatchObject({
      kind: 'text',
      pieces: [{ name: 'picture 1', from: { kind: 'bytes' } }],
      omitted: [],
    })
  })

  test('gives audio by its hash alone', async () => {
    const wav = Buffer.concat([Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'), Buffer.alloc(3_000_000)])
    expect(await readPath(await fileOf('jingle.wav', wav))).toEqual({
      form: 'media',
      kind: 'audio',
      mime: 'audio/wav',
      bytes: null,
      sha256: sha256(wav),
      sizeBytes: wav.length,
      reading: 'audio 1',
      notes: [],
    })
  })

  test.each([
    ['white space', ' \n\u3000', 'empty'],
    ['characters without width', '\u200b\u200d\u2060\ufeff\u3164\u2800\u00ad\n', 'empty'],
    ['a page without words', '<!doctype html><br>', 'empty'],
    ['bytes of no certain encoding', Buffer.from('café', 'latin1'), 'undecodable_text'],
    ['text that turns binary later', Buffer.concat([Buffer.alloc(20_000, 'a'), Buffer.from([0])]), 'undecodable_text'],
  ])('gives a reason for %s', async (_, content, code) => {
    expect(await readPath(await fileOf('a.txt', content))).toMatchObject({ kind: 'failure', class: 'INPUT', code })
  })

  test.each([
    ['a page that was saved as a picture', 'poster.jpg', '<html><h1>404 Not Found</h1></html>', 'named .jpg'],
    ['words that were saved as a recording', 'jingle.mp3', '请登录后下载', 'named .mp3'],
    ['a drawing that nobody here can draw', 'logo.svg', '<!ELEMENT x>\n<svg/>', 'named .svg'],
    ['a drawing after a comment without end', 'logo.txt', `<!-- ${'-'.repeat(9000)} --><svg/>`, 'SVG drawing'],
  ])('never takes %s for a text', async (_, name, content, detail) => {
    expect(inEnglish(await readPath(await fileOf(name, content)))).toMatchObject({
      code: 'unsupported_type',
      detail: expect.stringContaining(detail),
    })
  })

  test('gives a reason when the file has vanished or become a folder', async () => {
    const path = await fileOf('a.png', png)
    await rm(path)
    expect(await readPath(path)).toMatchObject({ code: 'unreadable_file' })
    expect(await readPath(await temporaryFolder())).toMatchObject({ code: 'unreadable_file' })
  })

  test.each([
    ['grows', (path: string) => appendFile(path, 'more')],
    ['shrinks', (path: string) => truncate(path, 10)],
    ['is overwritten', (path: string) => writeFile(path, 'b'.repeat(3_000_000))],
  ])('gives a reason when the file %s while it is read', async (_, change) => {
    const path = await fileOf('a.txt', 'a'.repeat(3_000_000))
    const file = await openFile(path)
    if (file.kind === 'failure') throw new Error(file.detail)
    onTestFinished(() => file.handle.close())
    const read = file.handle.read.bind(file.handle)
    const spy = vi.spyOn(file.handle, 'read')
    spy.mockImplementationOnce(async (...args: unknown[]) => {
      const [buffer, offset, length, position] = args
      if (!Buffer.isBuffer(buffer)) throw new Error('a buffer was expected')
      const result = await read(buffer, Number(offset), Number(length), Number(position))
      await change(path)
      return result
    })
    expect(await readWhole(file, 'bytes', never)).toMatchObject({ kind: 'failure', code: 'changed_file' })
  })

  test('reads rows and pasted text as they are, hashed as UTF-8', async () => {
    const source = {
      kind: 'row',
      path: 'a.csv',
      sheet: null,
      row: 2,
      column: 'A',
      encoding: 'big5',
      text: '<b>限</b>',
    } as const
    expect(await readAsset(source, { documents, dispatcher: dispatcherOf(false) }, never)).toMatchObject({
      kind: 'text',
      text: '<b>限</b>',
      encoding: 'big5',
      sha256: sha256('<b>限</b>'),
    })
  })
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

describe('downloading an image', () => {
  const download = (url: string, limits = intakeLimits, signal = never) =>
    readAsset({ kind: 'url', url }, { documents, dispatcher: dispatcherOf(true), limits }, signal)

  test('gives it like a file, judged by its content', async () => {
    const url = await serve((_, response) => response.setHeader('content-type', 'text/html').end(png))
    expect(await download(`${url}/a.png`)).toMatchObject({ kind: 'image', mime: 'image/png', sha256: sha256(png) })
  })

  test('follows a few redirects', async () => {
    const url = await serve((request, response) =>
      request.url === '/a' ? response.writeHead(302, { location: '/b' }).end() : response.end(png),
    )
    expect(await download(`${url}/a`)).toMatchObject({ kind: 'image' })
  })

  test.each<[string, RequestListener, string, string]>([
    [
      'redirects without end',
      (_, response) => response.writeHead(302, { location: '/' }).end(),
      'url_failed',
      'more than 5',
    ],
    [
      'a redirect to a file',
      (_, response) => response.writeHead(302, { location: 'file:///etc/hosts' }).end(),
      'url_refused',
      'file',
    ],
    ['a page that is missing', (_, response) => response.writeHead(404).end(), 'url_failed', '404'],
    ['a page instead of an image', (_, response) => response.end('<html>请登录</html>'), 'unsupported_type', 'text'],
    ['nothing', (_, response) => response.end(), 'empty', '0 bytes'],
    [
      'compressed content',
      (_, response) => response.setHeader('content-encoding', 'gzip').end(png),
      'url_failed',
      'gzip',
    ],
    ['a broken connection', (_, response) => response.destroy(), 'url_failed', 'connection'],
    [
      'half an image',
      (_, response) => void response.writeHead(200, { 'content-length': '999' }).write(png, () => response.destroy()),
      'url_failed',
      'connection',
    ],
    [
      'an announced size over the limit',
      (_, response) => response.writeHead(200, { 'content-length': '1001' }).end(Buffer.alloc(1001)),
      'too_large',
      '1000',
    ],
    [
      'a stream over the limit',
      (_, response) => void response.writeHead(200).write(Buffer.alloc(1001)),
      'too_large',
      '1000',
    ],
    ['silence', () => undefined, 'url_failed', 'within'],
  ])('gives a reason for %s', async (_, listener, code, detail) => {
    const url = await serve(listener)
    const limits = { ...intakeLimits, imageBytes: 1000, downloadMs: 500 }
    expect(inEnglish(await download(url, limits))).toMatchObject({
      kind: 'failure',
      code,
      detail: expect.stringContaining(detail),
    })
  })

  test('stops when the batch is cancelled', async () => {
    const controller = new AbortController()
    const url = await serve(() => controller.abort(new Error('cancelled by the user')))
    await expect(download(url, intakeLimits, controller.signal)).rejects.toThrow('cancelled by the user')
  })
})

describe('keeping downloads away from private addresses', () => {
  test('knows which addresses are public', () => {
    const privateOnes = [
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.100.100.200',
      '0.0.0.0',
      '255.255.255.255',
      '224.0.0.1',
      '198.18.0.1',
      '168.63.129.16',
      '192.0.0.192',
      '::',
      '::1',
      'fe80::1',
      'fd00:ec2::254',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:a9fe:a9fe',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:db8::1',
      'not an address',
    ]
    for (const address of privateOnes) expect([address, isPublicAddress(address)]).toEqual([address, false])
    for (const address of ['8.8.8.8', '223.5.5.5', '2400:3200::1']) expect(isPublicAddress(address)).toBe(true)
  })

  test.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]'])(
    'does not connect to %s',
    async host => {
      const onRequest = vi.fn<RequestListener>((_, response) => response.end(png))
      const { port } = new URL(await serve(onRequest))
      const source = { kind: 'url', url: `http://${host}:${port}/` } as const
      expect(await readAsset(source, { documents, dispatcher: dispatcherOf(false) }, never)).toMatchObject({
        code: 'url_refused',
      })
      expect(onRequest).not.toHaveBeenCalled()
    },
  )

  test('does not connect to a public name that leads to a private address when the connection is made', async () => {
    const onRequest = vi.fn<RequestListener>((_, response) => response.end(png))
    const { port } = new URL(await serve(onRequest))
    for (const answer of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::ffff:127.0.0.1']]) {
      const dispatcher = dispatcherOf(false, (_name, _options, callback) =>
        callback(
          null,
          answer.map(address => ({ address, family: isIP(address) })),
        ),
      )
      const source = { kind: 'url', url: `http://rebind.example:${port}/` } as const
      expect(inEnglish(await readAsset(source, { dispatcher, documents }, never))).toMatchObject({
        code: 'url_refused',
        detail: expect.stringContaining('rebind.example → '),
      })
    }
    expect(onRequest).not.toHaveBeenCalled()
  })
})
