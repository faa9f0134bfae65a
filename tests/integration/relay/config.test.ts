import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readRelayConfig, relayConfigSchema, relayWarnings } from '../../../electron/engine/relay/config.ts'
import { newRelayKey } from '../../../electron/engine/relay/keys.ts'
import { startRelay } from '../../../electron/engine/relay/start-relay.ts'
import { type Said, UsageProblem } from '../../../shared/problems.ts'
import { configFor, startTestRelay } from './harness.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prescreen-relay-settings-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const hash = newRelayKey().hash
const app = { platform: 'wechat', appid: 'wx_practice0000001', path: 'p'.repeat(22), token: 'practice_token' }
const small = { dataDir: 'data', workstations: [{ name: 'design', keys: [hash] }], apps: [app] }

function read(settings: unknown) {
  const file = join(folder, 'relay.json')
  writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings))
  return readRelayConfig(file)
}

function problemOf(settings: unknown): Said {
  try {
    read(settings)
  } catch (error) {
    if (error instanceof UsageProblem) return error.said
    throw error
  }
  return { zh: 'accepted', en: 'accepted' }
}

describe('at its start the relay', () => {
  test('refuses a folder that another relay uses, and leaves that one alone', async () => {
    await using running = await startTestRelay()
    const second = startRelay(configFor(running.dataDir), { log: () => undefined })
    await expect(second).rejects.toThrow(/in use by another relay/)
    expect((await running.send('/healthz')).status).toBe(200)
    await running.restart()
  })

  test.skipIf(process.platform === 'win32')('warns of settings that others can read', () => {
    const config = read(small)
    const file = join(folder, 'relay.json')
    chmodSync(file, 0o640)
    expect(relayWarnings(file, config).map(({ en }) => en)).toEqual([expect.stringContaining(`chmod 600 ${file}`)])
    chmodSync(file, 0o600)
    expect(relayWarnings(file, config)).toEqual([])
  })

  test('warns of a public address without https', () => {
    const file = join(folder, 'relay.json')
    const config = read({ ...small, publicUrl: 'http://relay.example.com' })
    chmodSync(file, 0o600)
    expect(relayWarnings(file, config).map(({ zh }) => zh)).toEqual([expect.stringContaining('改用 https://')])
    expect(relayWarnings(file, { publicUrl: 'http://192.168.1.5:8787' })).toEqual([])
  })
})

describe('the settings of the relay', () => {
  test('need little: a folder, a workstation, an app; the rest has defaults, and paths are beside the file', () => {
    const tls = { certFile: 'cert.pem', keyFile: '/etc/key.pem' }
    expect(read({ ...small, tls })).toMatchObject({
      dataDir: join(folder, 'data'),
      tls: { certFile: join(folder, 'cert.pem'), keyFile: '/etc/key.pem' },
      listen: { host: '127.0.0.1', port: 8787 },
      media: { minutes: 60, quotaMb: 2000 },
      keepEventDays: 30,
    })
    expect(read(`\uFEFF${JSON.stringify(small)}`).apps).toHaveLength(1)
  })

  test.each([
    ['a path that can be guessed', { ...small, apps: [{ ...app, path: 'push' }] }, /apps\.0\.path .*22/],
    ['a damaged AES key', { ...small, apps: [{ ...app, encodingAesKey: 'short' }] }, /apps\.0\.encodingAesKey/],
    ['a key in place of its hash', { ...small, workstations: [{ name: 'a', keys: ['secret'] }] }, /keys\.0 .*SHA-256/],
    ['three keys', { ...small, workstations: [{ name: 'a', keys: [hash, hash, hash] }] }, /workstations\.0\.keys/],
    ['nobody to serve', { ...small, workstations: [] }, /workstations/],
    ['an unknown setting', { ...small, secret: 'x' }, /secret/],
    ['too short a life of media', { ...small, media: { minutes: 39 } }, /media\.minutes/],
    ['two apps on one path', { ...small, apps: [app, { ...app, appid: 'wx_practice0000002' }] }, /same path/],
    ['an app twice', { ...small, apps: [app, { ...app, path: 'q'.repeat(22) }] }, /app is there twice/],
    ['a public URL of another scheme', { ...small, publicUrl: 'ftp://relay.example' }, /publicUrl/],
    ['a proxy by name', { ...small, trustedProxies: ['proxy.example'] }, /trustedProxies/],
    ['half a file', '{"dataDir":', /is not JSON/],
  ])('say what is wrong, where, and no secret: %s', (_what, settings, words) => {
    const problem = problemOf(settings)
    expect(problem.en).toMatch(words)
    // The same places, in Chinese words: of English only names, and what stands in the file.
    expect(problem.zh).toMatch(/\p{Script=Han}/u)
    for (const place of problem.en.match(/\w+\.\d+(?:\.\w+)*/g) ?? []) expect(problem.zh).toContain(place)
    expect(problem.zh).not.toMatch(/invalid|must|expected|too (small|big)/i)
    for (const said of Object.values(problem)) {
      expect(said).not.toContain('practice_token')
      expect(said).not.toContain('p'.repeat(22))
    }
  })

  test('are all explained in the guide, in both languages', () => {
    const guide = readFileSync(new URL('../../../docs/relay.md', import.meta.url), 'utf8')
    const halves = guide.split('\n# 中继')
    expect(halves).toHaveLength(2)
    const names = [
      ...Object.keys(relayConfigSchema.shape),
      ...['`apps[]`', '`workstations[]`', '`forwarders[]`', 'tls.certFile', '`.keyFile`', 'listen.host', '`.port`'],
      ...Object.keys(configFor(folder).media).map(name => `media.${name}`),
      ...Object.keys(configFor(folder).limits).map(name => `limits.${name}`),
    ]
    for (const half of halves) expect(names.filter(name => !half.includes(name))).toEqual([])
  })

  test('that are not there are named', () => {
    expect(() => readRelayConfig(join(folder, 'none.json'))).toThrow(/none\.json cannot be read \(ENOENT\)/)
  })
})

describe('a relay that cannot start says why', () => {
  test('when its port is taken', async () => {
    await using relay = await startTestRelay()
    const config = configFor(folder, { listen: { port: relay.relay.port } })
    await expect(startRelay(config, { log: () => undefined })).rejects.toThrow(/is in use/)
  })

  test('when its certificate is missing, or none', async () => {
    const file = join(folder, 'cert.pem')
    const config = configFor(folder, { tls: { certFile: file, keyFile: file } })
    await expect(startRelay(config, { log: () => undefined })).rejects.toThrow(/tls: .*cert\.pem cannot be read/)
    writeFileSync(file, 'no certificate')
    await expect(startRelay(config, { log: () => undefined })).rejects.toThrow(/tls: the certificate/)
  })

  test('when its database is damaged, and leaves it as it is', async () => {
    writeFileSync(join(folder, 'relay.sqlite'), 'x'.repeat(5000))
    await expect(startRelay(configFor(folder), { log: () => undefined })).rejects.toMatchObject({
      code: 'database_corrupt',
    })
  })

  test('when an AES key that bypassed the settings is none, rather than take unencrypted pushes', async () => {
    const config = configFor(folder)
    const apps = config.apps.map(given => (given.platform === 'wechat' ? { ...given, encodingAesKey: 'short' } : given))
    await expect(startRelay({ ...config, apps }, { log: () => undefined })).rejects.toThrow(/EncodingAESKey/)
  })
})
