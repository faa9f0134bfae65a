import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  type Address,
  createAddressing,
  loadFile,
  type Media,
  mediaPart,
  refusalByAddress,
  routeOfImage,
} from '../../../electron/engine/screening/media.ts'
import { failure } from '../../../shared/conclusion.ts'
import { encodeRemarks, remark } from '../../../shared/remarks/index.ts'
import { createStillClock } from '../../integration/async/harness.ts'

const signal = new AbortController().signal
const bytes = Buffer.from('a recording')
const media = (changes: Partial<Media> = {}): Media => ({
  mime: 'audio/mpeg',
  publicUrl: null,
  load: async () => bytes,
  ...changes,
})
const part = (changes: Partial<Media> = {}) => mediaPart(media(changes), 'audio', 'sha')
const minute = 60_000

test.each([
  ['sync', 'image/png', 1, true, 'sync', 'chosen'],
  ['async', 'image/png', 10_000_000, true, 'async', 'chosen'],
  ['both', 'image/jpeg', 1, true, 'both', 'chosen'],
  ['async', 'image/png', 10_000_001, true, 'sync', 'too_large'],
  ['both', 'image/gif', 1, true, 'sync', 'first_frame'],
  ['async', 'image/apng', 1, true, 'sync', 'first_frame'],
  ['async', 'image/webp', 1, true, 'sync', 'format'],
  ['async', 'image/png', 1, false, 'sync', 'no_relay'],
] as const)(
  'an image wanted %s, %s of %i bytes, relay %s, goes %s: %s',
  (wanted, mime, sizeBytes, hasRelay, way, why) => {
    expect(routeOfImage(wanted, { mime, sizeBytes, hasRelay })).toEqual({ way, why })
  },
)

test('audio goes by address up to 10 MB', () => {
  expect(refusalByAddress('audio', 'audio/wav', 10_000_000)).toBeNull()
  expect(refusalByAddress('audio', 'audio/wav', 10_000_001)).toBe('too_large')
})

test('an asset with an address of its own is not uploaded', async () => {
  const addressOf = createAddressing(createStillClock(), part({ publicUrl: 'https://example.com/a.mp3' }), async () => {
    throw new Error('nothing is to be uploaded')
  })
  expect(await addressOf(signal)).toMatchObject({ url: 'https://example.com/a.mp3' })
})

test('an address is used until it is about to expire, then there is another', async () => {
  const clock = createStillClock()
  let uploads = 0
  const addressOf = createAddressing(clock, part(), async (given): Promise<Address> => {
    expect(given).toBe(bytes)
    uploads += 1
    return { kind: 'address', url: `https://relay/${uploads}`, goodUntil: clock.now() + 60 * minute }
  })
  expect(await addressOf(signal)).toMatchObject({ url: 'https://relay/1' })
  clock.advance(55 * minute)
  expect(await addressOf(signal)).toMatchObject({ url: 'https://relay/1' })
  clock.advance(1)
  expect(await addressOf(signal)).toMatchObject({ url: 'https://relay/2' })
})

test('no relay, a relay that fails, an address that is over at once, and bytes that cannot be read are failures', async () => {
  const clock = createStillClock()
  const over = async (): Promise<Address> => ({ kind: 'address', url: 'https://relay/1', goodUntil: clock.now() })
  const broken = failure('RETRY', 'unreachable', 'relay')
  const unread = failure('INPUT', 'changed_file', '')
  expect(await createAddressing(clock, part(), null)(signal)).toMatchObject({ code: 'needs_relay' })
  expect(await createAddressing(clock, part(), async () => broken)(signal)).toBe(broken)
  expect(await createAddressing(clock, part(), over)(signal)).toMatchObject({ class: 'CONFIG', code: 'relay_expired' })
  expect(await createAddressing(clock, part({ load: async () => unread }), over)(signal)).toBe(unread)
})

test('a file that changed since it was judged is not uploaded', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'prescreen-media-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'a.mp3')
  writeFileSync(file, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(await loadFile(file, sha256, signal)).toEqual(bytes)
  writeFileSync(file, 'another recording')
  expect(await loadFile(file, sha256, signal)).toMatchObject({ code: 'changed_file' })
  const gone = await loadFile(join(dir, 'gone.mp3'), sha256, signal)
  expect(gone).toMatchObject({
    code: 'unreadable_file',
    detail: encodeRemarks([remark('file_gone', { name: 'ENOENT' })]),
  })
})
