import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fingerprintOf, headText, isSigned, openSigningKey } from '../../../electron/engine/ledger/signing.ts'
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
  writeFileSync(join(ledger.dataDir, 'ledger-key.pem'), 'damaged')
  const again = openLedger({ dataDir: ledger.dataDir })
  await again.sealer.seal(id)

  const keys = knownKeys(ledger.database.raw)
  expect(keys).toHaveLength(2)
  const rows = ledger.database.raw
    .prepare<[], string>("SELECT body FROM ledger WHERE kind = 'key' ORDER BY seq")
    .pluck()
    .all()
  expect(JSON.parse(rows[1]!)).toMatchObject({ event: 'replaced', replaces: keys[0]!.fingerprint })
  expect(readFileSync(join(ledger.dataDir, 'ledger-key.pem.damaged'), 'utf8')).toBe('damaged')
  expect(await verifyDataDir(ledger.database.raw)).toMatchObject({ intact: true, fingerprint: keys[1]!.fingerprint })
})

test('a key is introduced to the ledger once, whoever uses it', async () => {
  const ledger = openLedger()
  await ledger.sealer.key()
  await openLedger({ dataDir: ledger.dataDir }).sealer.key()
  expect(headOf(ledger.database.raw)?.seq).toBe(1)
})
