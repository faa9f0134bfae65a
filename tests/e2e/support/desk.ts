import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright'
import type { Clock } from '../../../electron/engine/base/clock.ts'
import { startPractice } from '../../../electron/engine/checkers/start-practice.ts'
import type { Sandbox, SandboxOptions } from '../../../electron/engine/sandbox/start-sandbox.ts'
import { type Profile, profileDefaults } from '../../../shared/profile.ts'
import { type App, type AppOptions, startApp } from './app.ts'
import type { NewProfile } from './user.ts'

export interface DeskOptions extends AppOptions {
  /** As the product is by default: new batches are checked by the shipped rules too. Reading them takes longer than most batches. */
  readonly rules?: boolean
  /** Accounts that somebody has added before, with their secrets in variables: adding one by hand takes as long as most tests. */
  readonly profiles?: readonly NewProfile[]
}

/** Everything that one test puts up and that has to be cleared away after it. */
export interface Desk {
  /** A keychain is at hand unless the options say otherwise. */
  start(options?: DeskOptions): Promise<App>
  /** A platform of its own on loopback, in which the practice apps are registered. */
  sandbox(options?: SandboxOptions): Promise<Sandbox>
  /** An empty folder, or one with the given files. */
  folder(files?: Readonly<Record<string, string | Uint8Array>>): string
  clear(): Promise<void>
}

export function createDesk(): Desk {
  let apps: App[] = []
  let sandboxes: Sandbox[] = []
  let folders: string[] = []
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'prescreen-e2e-desk-'))
    folders.push(folder)
    return folder
  }
  return {
    async start({ rules = false, profiles = [], dataDir = newFolder(), ...options } = {}) {
      setUp(dataDir, { settings: rules ? {} : { rules: false }, profiles: profiles.map(profileOf) })
      const secrets = Object.fromEntries(profiles.map(({ secret }, at) => [variableOf(at), secret]))
      const app = await startApp({
        language: 'en',
        dataDir,
        ...options,
        env: { PRESCREEN_STANDIN_KEYCHAIN: 'gnome_libsecret', ...secrets, ...options.env },
      })
      apps.push(app)
      await opened(app.page)
      return app
    },
    async sandbox(options = {}) {
      const sandbox = await startPractice(options)
      sandboxes.push(sandbox)
      return sandbox
    },
    folder(files = {}) {
      const folder = newFolder()
      for (const [name, content] of Object.entries(files)) {
        const path = join(folder, name)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, content)
      }
      return folder
    },
    async clear() {
      await Promise.all(apps.map(app => app.dispose()))
      await Promise.all(sandboxes.map(sandbox => sandbox.close()))
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
      apps = []
      sandboxes = []
      folders = []
    },
  }
}

/** As somebody does in the settings and the profiles, who may have changed others before. */
function setUp(dataDir: string, stored: { readonly settings: object; readonly profiles: readonly Profile[] }): void {
  const file = join(dataDir, 'settings.json')
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(stored))
}

const variableOf = (at: number) => `PRESCREEN_E2E_SECRET_${at}`

const profileOf = ({ name, platform = 'wechat', appid, baseUrl }: NewProfile, at: number): Profile => ({
  ...profileDefaults,
  id: `p_${at}`,
  name,
  platform,
  appid,
  baseUrl,
  secret: { from: 'env', variable: variableOf(at) },
  tokenMode: platform === 'qq' ? 'classic' : 'stable',
  relay: null,
  practice: false,
})

/** The clock of a sandbox that answers a number of calls and keeps all later ones waiting until it is opened. */
export function createGate(calls: number): { readonly clock: Clock; open(): void } {
  const opened = Promise.withResolvers<void>()
  let left = calls
  return {
    clock: {
      now: () => Date.now(),
      async sleep() {
        left -= 1
        if (left < 0) await opened.promise
      },
    },
    open: () => opened.resolve(),
  }
}

/** The window has learnt what there is to show. */
export const opened = (page: Page): Promise<void> =>
  page.locator('[data-testid=empty], main [data-testid=side-bar]').first().waitFor()

/** Harmless texts, each different, so that none is reused for another. */
export const texts = (count: number, prefix = 'text'): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`${prefix}-${at + 1}.txt`, `${prefix} ${at + 1}: spring tea`]),
  )
