import { join } from 'node:path'
import process from 'node:process'
import { type Serve, startApplication } from './application.ts'
import { windowHost } from './policies/address.ts'
import { securityHeaders } from './policies/content-security.ts'

/**
 * Entry of the main process under `npm run dev`; the built file lies in out/dev/main and is never shipped. It differs from index.ts
 * in one thing: the window's own files come from Vite's server, so that a saved change is seen at once.
 */
const { PRESCREEN_DEV_SERVER: server = '' } = process.env
const out = join(import.meta.dirname, '..')

startApplication(
  {
    preload: join(out, 'preload', 'index.cjs'),
    rendererDir: '',
    samplesDir: join(out, '..', '..', 'resources', 'samples'),
    rulesDir: join(out, '..', '..', 'resources', 'rules'),
    imagingWorker: join(out, 'main', 'imaging-worker.js'),
    documentWorker: join(out, 'main', 'document-worker.js'),
    licences: join(out, 'main', 'licences.txt'),
    wrapContent,
  },
  async options => (await import('../engine/app/engine.ts')).openEngine(options),
)

/** The window keeps its origin, on which the bridge and the pictures depend. */
function wrapContent(serve: Serve): Serve {
  return async request => {
    const { host, pathname, search } = new URL(request.url)
    if (host !== windowHost || /^\/(thumbnail|original)\//.test(pathname)) return serve(request)
    const answer = await ask(`${server}${pathname}${search}`, request.headers.get('accept') ?? '*/*')
    return new Response(await answer.bytes(), {
      status: answer.status,
      headers: {
        ...securityHeaders(policy),
        'content-type': answer.headers.get('content-type') ?? 'application/octet-stream',
        'cache-control': 'no-store',
      },
    })
  }
}

/** On a busy machine a connection may not come about in time, and a module that is missing leaves the window empty. */
async function ask(address: string, accept: string, tries = 3): Promise<Response> {
  try {
    return await fetch(address, { headers: { accept } })
  } catch (error) {
    if (tries === 1) throw error
    return ask(address, accept, tries - 1)
  }
}

/** As the window's own (policies/content-security.ts), with what Vite writes into the page. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
