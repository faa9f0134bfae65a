import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '../../shared/problems.ts'
import type { Engine, Picture } from '../engine/app/api.ts'
import { mediaType, resolveAddress } from './policies/address.ts'
import { reportPolicy, securityHeaders, windowPolicy } from './policies/content-security.ts'

/** Answers `app:` requests: the window's files, pictures by id, and the report that is becoming a PDF. */
export interface ContentParts {
  readonly rendererDir: string
  readonly engine: Promise<Engine>
  /** HTML file of a running PDF export. */
  reportFile(id: string): string | undefined
  onBug(error: unknown): void
}

export function createContentServer(parts: ContentParts): (request: Request) => Promise<Response> {
  return async request => {
    const target = resolveAddress(request.method, request.url)
    switch (target.kind) {
      case 'file':
        return serveFile(parts, target.segments)
      case 'thumbnail':
        return servePicture(parts, engine => engine.assets.thumbnail(target.asset, target.options))
      case 'original':
        return servePicture(parts, engine => engine.assets.original(target.asset, target.frame, target.piece))
      case 'report':
        return serveReport(parts.reportFile(target.id))
      case 'refused':
        return plain(target.status)
    }
  }
}

async function serveFile(parts: ContentParts, segments: readonly string[]): Promise<Response> {
  const name = segments.at(-1) ?? ''
  try {
    const bytes = await readFile(join(parts.rendererDir, ...segments))
    // Files below assets/ are named by their content.
    const caching = segments[0] === 'assets' ? 'private, max-age=31536000, immutable' : 'no-cache'
    return new Response(bytes, {
      headers: { ...securityHeaders(windowPolicy), 'content-type': mediaType(name), 'cache-control': caching },
    })
  } catch (error) {
    if (name !== 'index.html') return plain(404)
    parts.onBug(error)
    return page(500, windowMissing)
  }
}

async function servePicture(parts: ContentParts, make: (engine: Engine) => Promise<Picture>): Promise<Response> {
  try {
    const { bytes, mime } = await make(await parts.engine)
    return new Response(Uint8Array.from(bytes), {
      headers: {
        ...securityHeaders(reportPolicy),
        'content-type': mime,
        'cache-control': 'private, max-age=86400, immutable',
      },
    })
  } catch (error) {
    if (!(error instanceof Problem)) parts.onBug(error)
    return noPicture(error instanceof Problem && error.code === 'not_found' ? 404 : 503)
  }
}

async function serveReport(file: string | undefined): Promise<Response> {
  if (file === undefined) return plain(404)
  return new Response(await readFile(file), {
    headers: {
      ...securityHeaders(reportPolicy),
      'content-type': mediaType('report.html'),
      'cache-control': 'no-store',
    },
  })
}

/** A neutral sign in place of a picture that cannot be shown; never kept, since it may be there a moment later. */
function noPicture(status: 404 | 503): Response {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" stroke="#8a8f98" stroke-width="2">' +
    '<rect x="8" y="10" width="32" height="28" rx="3"/><path d="M8 38 40 10"/></svg>'
  return new Response(svg, {
    status,
    headers: {
      ...securityHeaders(reportPolicy),
      'content-type': mediaType('missing.svg'),
      'cache-control': 'no-store',
    },
  })
}

function plain(status: 400 | 404 | 405): Response {
  return new Response(null, { status, headers: { ...securityHeaders(reportPolicy), 'cache-control': 'no-store' } })
}

function page(status: number, html: string): Response {
  return new Response(html, {
    status,
    headers: { ...securityHeaders(windowPolicy), 'content-type': mediaType('page.html'), 'cache-control': 'no-store' },
  })
}

/** Never a blank window: an installation without the window's own files says so. */
const windowMissing = `<!doctype html><html lang="zh"><meta charset="utf-8"><title>预审台 Prescreen</title>
<body style="font: 16px/1.6 system-ui, sans-serif; max-width: 40em; margin: 15vh auto; padding: 0 2em">
<p>程序文件不完整，窗口打不开。批次和结论都在。请重新安装预审台。</p>
<p lang="en">Files of the program are missing, so the window cannot be shown. Batches and verdicts are kept. Please install Prescreen again.</p>
</body></html>`
