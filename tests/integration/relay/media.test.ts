import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { keys, startTestRelay, type TestRelay } from './harness.ts'

const signal = new AbortController().signal
const minute = 60_000
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** Microsoft's container with one stream of the given type. */
function asf(streamType: string): string {
  const header = '3026b2758e66cf11a6d900aa0062ce6c'
  const stream = '9107dcb7b7a9cf118ee600c00c205365'
  const size = (bytes: number) => bytes.toString(16).padEnd(16, '0')
  return `${header}${size(0x6c)}010000000102${stream}${size(0x4e)}${streamType}${'00'.repeat(64)}`
}

/** The first bytes of each type that the platforms take (spec §3.2), as an encoder writes them. */
const samples = {
  jpeg: ['ffd8ffe000104a464946000101', 'image/jpeg', 'image'],
  gif: ['474946383961010001000000003b', 'image/gif', 'image'],
  bmp: ['424d460000000000000036000000280000000100000001000000010018000000000010', 'image/bmp', 'image'],
  mp3: ['49443304000000000000fffb9064000f0000000000000000', 'audio/mpeg', 'audio'],
  flac: ['664c614300000022100010000000', 'audio/flac', 'audio'],
  wav: ['524946462400000057415645666d7420100000000100010044ac0000', 'audio/wav', 'audio'],
  wma: [asf('409e69f84d5bcf11a8fd00805f5c442b'), 'audio/x-ms-wma', 'audio'],
  ogg: [
    `4f676753000200000000000000000000000000000000000000000${'1'}1e01766f72626973000000000144ac0000`,
    'audio/ogg',
    'audio',
  ],
} as const

async function upload(relay: TestRelay, bytes: Uint8Array, mediaType: 'image' | 'audio' = 'image') {
  const uploaded = await relay.client().upload(bytes, mediaType, signal)
  if (uploaded.kind !== 'uploaded') throw new Error(JSON.stringify(uploaded))
  return { ...uploaded, path: new URL(uploaded.url).pathname }
}

/** A PNG of its own for each number, as far as its bytes go. */
const pngNumber = (number: number, size = 0) => Buffer.concat([png, Buffer.alloc(size), Buffer.from([number])])

describe('uploaded media', () => {
  test('can be downloaded by anybody who has the address, with its length and type, and as often as wanted', async () => {
    await using relay = await startTestRelay()
    const { path, mime } = await upload(relay, png)
    expect(mime).toBe('image/png')
    for (const method of ['GET', 'GET', 'HEAD'] as const) {
      const answer = await relay.send(path, { method })
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'image/png', 'content-length': '70' } })
      expect(answer.text.length > 0).toBe(method === 'GET')
    }
  })

  test.each(Object.entries(samples))('is served as what its bytes are: %s', async (_name, [hex, mime, kind]) => {
    await using relay = await startTestRelay()
    const { path } = await upload(relay, Buffer.from(hex, 'hex'), kind)
    expect((await relay.send(path)).headers['content-type']).toBe(mime)
  })

  test('has one address per content, which another relay does not share', async () => {
    await using relay = await startTestRelay()
    await using other = await startTestRelay()
    const first = await upload(relay, png)
    expect((await upload(relay, png)).url).toBe(first.url)
    expect((await upload(relay, pngNumber(1))).url).not.toBe(first.url)
    expect((await upload(other, png)).path).not.toBe(first.path)
  })

  test('stays for its time, longer when it is uploaded again, and is gone from the disk after', async () => {
    await using relay = await startTestRelay({ media: { minutes: 40 } })
    const { path } = await upload(relay, png)
    await relay.clock.advance(39 * minute)
    expect((await relay.send(path)).status).toBe(200)
    await upload(relay, png)
    await relay.clock.advance(39.5 * minute)
    expect((await relay.send(path)).status).toBe(200)
    // Before anything has cleared it away.
    await relay.clock.advance(minute / 2)
    expect(readdirSync(join(relay.dataDir, 'media'))).toHaveLength(1)
    expect((await relay.send(path)).status).toBe(404)
    await relay.restart()
    await expect.poll(() => readdirSync(join(relay.dataDir, 'media'))).toEqual([])
  })

  test('survives a restart', async () => {
    await using relay = await startTestRelay()
    const { path } = await upload(relay, png)
    await relay.restart()
    expect((await relay.send(path)).status).toBe(200)
  })

  test('of a process that was killed while writing is cleared away at the next start', async () => {
    await using relay = await startTestRelay()
    const { path } = await upload(relay, png)
    const folder = join(relay.dataDir, 'media')
    writeFileSync(join(folder, 'half.part'), 'x')
    writeFileSync(join(folder, `${'A'.repeat(43)}.png`), 'x')
    await relay.restart()
    expect(readdirSync(folder)).toEqual([path.slice('/m/'.length)])
  })

  test('may be uploaded several times at the same moment, and takes its room once', async () => {
    await using relay = await startTestRelay({ media: { quotaMb: 10 } })
    const large = pngNumber(1, 6_000_000)
    const urls = await Promise.all([1, 2, 3].map(() => upload(relay, large).then(({ url }) => url)))
    expect(new Set(urls).size).toBe(1)
    expect(readdirSync(join(relay.dataDir, 'media'))).toHaveLength(1)
  })
})

describe('an upload', () => {
  test('needs a key', async () => {
    await using relay = await startTestRelay()
    expect((await relay.send('/media', { method: 'PUT', body: png })).status).toBe(401)
    expect(await relay.client({ key: 'guessed' }).upload(png, 'image', signal)).toMatchObject({ code: 'key_refused' })
    expect(readdirSync(join(relay.dataDir, 'media'))).toEqual([])
  })

  test.each([
    ['a page', '<!doctype html><script>1</script>'],
    ['a drawing with scripts', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'],
    ['a program', `MZ${'\0'.repeat(100)}`],
    ['a video', Buffer.from('0000001c6674797069736f6d0000020069736f6d69736f326d703431', 'hex')],
    ['a video of Microsoft', Buffer.from(asf('c0ef19bc4d5bcf11a8fd00805f5c442b'), 'hex')],
    ['nothing', ''],
  ])('of what the platforms do not take is refused: %s', async (_what, body) => {
    await using relay = await startTestRelay()
    const answer = await relay.send('/media', { method: 'PUT', key: keys.design.key, body })
    expect(answer.status).toBe(415)
    expect(await relay.client().upload(Buffer.from(body), 'image', signal)).toMatchObject({ code: 'type_refused' })
  })

  test('of an image as audio is refused, because the platform would let it pass', async () => {
    await using relay = await startTestRelay()
    expect(await relay.client().upload(png, 'audio', signal)).toMatchObject({
      kind: 'relay_failure',
      code: 'type_refused',
    })
  })

  test('of exactly 10 MB is taken, and one byte more is not', async () => {
    await using relay = await startTestRelay()
    const largest = Buffer.concat([png, Buffer.alloc(10_000_000 - png.length)])
    expect((await upload(relay, largest)).kind).toBe('uploaded')
    const over = Buffer.concat([largest, Buffer.alloc(1)])
    expect(await relay.client().upload(over, 'image', signal)).toMatchObject({ code: 'too_large' })
    const answer = relay.send('/media', { method: 'PUT', key: keys.design.key, body: over })
    expect(await answer.catch(() => ({ status: 413 }))).toMatchObject({ status: 413 })
  })

  test('beyond the quota is refused until something has expired', async () => {
    await using relay = await startTestRelay({ media: { minutes: 40, quotaMb: 10 } })
    await upload(relay, pngNumber(1, 6_000_000))
    expect(await relay.client().upload(pngNumber(2, 6_000_000), 'image', signal)).toMatchObject({
      code: 'storage_full',
    })
    // What is there already takes no more room.
    await upload(relay, pngNumber(1, 6_000_000))
    await relay.clock.advance(41 * minute)
    await upload(relay, pngNumber(2, 6_000_000))
  })

  test('beyond the quota is refused as well when both arrive at once', async () => {
    await using relay = await startTestRelay({ media: { quotaMb: 10 } })
    const client = relay.client()
    const kinds = await Promise.all([1, 2].map(number => client.upload(pngNumber(number, 6_000_000), 'image', signal)))
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['relay_failure', 'uploaded'])
  })

  test('may be named by its path', async () => {
    await using relay = await startTestRelay()
    const file = join(relay.dataDir, '图.png')
    writeFileSync(file, png)
    expect((await relay.client().upload(file, 'image', signal)).kind).toBe('uploaded')
    expect(await relay.client().upload(`${file}.not`, 'image', signal)).toMatchObject({ code: 'unreadable_file' })
  })
})

test('no address lists media or leads out of their folder', async () => {
  await using relay = await startTestRelay()
  const { path } = await upload(relay, png)
  const guesses = ['/m', '/m/', '/m/..%2frelay.sqlite', '/m/%2e%2e/relay.sqlite', `${path}x`, path.slice(0, -4), '/m/*']
  for (const guess of guesses) expect((await relay.send(guess)).status).toBe(404)
  expect(JSON.stringify(relay.log)).not.toContain(path.slice(3, 20))
})
