import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Chromium } from '../../../electron/engine/chromium/chromium.ts'
import { answerOf, drawPage } from '../../../electron/engine/chromium/draw.ts'
import { installedChromium } from '../../../electron/engine/chromium/installed.ts'
import { chromiumPath } from '../../fixtures/engine/chromium.ts'
import { engineFor, sandboxFor, screenAll, temporaryFolder, wechatProfile } from '../../fixtures/engine/harness.ts'

const { signal } = new AbortController()

function chromiumFor(): Chromium {
  const chromium = installedChromium({ path: chromiumPath ?? '' })
  onTestFinished(() => chromium.close())
  return chromium
}

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

const page = (markup: string) => `<!doctype html><meta charset=utf-8><title>活动</title><p>新品上市</p>${markup}`
/** What the sandbox finds in pictures (`sandbox/practice-mark.ts`). */
const mark = '<rect width="72" height="72"/><rect x="12" y="12" width="48" height="48" fill="#f0a"/>'
const svg = (inner: string, size = 'width="200" height="100"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${inner}</svg>`
const stretched = '<text y="90" textLength="150">拉宽的字</text>'

const material = {
  'attributes.html': page('<style>p::after { content: attr(data-x) }</style><p data-x=秒杀>限时'),
  'stretched.svg': svg(stretched, 'viewBox="0 0 200 100"'),
  'hidden.html': page(`<div style="display: none">${svg('<circle r="9"/>')}</div>`),
  'marked.html': page(`<div style="height: 4500px"></div>${svg(mark)}`),
  'marked.svg': svg(stretched + mark),
  'motion.svg': svg('<rect width="9" height="9"><animate attributeName="x" to="90" dur="1s"/></rect>'),
  'sight.html': page(svg('<circle r="9" cx="20" cy="20"/>')),
  'touched.html': page('<style>p:hover::after { content: attr(data-x) }</style><p data-x=秒杀>限时'),
  'unsized.svg': svg('<rect width="90" height="90"/>', ''),
  'words.html': page('只有字'),
}

describe.skipIf(chromiumPath === null)('pages and drawings', () => {
  test('are judged by what a browser shows of them, and as before where there is none', async () => {
    const folder = await folderOf(material)
    const sandbox = await sandboxFor()
    const dataDir = await temporaryFolder()
    const outcomes = async (chromium?: Chromium) => {
      const engine = await engineFor(dataDir, chromium === undefined ? {} : { chromium })
      const { rows } = await screenAll(engine, [folder], [wechatProfile(sandbox.url)])
      const parts = await engine.assets.detail(rows.find(({ path }) => path === 'marked.html')?.id ?? 0)
      const found = rows.map(({ path, results: [result] }) => [path, result?.outcome, result?.reason])
      expect(await engine.ledger.verify()).toMatchObject({ intact: true })
      await engine.close()
      return { found: Object.fromEntries(found.map(([path, ...rest]) => [path, rest])), parts: parts.checks }
    }
    const undrawn = await outcomes()
    const leftOut = ['unchecked', 'left_out']
    for (const [path, outcome] of Object.entries(undrawn.found)) {
      if (path === 'marked.svg') expect(outcome).toEqual(['risky', 'left_out'])
      else expect(outcome, path).toEqual(path === 'words.html' ? ['pass', null] : leftOut)
    }
    // What was screened without a browser is not taken for what is screened with one.
    const drawn = await outcomes(chromiumFor())
    expect(drawn.found).toEqual({
      'attributes.html': ['pass', null],
      'stretched.svg': ['pass', null],
      'hidden.html': leftOut,
      'marked.html': ['risky', null],
      'marked.svg': ['risky', null],
      'motion.svg': leftOut,
      'sight.html': ['pass', null],
      'touched.html': leftOut,
      'unsized.svg': ['pass', null],
      'words.html': ['pass', null],
    })
    expect(
      new Set(drawn.parts.filter(({ verdict }) => verdict === 'risky').map(({ part }) => part.slice(0, 6))),
    ).toEqual(new Set(['view 2']))
  })

  test('end as without a browser where it is lost, with a word about it', async () => {
    const folder = await folderOf({ 'sight.html': material['sight.html'], 'words.html': material['words.html'] })
    const sandbox = await sandboxFor()
    let opened = 0
    const lost: Chromium = {
      open: async () => {
        opened += 1
        throw new Error('lost')
      },
      close: async () => undefined,
    }
    const engine = await engineFor(await temporaryFolder(), { chromium: lost })
    const { rows } = await screenAll(engine, [folder], [wechatProfile(sandbox.url)])
    expect(rows.map(({ results: [result] }) => result?.outcome)).toEqual(['unchecked', 'pass'])
    expect(opened).toBe(4)
    const detail = await engine.assets.detail(rows[1]?.id ?? 0)
    expect(JSON.stringify(detail)).toContain('page_undrawn')
  })
})

describe.skipIf(chromiumPath === null)('a hostile page', () => {
  test('asks nobody, whatever it names', async () => {
    let asked = 0
    const server = createServer((_request, response) => {
      response.end()
    })
    const tcp = createTcpServer(socket => socket.destroy())
    for (const each of [server, tcp]) {
      each.on('connection', () => {
        asked += 1
      })
      each.listen(0, '127.0.0.1')
      await once(each, 'listening')
      onTestFinished(() => void each.close())
    }
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const other = `127.0.0.1:${(tcp.address() as AddressInfo).port}`
    const names = [
      'preconnect',
      'prefetch',
      'dns-prefetch',
      'prerender',
      'preload',
      'modulepreload',
      'stylesheet',
      'icon',
      'manifest',
    ]
    const html = `<!doctype html>
      <meta http-equiv=refresh content="0;url=http://${host}/refresh">
      ${names.map(name => `<link rel=${name} as=image href="http://${host}/${name}">`).join('')}
      <style>@import "http://${host}/import.css"; @font-face { font-family: f; src: url(http://${host}/f.woff2) }
        body { font-family: f; background: url(http://${host}/b.png), url(//${host}/c.png) }</style>
      <p>text</p><img src="http://${host}/a.png" srcset="http://${other}/a.png 2x"><img src="//${host}/d.png">
      <img src="file:///etc/passwd"><img src="\\\\${host}\\share\\e.png"><img src="http://user:word@localhost:${host.split(':')[1]}/g.png">
      <iframe src="http://${host}/frame"></iframe><iframe src="file:///etc/passwd"></iframe>
      <iframe srcdoc="<img src='http://${host}/inner.png'>"></iframe>
      <object data="http://${host}/object"></object><embed src="http://${host}/embed"><video src="http://${host}/v.mp4" autoplay></video>
      <svg><image xlink:href="http://${host}/x.png"/><use xlink:href="http://${host}/u.svg#a"/></svg>
      <form action="http://${host}/form"><input autofocus name=a><input type=image src="http://${host}/i.png"></form>
      <a ping="http://${host}/ping" href="http://${host}/" download>x</a>
      <script type=speculationrules>{"prefetch":[{"source":"list","urls":["http://${host}/s"]}]}</script>
      <script>new WebSocket('ws://${other}/'); navigator.serviceWorker.register('/page/sw.js'); fetch('http://${host}/fetch'); document.forms[0].submit()</script>
      <script src="http://${host}/s.js"></script>`
    const beside: string[] = []
    const drawn = await drawPage(
      chromiumFor(),
      {
        document: answerOf('text/html; charset=utf-8', Buffer.from(html)),
        beside: async path => {
          beside.push(path)
          return null
        },
      },
      signal,
    )
    expect(drawn).toMatchObject({ kind: 'drawn', survey: { changes: true, svgsSeen: 0 } })
    expect(asked).toBe(0)
    expect(beside.filter(path => path.includes('passwd'))).toEqual([])
  })

  test.each([
    ['of 100,000 pixels', '<div style="height: 100000px">x</div>', 'large'],
    [
      'that never stands still',
      '<style>@keyframes a { to { margin-left: 300px } } p { animation: a 1s infinite }</style><p>x',
      'failed',
    ],
    [
      'of grids in grids',
      `<style>div { display: grid; grid-template-columns: repeat(1000, 1fr) } div > div { grid-template-columns: subgrid; grid-column: span 1000 }</style>${'<div>'.repeat(400)}${'<i>x</i>'.repeat(4000)}`,
      null,
    ],
  ])('%s ends, and the next one is drawn', async (_what, html, kind) => {
    const chromium = chromiumFor()
    const draw = (body: string) =>
      drawPage(chromium, { document: answerOf('text/html', Buffer.from(body)), beside: async () => null }, signal)
    const hostile = await draw(html)
    if (kind !== null) expect(hostile.kind).toBe(kind)
    const next = await draw('<p>x')
    if (next.kind !== 'drawn') throw new Error(next.kind)
    expect(await sharp(next.bands[0]).metadata()).toMatchObject({ format: 'png', width: 750, height: 1334 })
  })
})
