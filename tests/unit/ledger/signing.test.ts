import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  fingerprintOf,
  headText,
  isSigned,
  keyProblemOf,
  openSigningKey,
} from '../../../electron/engine/ledger/signing.ts'
import { headOf, knownKeys } from '../../../electron/engine/ledger/signing-book.ts'
import { verifyDataDir } from '../../../electron/engine/ledger/verify.ts'
import { keychain, memoryStore, noVault, openLedger, screened, temporaryDir } from './fixture.ts'

test('without a vault the key is in a file that only its owner can read, and stays the same', async () => {
  const dataDir = temporaryDir()
  const places = { dataDir, store: memoryStore(), vault: noVault }
  const key = await openSigningKey(places)
  expect(key.origin).toBe('file')
  expect(statSync(join(dataDir, 'ledger-key.pem')).mode & 0o777).toBe(0o600)
  chmodSync(join(dataDir, 'ledger-key.pem'), 0o644)
  expect((await openSigningKey(places)).fingerprint).toBe(key.fingerprint)
  expect(statSync(join(dataDir, 'ledger-key.pem')).mode & 0o777).toBe(0o600)
})

test('with a vault the key is stored encrypted beside the settings, and no file is written', async () => {
  const dataDir = temporaryDir()
  const places = { dataDir, store: memoryStore(), vault: keychain('mine') }
  const key = await openSigningKey(places)
  expect(key.origin).toBe('vault')
  expect((await openSigningKey(places)).publicKey).toBe(key.publicKey)
  expect(() => statSync(join(dataDir, 'ledger-key.pem'))).toThrow('ENOENT')
})

test('a vault that does not open keeps its key, and the file is used meanwhile', async () => {
  const dataDir = temporaryDir()
  const store = memoryStore()
  const first = await openSigningKey({ dataDir, store, vault: keychain('mine') })
  const meanwhile = await openSigningKey({ dataDir, store, vault: keychain('another') })
  expect(meanwhile.origin).toBe('file')
  expect((await openSigningKey({ dataDir, store, vault: keychain('mine') })).fingerprint).toBe(first.fingerprint)
})

test('what a key signed is recognised by its public key alone, and nothing else is', async () => {
  const key = await openSigningKey({ dataDir: temporaryDir(), store: memoryStore(), vault: noVault })
  const text = headText({ seq: 7, hash: 'ab' })
  const signature = key.sign(text)
  expect(isSigned(key.publicKey, text, signature)).toBe(true)
  expect(isSigned(key.publicKey, headText({ seq: 8, hash: 'ab' }), signature)).toBe(false)
  expect(isSigned(key.publicKey, text, 'AAAA')).toBe(false)
  expect(isSigned('not a key', text, signature)).toBe(false)
  expect(fingerprintOf(key.publicKey)).toBe(key.fingerprint)
})

test('a lost key is replaced, the ledger says so, and what the old one signed still verifies', async () => {
  const ledger = openLedger()
  const { id } = await screened(ledger, [{ path: 'a.txt', text: '你好', verdict: 'pass' }])
  await ledger.sealer.seal(id)
  rmSync(join(ledger.dataDir, 'ledger-key.pem'))
  const again = openLedger({ dataDir: ledger.dataDir })
  await again.sealer.seal(id)

  const keys = knownKeys(ledger.database.raw)
  expect(keys).toHaveLength(2)
  const rows = ledger.database.raw
    .prepare<[], string>("SELECT body FROM ledger WHERE kind = 'key' ORDER BY seq")
    .pluck()
    .all()
  expect(JSON.parse(rows[1]!)).toMatchObject({ event: 'replaced', replaces: keys[0]!.fingerprint })
  expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: true, fingerprint: keys[1]!.fingerprint })
})

test.each(['', 'damaged', '-----BEGIN PRIVATE KEY-----\nMC4CAQ'])(
  'a damaged key file (%j) is a problem, is never replaced by itself, and signs nothing',
  async content => {
    const ledger = openLedger()
    const { id } = await screened(ledger, [{ path: 'a.txt', text: '你好', verdict: 'pass' }])
    await ledger.sealer.seal(id)
    const file = join(ledger.dataDir, 'ledger-key.pem')
    writeFileSync(file, content)
    const again = openLedger({ dataDir: ledger.dataDir })
    await expect(again.sealer.seal(id)).rejects.toMatchObject({ code: 'ledger_key_damaged', detail: file })
    expect(readFileSync(file, 'utf8')).toBe(content)
    const places = { dataDir: ledger.dataDir, store: memoryStore(), vault: noVault }
    expect(await keyProblemOf(places)).toMatchObject({ code: 'ledger_key_damaged' })
    expect(knownKeys(ledger.database.raw)).toHaveLength(1)
    expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: true })
  },
)

test('of several programs that make a key at once all use the same, and no part of another is left', async () => {
  const dataDir = temporaryDir()
  const places = { dataDir, store: memoryStore(), vault: noVault }
  expect(await keyProblemOf(places)).toBeNull()
  const keys = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(places)))
  expect(new Set(keys.map(key => key.fingerprint)).size).toBe(1)
  expect(readdirSync(dataDir)).toEqual(['ledger-key.pem'])
})

test.skipIf(process.platform === 'win32')(
  "the database is its owner's alone, and so are the files beside it",
  async () => {
    const ledger = openLedger()
    await screened(ledger, [{ path: 'a.txt', text: '你好', verdict: 'pass' }])
    const names = readdirSync(ledger.dataDir).filter(name => name.startsWith('prescreen.sqlite'))
    expect(names.length).toBeGreaterThan(1)
    for (const name of names) expect(statSync(join(ledger.dataDir, name)).mode & 0o777).toBe(0o600)
  },
)

test('a key is introduced to the ledger once, however many use it', async () => {
  const ledger = openLedger()
  await ledger.sealer.key()
  await openLedger({ dataDir: ledger.dataDir }).sealer.key()
  expect(headOf(ledger.database.raw)?.seq).toBe(1)
})
