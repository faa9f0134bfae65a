import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadPage, openHiddenPage, ownOrigin } from '../../../electron/engine/chromium/hidden-page.ts'
import { installedChromium } from '../../../electron/engine/chromium/installed.ts'
import { chromiumPath } from '../../fixtures/engine/chromium.ts'

const path = chromiumPath ?? ''
const signal = new AbortController().signal
const size = { width: 1280, height: 800 }

const html = (body: string) => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: Buffer.from(body),
})

/** Processes of the machine that use a profile folder of ours. */
const profiles = () => readdirSync(tmpdir()).filter(name => name.startsWith('prescreen-browser-'))

function isRunningWith(profile: string): boolean {
  return readdirSync('/proc').some(pid => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(profile)
    } catch {
      return false
    }
  })
}

describe.skipIf(chromiumPath === null)('an installed Chromium', () => {
  test('shows what we answer, reaches nobody, and leaves nothing', async () => {
    let asked = 0
    const server = createServer((_request, response) => {
      asked += 1
      response.end()
    })
    server.on('connection', () => {
      asked += 1
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const chromium = installedChromium({ path })
    onTestFinished(() => chromium.close())
    const before = profiles()
    const body = `<p id=words>静态</p><link rel=preconnect href="http://${host}"><img src="http://${host}/a.png"><iframe src="http://${host}/"></iframe>
      <script>document.getElementById('words').textContent = 'changed'; new WebSocket('ws://${host}/')</script>`
    for (const runsScript of [false, true]) {
      const page = await openHiddenPage(
        chromium,
        { ...size, runsScript, answer: async ({ url }) => (url.endsWith('/page') ? html(body) : null) },
        signal,
      )
      await loadPage(page, `${ownOrigin('drawing')}/page`)
      const { root } = await page.send('DOM.getDocument', { depth: -1 })
      expect(JSON.stringify(root)).toContain(runsScript ? '"changed"' : '"静态"')
      await page.close()
      await expect(page.send('Page.enable')).rejects.toThrow()
    }
    const [mine] = profiles().filter(name => !before.includes(name))
    expect(mine).toBeDefined()
    await chromium.close()
    expect(profiles()).not.toContain(mine)
    expect(asked).toBe(0)
    await expect(chromium.open(size, signal)).rejects.toThrow('closed')
  })

  test('is started anew after it has died, and a signal closes its page', async () => {
    const chromium = installedChromium({ path })
    onTestFinished(() => chromium.close())
    const first = await chromium.open(size, signal)
    first.send('Browser.crash').catch(() => undefined)
    await first.gone
    const stopping = new AbortController()
    const second = await expect
      .poll(() => chromium.open(size, stopping.signal).catch(() => null))
      .not.toBeNull()
      .then(() => chromium.open(size, stopping.signal))
    stopping.abort()
    await second.gone
  })

  test.skipIf(process.platform !== 'linux')('ends with a program that is killed', async () => {
    const module = join(import.meta.dirname, '../../../electron/engine/chromium/installed.ts')
    const program = `
      const { installedChromium } = await import(${JSON.stringify(module)})
      const page = await installedChromium({ path: ${JSON.stringify(path)} }).open(${JSON.stringify(size)}, new AbortController().signal)
      process.stdout.write('open')
      setInterval(() => undefined, 1000)`
    const before = profiles()
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const [mine = ''] = profiles().filter(name => !before.includes(name))
    expect(isRunningWith(mine)).toBe(true)
    child.kill('SIGKILL')
    await expect.poll(() => isRunningWith(mine), { timeout: 20_000 }).toBe(false)
  })

  test('that cannot be started is an error', async () => {
    await expect(installedChromium({ path: process.execPath }).open(size, signal)).rejects.toThrow()
    await expect(installedChromium({ path: join(tmpdir(), 'no-such-browser') }).open(size, signal)).rejects.toThrow()
  })
})
