/** What the page that plays films gets: its own script, the library, and the film by ranges. Nothing else. */

import { readFile } from 'node:fs/promises'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { childEntry } from '../base/child-process.ts'
import type { OpenFile } from '../base/open-file.ts'
import { readAt } from '../base/open-file.ts'
import type { PageAnswer, PageRequest } from '../chromium/hidden-page.ts'

const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
/** More than the library reads ahead. */
const mostBytes = 64_000_000

/** In a checkout the modules of the script are served one by one, below the folder that has all of them; built, it is one file and its chunks. */
const isSource = import.meta.url.endsWith('.ts')
const root = isSource
  ? fileURLToPath(new URL('../../', import.meta.url))
  : dirname(childEntry(import.meta.url, 'media-page'))
const entry = isSource ? '/media/page.ts' : '/media-page.js'
const ownModules = isSource ? /^\/(?:media|engine\/imaging)\/[\w-]+\.ts$/ : /^\/(?:media-page|chunks\/[\w-]+)\.js$/

/** The library as its authors publish it for pages. */
const libraryFile = () => join(dirname(createRequire(import.meta.url).resolve('mediabunny')), 'mediabunny.min.mjs')

export function answersFor(film: OpenFile): (request: PageRequest) => Promise<PageAnswer | null> {
  return async ({ url, method }) => {
    if (method !== 'GET') return null
    const { pathname, searchParams } = new URL(url)
    switch (pathname) {
      case '/':
        return ok(
          'text/html; charset=utf-8',
          Buffer.from(`<!doctype html><script type="module" src="${entry}"></script>`),
        )
      case '/mediabunny.js':
        return ok('text/javascript', await readFile(libraryFile()))
      case '/size':
        return ok('text/plain', Buffer.from(String(film.sizeBytes)))
      case '/film': {
        const from = Number(searchParams.get('from'))
        const length = Math.min(Number(searchParams.get('to')) - from, mostBytes, film.sizeBytes - from)
        if (!(Number.isSafeInteger(from) && from >= 0 && length > 0)) return null
        return ok('application/octet-stream', await readAt(film, from, length))
      }
      default:
        return ownModules.test(pathname) ? ok('text/javascript', await moduleAt(pathname)) : null
    }
  }
}

async function moduleAt(pathname: string): Promise<Uint8Array> {
  const bytes = await readFile(join(root, pathname))
  return isSource ? Buffer.from(stripTypeScriptTypes(bytes.toString(), { mode: 'strip' })) : bytes
}

function ok(type: string, body: Uint8Array): PageAnswer {
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body,
  }
}
