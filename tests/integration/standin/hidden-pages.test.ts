import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { chromiumPath } from '../../fixtures/engine/chromium.ts'

const repository = resolve(import.meta.dirname, '../../..')
const electron = (path: string) => JSON.stringify(join(repository, 'electron', path))

/** The window's own hidden pages, as the main process opens them, with another window beside them and a server that must hear nothing. */
const program = `
import { createServer } from 'node:http'
import { app, BrowserWindow, session } from 'electron'
import { loadPage, openHiddenPage, ownOrigin } from ${electron('engine/chromium/hidden-page.ts')}
import { createHiddenPages } from ${electron('main/hidden-pages.ts')}
import { lockDownPages } from ${electron('main/lockdown.ts')}

lockDownPages(app, () => undefined)
app.whenReady().then(async () => {
  const asked = []
  const server = createServer((request, response) => response.end())
  server.on('connection', () => asked.push('connection'))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = 'http://127.0.0.1:' + server.address().port
  const window = new BrowserWindow()
  await window.loadURL('about:blank')
  const chromium = createHiddenPages()
  const text = '<p id=words>still</p><img src="' + address + '/a.png"><link rel=preconnect href="' + address + '">' +
    '<iframe src="' + address + '/"></iframe><script>document.getElementById("words").textContent = "changed"</script>'
  const page = await openHiddenPage(chromium, {
    width: 1280,
    height: 800,
    runsScript: false,
    answer: async ({ url }) =>
      url.endsWith('/page') ? { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from(text) } : null,
  }, new AbortController().signal)
  await loadPage(page, ownOrigin('drawing') + '/page')
  const { root } = await page.send('DOM.getDocument', { depth: -1 })
  const clip = { x: 0, y: 0, width: 1280, height: 900, scale: 1 }
  const { data } = await page.send('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: true })
  const stopping = new AbortController()
  const second = await chromium.open({ width: 100, height: 100 }, stopping.signal)
  stopping.abort()
  await second.gone
  await page.close()
  const refused = await page.send('Page.enable').then(() => 'answered', error => error.message)
  const third = await chromium.open({ width: 100, height: 100 }, new AbortController().signal)
  const left = await third.send('Network.getCookies').then(() => 'works', error => error.message)
  await chromium.close()
  await third.gone
  let disk = ''
  try { session.fromPartition('persist:x') } catch (error) { disk = error.message }
  console.log(JSON.stringify({
    words: JSON.stringify(root).includes('"still"'),
    height: Buffer.from(data, 'base64').readUInt32BE(20),
    refused, left, disk, asked,
  }))
  server.close()
  app.exit(0)
}).catch(error => { console.log(String(error.stack)); app.exit(1) })`

test.skipIf(chromiumPath === null)('hidden pages of the window are drawn without script, network and bridge', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prescreen-hidden-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const main = join(folder, 'main.mjs')
  writeFileSync(main, program)
  const { stdout, stderr } = spawnSync(process.execPath, [join(repository, 'electron/standin/run.ts'), main], {
    env: { ...process.env, PRESCREEN_HEADLESS: '1', HOME: folder, XDG_CONFIG_HOME: join(folder, 'config') },
    encoding: 'utf8',
  })
  expect(stdout, stderr).toMatch(/^\{/)
  expect(JSON.parse(stdout)).toEqual({
    words: true,
    height: 900,
    refused: expect.not.stringMatching('answered'),
    left: 'works',
    disk: 'a partition on the disk is not implemented in the stand-in for Electron',
    asked: [],
  })
})
