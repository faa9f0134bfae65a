import { expect, test } from 'vitest'
import type { Chromium, DevToolsPage, Fields } from '../../../electron/engine/chromium/chromium.ts'
import { isOwnAddress, loadPage, openHiddenPage, ownOrigin } from '../../../electron/engine/chromium/hidden-page.ts'

/** A page that takes down what it is told. */
function fakePage() {
  const said: (readonly [string, Fields])[] = []
  const listeners = new Set<(method: string, params: Fields) => void>()
  const gone = Promise.withResolvers<void>()
  const page: DevToolsPage = {
    send: async (method, params = {}) => {
      said.push([method, params])
      return {}
    },
    on: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    navigate: async () => undefined,
    gone: gone.promise,
    close: async () => gone.resolve(),
  }
  const tell = (method: string, params: Fields = {}) => {
    for (const listener of listeners) listener(method, params)
  }
  const chromium: Chromium = { open: async () => page, close: async () => undefined }
  return { page, said, tell, chromium }
}

const size = { width: 1280, height: 800 }
const signal = new AbortController().signal
const paused = (url: string) => ({ requestId: url, request: { url, method: 'GET', headers: {} } })

test('what a page asks for is answered by us or refused, before anything is loaded', async () => {
  const { chromium, said, tell } = fakePage()
  const own = `${ownOrigin('drawing')}/a.png`
  const answer = async ({ url }: { url: string }) =>
    url === own ? { status: 200, headers: { 'content-type': 'image/png' }, body: Buffer.from('png') } : null
  await openHiddenPage(chromium, { ...size, runsScript: false, answer }, signal)
  const before = said.map(([method]) => method)
  expect(before[0]).toBe('Fetch.enable')
  expect(before).toContain('Emulation.setScriptExecutionDisabled')
  const foreign = [
    'http://127.0.0.1/a.png',
    'https://example.com/drawing.prescreen.invalid/a.png',
    'https://drawing.prescreen.invalid.example.com/a.png',
    'http://drawing.prescreen.invalid/a.png',
    'file:///etc/passwd',
    `${ownOrigin('drawing')}/b.png`,
  ]
  for (const url of [own, ...foreign]) tell('Fetch.requestPaused', paused(url))
  await expect.poll(() => said.length).toBe(before.length + 1 + foreign.length)
  const answered = said.slice(before.length)
  expect(answered.filter(([method]) => method === 'Fetch.fulfillRequest')).toEqual([
    [
      'Fetch.fulfillRequest',
      {
        requestId: own,
        responseCode: 200,
        responseHeaders: [{ name: 'content-type', value: 'image/png' }],
        body: Buffer.from('png').toString('base64'),
      },
    ],
  ])
  expect(answered.filter(([method]) => method === 'Fetch.failRequest').map(([, { requestId }]) => requestId)).toEqual(
    expect.arrayContaining(foreign),
  )
})

test('an answer that fails is a refusal, and a page that refuses to be set up is closed', async () => {
  const { chromium, said, tell } = fakePage()
  const answer = async (): Promise<null> => {
    throw new Error('gone')
  }
  await openHiddenPage(chromium, { ...size, runsScript: true, answer }, signal)
  expect(said.map(([method]) => method)).not.toContain('Emulation.setScriptExecutionDisabled')
  tell('Fetch.requestPaused', paused(`${ownOrigin('media')}/a`))
  await expect.poll(() => said.at(-1)?.[0]).toBe('Fetch.failRequest')

  const refusing = fakePage()
  const deaf = { ...refusing.page, send: () => Promise.reject(new Error('not allowed')) }
  const opening = openHiddenPage(
    { ...refusing.chromium, open: async () => deaf },
    { ...size, runsScript: false, answer },
    signal,
  )
  await expect(opening).rejects.toThrow('not allowed')
  await refusing.page.gone
})

test('loading ends with the page', async () => {
  const { page, tell } = fakePage()
  const loading = loadPage(page, `${ownOrigin('drawing')}/`)
  await Promise.resolve()
  tell('Page.loadEventFired')
  await loading
  const again = loadPage(page, `${ownOrigin('drawing')}/`)
  await page.close()
  await expect(again).rejects.toThrow('gone')
})

test('own addresses are below a name that nobody can have', () => {
  expect(isOwnAddress(`${ownOrigin('media')}/x`)).toBe(true)
  for (const url of ['https://prescreen.invalid/', '//drawing.prescreen.invalid/', 'nonsense', ''])
    expect(isOwnAddress(url)).toBe(false)
})
