import { mkdir, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../electron/engine/base/clock.ts'
import { createRedactor } from '../../../electron/engine/base/redact.ts'
import { registry } from '../../../electron/engine/checkers/registry.ts'
import { createTokenStore } from '../../../electron/engine/tokens/token-store.ts'
import { createTokens, type TokenRequest } from '../../../electron/engine/tokens/tokens.ts'
import { temporaryFolder } from '../../fixtures/engine/harness.ts'
import { json, type Loopback, startLoopback } from '../checkers/loopback.ts'

const never = new AbortController().signal
const secret = '0123456789abcdef0123456789abcdef'
const key = 'qq 1100 https://api.q.qq.com classic 0a1b2c3d'
const token = { value: 'T0k3n', expiresAt: 2, renewAt: 1 }
const storeIn = (dataDir: string) => createTokenStore({ dataDir, clock: systemClock })

let loopback: Loopback
beforeAll(async () => {
  loopback = await startLoopback()
})
afterAll(async () => {
  await loopback[Symbol.asyncDispose]()
})

async function written(): Promise<{ readonly dataDir: string; readonly file: string }> {
  const dataDir = await temporaryFolder()
  storeIn(dataDir).write(key, token, secret)
  const [name = ''] = await readdir(join(dataDir, 'tokens'))
  return { dataDir, file: join(dataDir, 'tokens', name) }
}

describe('a token that was kept', () => {
  test('is there in the next run, for a program that has the AppSecret', async () => {
    const { dataDir } = await written()
    expect(storeIn(dataDir).read(key, secret)).toEqual(token)
    expect(storeIn(dataDir).read(key, `${secret}0`)).toBeNull()
    expect(storeIn(dataDir).read('another key', secret)).toBeNull()
  })

  test('is not on disk in clear, nor is the AppSecret, and only its owner can read the file', async () => {
    const { dataDir, file } = await written()
    const text = await readFile(file, 'utf8')
    for (const word of [token.value, secret]) {
      expect(text).not.toContain(word)
      expect(text).not.toContain(Buffer.from(word).toString('base64').slice(0, -3))
    }
    if (process.platform === 'win32') return
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(dataDir, 'tokens'))).mode & 0o777).toBe(0o700)
  })

  test.each([
    ['empty', (file: string) => truncate(file, 0)],
    ['cut short', (file: string) => truncate(file, 40)],
    ['no JSON', (file: string) => writeFile(file, 'T0k3n')],
    ['of another form', (file: string) => writeFile(file, '{"value":"T0k3n","expiresAt":9e15,"renewAt":9e15}')],
    [
      'changed',
      async (file: string) => {
        const kept = await readFile(file, 'utf8')
        // One time in sixty-four it begins with the letter that is to be another.
        const other = kept.includes('"sealed":"_') ? 'A' : '_'
        await writeFile(file, kept.replace(/"sealed":"./, `"sealed":"${other}`))
      },
    ],
  ])('is not there when its file is %s, and the next one takes its place', async (_how, damage) => {
    const { dataDir, file } = await written()
    await damage(file)
    const store = storeIn(dataDir)
    expect(store.read(key, secret)).toBeNull()
    store.write(key, token, secret)
    expect(store.read(key, secret)).toEqual(token)
    expect(await readdir(join(dataDir, 'tokens'))).toHaveLength(1)
  })

  test('is removed when nobody has used it for a day', async () => {
    const { dataDir, file } = await written()
    const longAgo = new Date(Date.now() - 90_000_000)
    await utimes(file, longAgo, longAgo)
    storeIn(dataDir)
    expect(await readdir(join(dataDir, 'tokens'))).toEqual([])
  })

  test('keeps its old lock while a program fetches under it', async () => {
    const dataDir = await temporaryFolder()
    const locks = async () => (await readdir(join(dataDir, 'tokens'))).filter(name => name.endsWith('.lock'))
    await storeIn(dataDir).alone(key, never, async () => {
      const [name = ''] = await locks()
      const longAgo = new Date(Date.now() - 90_000_000)
      await utimes(join(dataDir, 'tokens', name), longAgo, longAgo)
      storeIn(dataDir)
      expect(await locks()).toEqual([name])
    })
    storeIn(dataDir)
    expect(await locks()).toEqual([])
  })
})

describe('the processes of one machine', () => {
  const program = (dataDir: string) =>
    createTokens({ clock: systemClock, store: storeIn(dataDir), redactor: createRedactor() })
  const request = (): TokenRequest => ({
    platform: registry.platformOf('qq'),
    transport: loopback.transport,
    appid: '1100',
    credentials: { mode: 'classic', secret },
  })
  const grant = () => {
    loopback.received.length = 0
    let granted = 0
    loopback.answer = (...given) => {
      granted += 1
      return json({ access_token: `T${granted}`, expires_in: 7200 })(...given)
    }
  }

  test('fetch one token between them, however many want it at once', async () => {
    const dataDir = await temporaryFolder()
    grant()
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => program(dataDir).get(request(), never)))
    expect(outcomes).toMatchObject(Array(5).fill({ kind: 'token', token: { value: 'T1' } }))
    expect(loopback.received).toHaveLength(1)
  })

  test('replace a refused token once', async () => {
    const dataDir = await temporaryFolder()
    grant()
    const programs = Array.from({ length: 4 }, () => program(dataDir))
    const used = await Promise.all(programs.map(each => each.get(request(), never)))
    const replaced = await Promise.all(
      programs.map((each, index) => {
        const outcome = used[index]
        if (outcome?.kind !== 'token') throw new Error('no token')
        return each.rejected(request(), outcome.token, never)
      }),
    )
    expect(replaced).toMatchObject(Array(4).fill({ kind: 'token', token: { value: 'T2' } }))
    expect(loopback.received).toHaveLength(2)
  })

  test('get tokens all the same where none can be kept', async () => {
    const dataDir = await temporaryFolder()
    await mkdir(dataDir, { recursive: true })
    await writeFile(join(dataDir, 'tokens'), 'a file where the folder should be')
    grant()
    expect(await program(dataDir).get(request(), never)).toMatchObject({ token: { value: 'T1' } })
  })
})
