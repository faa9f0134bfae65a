import { basename, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openEngine } from '../../../electron/engine/app/engine.ts'
import { forkChild } from '../../../electron/engine/base/child-process.ts'
import { defaultOptions, type ScreenOptions } from '../../../shared/screening.ts'
import { memoryStore, secrets, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'
import { reply, startHost } from '../../fixtures/engine/stand-in.ts'

const counted = vi.hoisted(() => {
  const opens = new Map<string, number>()
  return { opens, count: (path: unknown) => opens.set(String(path), (opens.get(String(path)) ?? 0) + 1) }
})

vi.mock('node:fs/promises', async importOriginal => {
  const original = await importOriginal<typeof import('node:fs/promises')>()
  return {
    ...original,
    open: (...args: Parameters<typeof original.open>) => {
      counted.count(args[0])
      return original.open(...args)
    },
    readFile: (...args: Parameters<typeof original.readFile>) => {
      counted.count(args[0])
      return original.readFile(...args)
    },
  }
})

const samples = join(import.meta.dirname, '../../../resources/samples')
/** Written long ago, as material is: what was written within two seconds may be written again without a sign. */
const text = join(samples, '文案/朋友圈.txt')
const page = join(samples, '文案/活动页.html')
const table = join(samples, '文案/渠道文案.csv')
const picture = join(samples, '横幅/首页横幅.png')
const inputs = [text, page, table, picture]
const options: ScreenOptions = { ...defaultOptions, reuseDays: 7, textColumn: 'A' }

async function programWith() {
  const host = await startHost(({ response }) => reply(response, '{"errcode":0,"errmsg":"ok"}'))
  const dataDir = await temporaryFolder()
  const startDecodingChild: typeof forkChild = file => {
    const child = forkChild(file)
    return {
      ...child,
      post: message => {
        const { file } = message as { readonly file?: object }
        if (file !== undefined && 'path' in file) counted.count(String(file.path))
        child.post(message)
      },
    }
  }
  const engine = await openEngine(
    {
      dataDir,
      store: memoryStore(),
      vault: noVault,
      env: { ...secrets },
      samplesDir: dataDir,
      rulesDir: dataDir,
      startDecodingChild,
    },
    { controls: false },
  )
  onTestFinished(() => engine.close())
  const request = { inputs, profiles: [wechatProfile(host.url)], options, name: null }
  return {
    plan: () => engine.plan(request, () => undefined, new AbortController().signal),
    screen: async () => (await engine.screen(request)).done,
  }
}

const noVault = {
  strength: 'none',
  encrypt: async () => Promise.reject(new Error('there is no vault')),
  decrypt: async () => Promise.reject(new Error('there is no vault')),
} as const

/** How often each of the files was opened, by whichever process. */
async function opensOf(run: () => Promise<unknown>): Promise<Record<string, number>> {
  counted.opens.clear()
  await run()
  return Object.fromEntries(inputs.map(path => [basename(path), counted.opens.get(path) ?? 0]))
}

const once = { '朋友圈.txt': 1, '活动页.html': 1, '渠道文案.csv': 1, '首页横幅.png': 1 }

test('a plan opens each file once, and so does the batch that it starts', async () => {
  const { plan, screen } = await programWith()
  expect(await opensOf(plan)).toEqual(once)
  expect(await opensOf(screen)).toEqual(once)
})

test('a batch without a plan opens a file to see what it is, and once to read it; a table is read where it was opened', async () => {
  const { screen } = await programWith()
  expect(await opensOf(screen)).toEqual({ '朋友圈.txt': 2, '活动页.html': 2, '渠道文案.csv': 1, '首页横幅.png': 2 })
})

test('a picture that was judged before is not opened at all when its batch is planned', async () => {
  const { plan, screen } = await programWith()
  await screen()
  await plan()
  expect(await opensOf(screen)).toEqual({ ...once, '首页横幅.png': 0 })
})
