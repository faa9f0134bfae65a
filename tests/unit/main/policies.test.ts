import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { windowPolicy } from '../../../electron/main/policies/content-security.ts'
import { externalLink } from '../../../electron/main/policies/external-links.ts'
import { chooseLanguage } from '../../../electron/main/policies/language.ts'
import { type MenuEntry, menuTemplate } from '../../../electron/main/policies/menu-template.ts'
import { createOutbox } from '../../../electron/main/policies/outbox.ts'
import { unpacked } from '../../../electron/main/policies/packaged-path.ts'
import { afterRendererGone } from '../../../electron/main/policies/renderer-crash.ts'
import { loupeSizes, restoreWindowState, smallestWindow } from '../../../electron/main/policies/window-state.ts'
import { memoryStore, openSettingsStore } from '../../../electron/main/settings-store.ts'
import { openVault } from '../../../electron/main/vault.ts'
import { type CommandId, commands, listedCommands } from '../../../shared/commands.ts'
import { exportFileName } from '../../../shared/export-file.ts'
import type { QueueStatus } from '../../../shared/queue.ts'
import { encodeRemarks, remark } from '../../../shared/remarks/index.ts'
import type { BatchSummary } from '../../../shared/screening.ts'

describe('the place of the window', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1040 }

  test('is the one it had', () => {
    const state = { x: 100, y: 50, width: 1200, height: 800, maximized: true }
    expect(restoreWindowState(state, [display])).toEqual({
      position: { x: 100, y: 50 },
      width: 1200,
      height: 800,
      maximized: true,
    })
  })

  test('is left to the system when its display has gone', () => {
    const state = { x: 2500, y: 50, width: 1200, height: 800, maximized: false }
    expect(restoreWindowState(state, [display]).position).toBeNull()
    expect(restoreWindowState(state, [display, { ...display, x: 1920 }]).position).toEqual({ x: 2500, y: 50 })
  })

  test('is the usual one for whatever else was stored', () => {
    fc.assert(
      fc.property(fc.anything(), remembered => {
        const state = restoreWindowState(remembered, [display])
        expect(state.width).toBeGreaterThanOrEqual(smallestWindow.width)
        expect(state.width).toBeLessThanOrEqual(display.width)
        expect(state.height).toBeLessThanOrEqual(display.height)
      }),
    )
  })

  test('of the second is its own, and it may be smaller', () => {
    const state = { x: 2000, y: 50, width: 400, height: 300, maximized: false }
    const other = { ...display, x: 1920 }
    expect(restoreWindowState(state, [display, other], loupeSizes)).toEqual({
      position: { x: 2000, y: 50 },
      width: 400,
      height: 300,
      maximized: false,
    })
    expect(restoreWindowState(state, [display], loupeSizes).position).toBeNull()
    expect(restoreWindowState(null, [display], loupeSizes)).toMatchObject(loupeSizes.usual)
  })

  test('can always be taken hold of', () => {
    const area = fc.record({
      x: fc.integer({ min: -4000, max: 4000 }),
      y: fc.integer({ min: -4000, max: 4000 }),
      width: fc.integer({ min: 1, max: 5000 }),
      height: fc.integer({ min: 1, max: 5000 }),
    })
    fc.assert(
      fc.property(area, fc.array(area, { maxLength: 3 }), (window, displays) => {
        const { position, width } = restoreWindowState({ ...window, maximized: false }, displays)
        if (position === null) return
        const isReachable = displays.some(
          one =>
            position.x + width > one.x &&
            position.x < one.x + one.width &&
            position.y >= one.y - 24 &&
            position.y < one.y + one.height,
        )
        expect(isReachable).toBe(true)
      }),
    )
  })
})

describe('links', () => {
  test.each(['https://developers.weixin.qq.com/miniprogram/dev/', 'https://q.qq.com/wiki/'])(
    '%s opens in the browser',
    address => {
      expect(externalLink(address)).toBe(address)
    },
  )

  test.each([
    'http://developers.weixin.qq.com/',
    'https://developers.weixin.qq.com.evil.example/',
    'https://user@developers.weixin.qq.com/',
    'https://developers.weixin.qq.com:8443/',
    'https://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'ms-settings:',
    '',
    null,
    { href: 'https://q.qq.com/' },
  ])('%j does not', address => {
    expect(externalLink(address)).toBeNull()
  })

  test('every link of the menu is one that opens', () => {
    const links = flat(menuTemplate('linux', 'en', {})).flatMap(entry => (entry.kind === 'link' ? [entry.url] : []))
    expect(links.length).toBeGreaterThan(0)
    for (const link of links) expect(externalLink(link)).toBe(link)
  })
})

const flat = (entries: readonly MenuEntry[]): readonly MenuEntry[] =>
  entries.flatMap(entry => (entry.kind === 'submenu' ? [entry, ...flat(entry.entries)] : [entry]))

const menuCommands: readonly CommandId[] = commands.filter(({ menu }) => menu !== undefined).map(({ id }) => id)

describe('the menu', () => {
  test.each([
    ['windows', 'zh'],
    ['mac', 'en'],
    ['linux', 'zh'],
  ] as const)('has every command exactly once on %s, in %s', (os, language) => {
    const found = flat(menuTemplate(os, language, {})).flatMap(entry =>
      entry.kind === 'command' ? [entry.command] : [],
    )
    expect([...found].sort()).toEqual([...menuCommands].sort())
  })

  test('has the roles of macOS there and nowhere else', () => {
    const roles = (os: 'mac' | 'windows') =>
      flat(menuTemplate(os, 'en', {})).flatMap(entry => (entry.kind === 'role' ? [entry.role] : []))
    expect(roles('mac')).toEqual(expect.arrayContaining(['services', 'hide', 'minimize', 'front', 'close']))
    expect(roles('windows')).not.toEqual(expect.arrayContaining(['services']))
    expect(roles('windows')).toContain('quit')
  })

  const accelerators = (own: Record<string, string>) =>
    Object.fromEntries(
      flat(menuTemplate('windows', 'en', own)).flatMap(entry =>
        entry.kind === 'command' && entry.accelerator !== undefined ? [[entry.command, entry.accelerator]] : [],
      ),
    )

  test('gives no accelerator twice', () => {
    const keys = Object.values(accelerators({}))
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('has the keys that the window lists, F1 aside', () => {
    const { keys: help, ...shown } = accelerators({})
    expect(help).toBe('F1')
    for (const command of menuCommands.filter(name => name !== 'keys' && name !== 'about')) {
      const listed = listedCommands.find(known => known.id === command)
      expect(listed?.id).toBe(command)
      // Electron calls Enter Return.
      const combination = shown[command]
        ?.replace('CmdOrCtrl', 'Mod')
        .replace(/Return$/, 'Enter')
        .replace(/[A-Z]$/, key => key.toLowerCase())
      expect([command, combination ?? null]).toEqual([command, listed?.key ?? null])
    }
  })

  test('follows the settings: a key that was moved is shown where it went, one that was taken away is gone', () => {
    const own = { export: '', search: 'Mod+Alt+j', palette: 'F4', redo: 'Mod++' }
    const shown = accelerators(own)
    expect(shown.export).toBeUndefined()
    expect(shown).toMatchObject({ search: 'CmdOrCtrl+Alt+J', palette: 'F4', redo: 'CmdOrCtrl+Plus' })
    expect(shown.undo).toBe('CmdOrCtrl+Z')
  })

  test('takes no key that would act while somebody types, nor one that Electron does not know', () => {
    for (const key of ['e', 'Shift+e', 'Enter', '?', 'Mod+é', 'Mod+、', 'Mod+Dead', 'Mod+', '+', 'Hyper+e'])
      expect([key, accelerators({ export: key }).export]).toEqual([key, undefined])
  })
})

test('the system decides the language, a setting overrides', () => {
  expect(chooseLanguage('system', 'zh-Hans-CN')).toBe('zh')
  expect(chooseLanguage('system', 'zh-TW')).toBe('zh')
  expect(chooseLanguage('system', 'en-US')).toBe('en')
  expect(chooseLanguage('system', '')).toBe('en')
  expect(chooseLanguage('en', 'zh-CN')).toBe('en')
})

describe('a window that stops', () => {
  test('is reloaded three times a minute and then left alone', () => {
    expect(afterRendererGone([], 0)).toBe('reload')
    expect(afterRendererGone([0, 1_000], 2_000)).toBe('reload')
    expect(afterRendererGone([0, 1_000, 2_000], 3_000)).toBe('give-up')
    expect(afterRendererGone([0, 1_000, 2_000], 61_000)).toBe('reload')
  })
})

describe('the name of an export', () => {
  const day = new Date(2026, 10, 5)

  test('is the batch and the day', () => {
    expect(exportFileName('双十一 海报', 'csv', day)).toBe('prescreen 双十一 海报 2026-11-05.csv')
  })

  test('is one that every system takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), name => {
        const file = exportFileName(name, 'xlsx', day)
        expect(file).not.toMatch(/[\u0000-\u001f<>:"/\\|?*]/)
        expect(file.length).toBeLessThan(200)
        expect(file).toMatch(/^prescreen .+ 2026-11-05\.xlsx$/u)
      }),
    )
  })
})

test('what a child process reads lies beside the archive', () => {
  expect(unpacked(join('/opt', 'app.asar', 'out', 'w.js'))).toBe(join('/opt', 'app.asar.unpacked', 'out', 'w.js'))
  expect(unpacked(join('/src', 'out', 'w.js'))).toBe(join('/src', 'out', 'w.js'))
})

test('the window runs no inline script, embeds nothing and is embedded nowhere', () => {
  const directives = new Map(windowPolicy.split('; ').map(text => [text.split(' ')[0], text.split(' ').slice(1)]))
  expect(directives.get('default-src')).toEqual(["'none'"])
  expect(directives.get('script-src')).toEqual(["'self'"])
  expect(directives.get('frame-ancestors')).toEqual(["'none'"])
  expect(directives.has('frame-src')).toBe(false)
  for (const sources of directives.values()) expect(sources.join(' ')).not.toMatch(/https?:|\*|unsafe-eval/)
})

describe('messages before the page listens', () => {
  test('are kept when they happen once, and left to the page to ask for when they are a state', () => {
    const delivered: string[] = []
    const outbox = createOutbox(message => delivered.push(message.name))
    outbox.send({ name: 'opened', event: { paths: ['/a'] } })
    outbox.send({ name: 'command', event: { command: 'about' } })
    outbox.send({ name: 'problem', event: { code: 'internal', detail: '' } })
    expect(delivered).toEqual([])
    outbox.open()
    expect(delivered).toEqual(['opened', 'problem'])
    outbox.send({ name: 'command', event: { command: 'about' } })
    outbox.hold()
    outbox.send({ name: 'opened', event: { paths: ['/b'] } })
    expect(delivered).toEqual(['opened', 'problem', 'command'])
  })

  test('are the newest of each batch and of the queue, which the page may have asked for before they changed', () => {
    const delivered: unknown[] = []
    const outbox = createOutbox(message => delivered.push(message))
    const batch = (id: string, state: string) => ({ name: 'batch', event: { id, state } as BatchSummary }) as const
    const queue = (inFlight: number) => ({ name: 'queue', event: { inFlight } as QueueStatus }) as const
    outbox.send(batch('b_1', 'running'))
    outbox.send(queue(3))
    outbox.send(batch('b_2', 'running'))
    outbox.send(batch('b_1', 'done'))
    outbox.send(queue(0))
    outbox.open()
    expect(delivered).toEqual([batch('b_2', 'running'), batch('b_1', 'done'), queue(0)])
    outbox.hold()
    outbox.open()
    expect(delivered).toHaveLength(3)
  })
})

describe('the vault', () => {
  const plainStorage = {
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text: string) => Buffer.from(text).reverse(),
    decryptStringAsync: async (cipher: Buffer) => ({ result: Buffer.from(cipher).reverse().toString() }),
  }

  test('gives back what was put in', async () => {
    const vault = await openVault(plainStorage, 'gnome_libsecret')
    expect(vault.strength).toBe('keychain')
    const sealed = await vault.encrypt('密钥 s3cret')
    expect(await vault.decrypt(sealed)).toBe('密钥 s3cret')
  })

  test('is weak under basic_text, and none without a keychain', async () => {
    expect((await openVault(plainStorage, 'basic_text')).strength).toBe('weak')
    expect((await openVault(plainStorage, 'unknown')).strength).toBe('none')
    const missing = { ...plainStorage, isAsyncEncryptionAvailable: async () => false }
    expect((await openVault(missing, 'kwallet6')).strength).toBe('none')
    const broken = { ...plainStorage, isAsyncEncryptionAvailable: () => Promise.reject(new Error('dbus')) }
    const vault = await openVault(broken, 'kwallet6')
    await expect(vault.encrypt('x')).rejects.toMatchObject({ code: 'vault_unavailable' })
  })

  test('says which keychain a secret was kept by when it is another one now', async () => {
    const sealed = await (await openVault(plainStorage, 'kwallet6')).encrypt('x')
    await expect((await openVault(plainStorage, 'basic_text')).decrypt(sealed)).rejects.toMatchObject({
      code: 'vault_unavailable',
      detail: encodeRemarks([remark('other_keychain', { name: 'kwallet6 ≠ basic_text' })]),
    })
  })

  test('turns any damage into a problem, never into a crash', async () => {
    const locked = { ...plainStorage, decryptStringAsync: () => Promise.reject(new Error('locked')) }
    const vault = await openVault(locked, 'keychain')
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), async bytes => {
        await expect(vault.decrypt(bytes)).rejects.toMatchObject({ code: 'vault_unavailable' })
      }),
    )
  })
})

describe('the settings file', () => {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  const folderWith = (text: string | null) => {
    const folder = mkdtempSync(join(tmpdir(), 'prescreen-settings-'))
    folders.push(folder)
    if (text !== null) writeFileSync(join(folder, 'settings.json'), text)
    return folder
  }
  const now = new Date(Date.UTC(2026, 10, 21, 1, 2, 3))

  test.each([null, '{}', '{"window":{}}'])('%j is opened as it is', text => {
    const folder = folderWith(text)
    expect(openSettingsStore(folder, memoryStore, now).problem).toBeNull()
    expect(readdirSync(folder)).toEqual(text === null ? [] : ['settings.json'])
  })

  test.each(['', '{"a":', '[]', '"text"', 'null', '\0\0\0'])('%j is kept as a backup and spoken of', text => {
    const folder = folderWith(text)
    const { problem } = openSettingsStore(folder, memoryStore, now)
    expect(problem).toMatchObject({
      code: 'settings_corrupt',
      detail: 'settings.damaged-2026-11-21T01-02-03-000Z.json',
    })
    expect(readdirSync(folder)).toEqual([problem?.detail])
    expect(readFileSync(join(folder, String(problem?.detail)), 'utf8')).toBe(text)
  })

  test('a full disk is a problem with a name, not an exception from below', () => {
    const full = () => ({
      ...memoryStore(),
      set: () => {
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      },
    })
    const { store } = openSettingsStore(folderWith(null), full, now)
    expect(() => store.set('a', 1)).toThrow(expect.objectContaining({ code: 'disk_full' }))
  })

  test('a file that cannot be opened leaves settings for the session, and a word about it', () => {
    const { store, problem } = openSettingsStore(
      folderWith(null),
      () => {
        throw Object.assign(new Error('denied'), { code: 'EACCES' })
      },
      now,
    )
    expect(problem).toMatchObject({ code: 'not_writable' })
    store.set('a', { b: 1 })
    expect(store.get('a')).toEqual({ b: 1 })
  })
})
