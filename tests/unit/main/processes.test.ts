import { EventEmitter } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { BrowserWindow } from 'electron'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { prepareDataDir } from '../../../electron/main/data-dir.ts'
import { keepNotification } from '../../../electron/main/keep-notification.ts'
import { keepPage } from '../../../electron/main/keep-page.ts'
import { endChild } from '../../../electron/main/policies/end-child.ts'
import { unresponsiveMs } from '../../../electron/main/policies/renderer-crash.ts'

/** What Electron's processes do is acted out here: they spawn late, die early and hang. */

describe('a child that is ended', () => {
  const started = (pid: number | undefined) => {
    const child = Object.assign(new EventEmitter(), { pid, kill: vi.fn(() => child.pid !== undefined) })
    return child
  }

  test('is ended at once, whatever it is doing', () => {
    const killed: number[] = []
    endChild(started(7), 'linux', pid => killed.push(pid))
    expect(killed).toEqual([7])
    const onWindows = started(7)
    endChild(onWindows, 'win32', pid => killed.push(pid))
    expect(onWindows.kill).toHaveBeenCalled()
    expect(killed).toEqual([7])
  })

  test.each(['linux', 'win32'] as const)('before it has spawned does not live on, on %s', platform => {
    const killed: number[] = []
    const child = started(undefined)
    endChild(child, platform, pid => killed.push(pid))
    expect(killed).toEqual([])
    expect(child.kill).not.toHaveBeenCalled()
    child.pid = 8
    child.emit('spawn')
    if (platform === 'win32') expect(child.kill).toHaveBeenCalledTimes(1)
    else expect(killed).toEqual([8])
  })

  test('and had just ended by itself is no error', () => {
    const gone = () => {
      throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' })
    }
    expect(() => endChild(started(9), 'linux', gone)).not.toThrow()
  })
})

test('a notification can be clicked as long as it is there', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const onClick = vi.fn()
  const show = () => {
    const notification = new EventEmitter()
    keepNotification(notification, onClick)
    return new WeakRef(notification)
  }
  const [clicked, closed] = [show(), show()]
  // A weak reference holds for the rest of the turn in which it was made.
  await new Promise(resolve => setImmediate(resolve))
  collect()
  clicked.deref()?.emit('click')
  closed.deref()?.emit('close')
  expect(onClick).toHaveBeenCalledTimes(1)
  await new Promise(resolve => setImmediate(resolve))
  collect()
  expect([clicked.deref(), closed.deref()]).toEqual([undefined, undefined])
})

describe('a page', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  const kept = () => {
    const webContents = Object.assign(new EventEmitter(), { reload: vi.fn(), forcefullyCrashRenderer: vi.fn() })
    const window = Object.assign(new EventEmitter(), { webContents })
    const events = { onReload: vi.fn(), onGivenUp: vi.fn() }
    keepPage(window as unknown as BrowserWindow, events)
    return { window, webContents, events }
  }
  const gone = { reason: 'oom', exitCode: 1 }

  test('that hangs is ended, unless it comes to itself', () => {
    const { window, webContents } = kept()
    window.emit('unresponsive')
    window.emit('responsive')
    vi.advanceTimersByTime(2 * unresponsiveMs)
    expect(webContents.forcefullyCrashRenderer).not.toHaveBeenCalled()
    window.emit('unresponsive')
    vi.advanceTimersByTime(unresponsiveMs)
    expect(webContents.forcefullyCrashRenderer).toHaveBeenCalledTimes(1)
  })

  test('that hung and stopped by itself is loaded again, and the new one is let live', () => {
    const { window, webContents, events } = kept()
    window.emit('unresponsive')
    webContents.emit('render-process-gone', {}, gone)
    expect(events.onReload).toHaveBeenCalledTimes(1)
    expect(webContents.reload).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(2 * unresponsiveMs)
    expect(webContents.forcefullyCrashRenderer).not.toHaveBeenCalled()
  })

  test('that keeps stopping is given up', () => {
    const { webContents, events } = kept()
    for (let time = 0; time < 4; time += 1) webContents.emit('render-process-gone', {}, gone)
    expect(events.onReload).toHaveBeenCalledTimes(3)
    expect(events.onGivenUp).toHaveBeenCalledTimes(1)
  })
})

describe('the data folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'prescreen-data-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('is made, and nothing is left in it', () => {
    const wanted = join(folder, 'a', 'b')
    expect(prepareDataDir(wanted, folder, process.platform)).toEqual({ dataDir: wanted, problem: null })
    expect(readdirSync(wanted)).toEqual([])
  })

  test('that is a file is spoken of', () => {
    const wanted = join(folder, 'file')
    writeFileSync(wanted, '')
    const { dataDir, problem } = prepareDataDir(wanted, folder, process.platform)
    expect(problem).toMatchObject({ code: 'not_writable', detail: wanted })
    expect(readdirSync(dataDir)).toEqual([])
  })

  // Permissions do not hold for root; the system's own tree can be written by nobody.
  test.skipIf(process.platform !== 'linux')('that is there but cannot be written is spoken of', () => {
    const { dataDir, problem } = prepareDataDir('/sys', folder, 'linux')
    expect(problem).toMatchObject({ code: 'not_writable', detail: '/sys' })
    expect(dataDir).not.toBe('/sys')
  })
})
