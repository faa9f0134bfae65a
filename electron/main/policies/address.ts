import { z } from 'zod'
import type { PictureOptions } from '../../engine/app/api.ts'

/** The window's origin. Thumbnails and originals are addressed by id beneath it; no address carries a path of the disk. */
export const scheme = 'app'
export const windowHost = 'prescreen'
export const windowUrl = `${scheme}://${windowHost}/`
/** A report that is being turned into a PDF: another origin, so that it shares nothing with the window. */
export const reportHost = 'report'
export const reportUrl = (id: string): string => `${scheme}://${reportHost}/${id}`

export type Target =
  | { readonly kind: 'file'; readonly segments: readonly string[] }
  | { readonly kind: 'thumbnail'; readonly asset: number; readonly options: PictureOptions }
  | { readonly kind: 'original'; readonly asset: number; readonly frame?: number; readonly piece?: string }
  | { readonly kind: 'report'; readonly id: string }
  | { readonly kind: 'refused'; readonly status: 400 | 404 | 405 }

/** The name of a piece: `slide 2 picture 1`. */
const pieceSchema = z
  .string()
  .max(100)
  .regex(/^[a-z]+ \d+(?: [a-z]+ \d+)*$/)

const optionsSchema = z.object({
  // The largest cell is 400 px wide (settings: density), on a display of three pixels to one.
  size: z.coerce.number().int().min(16).max(1200),
  blur: z.enum(['off', 'light', 'strong']),
  grey: z.enum(['0', '1']),
  frame: z
    .string()
    .regex(/^[0-9]{1,6}$/)
    .transform(Number)
    .optional(),
  piece: pieceSchema.optional(),
})

const refused = (status: 400 | 404 | 405): Target => ({ kind: 'refused', status })

/** What a request for an `app:` address is for. */
export function resolveAddress(method: string, address: string): Target {
  if (method !== 'GET') return refused(405)
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return refused(400)
  }
  if (url.protocol !== `${scheme}:`) return refused(404)
  if (url.host === reportHost) return resolveReport(url)
  if (url.host !== windowHost) return refused(404)
  const segments = decodeSegments(url.pathname)
  if (segments === null) return refused(400)
  const [first, second] = segments
  if (first === 'thumbnail') return segments.length === 2 ? resolveThumbnail(second, url.searchParams) : refused(404)
  if (first === 'original') {
    return segments.length === 2 ? resolveOriginal(second, url.searchParams) : refused(404)
  }
  return { kind: 'file', segments: segments.length === 0 ? ['index.html'] : segments }
}

function resolveReport(url: URL): Target {
  const id = url.pathname.slice(1)
  return /^[0-9a-f-]{36}$/.test(id) ? { kind: 'report', id } : refused(404)
}

function resolveThumbnail(id: string | undefined, query: URLSearchParams): Target {
  const asset = assetId(id)
  if (asset === null) return refused(404)
  const parsed = optionsSchema.safeParse(Object.fromEntries(query))
  if (!parsed.success) return refused(400)
  const { size, blur, grey, frame, piece } = parsed.data
  const bare = { sizePx: size, blur, grey: grey === '1' }
  const shown = piece === undefined ? bare : { ...bare, piece }
  return { kind: 'thumbnail', asset, options: frame === undefined ? shown : { ...shown, frame } }
}

function resolveOriginal(id: string | undefined, query: URLSearchParams): Target {
  const asset = assetId(id)
  if (asset === null) return refused(404)
  const frame = query.get('frame')
  const piece = query.get('piece')
  if (frame !== null && !/^[0-9]{1,6}$/.test(frame)) return refused(400)
  if (piece !== null && !pieceSchema.safeParse(piece).success) return refused(400)
  return {
    kind: 'original',
    asset,
    ...(frame === null ? {} : { frame: Number(frame) }),
    ...(piece === null ? {} : { piece }),
  }
}

function assetId(text: string | undefined): number | null {
  return text !== undefined && /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : null
}

/** Null for a path that could name anything but a plain file beneath a folder. */
function decodeSegments(pathname: string): string[] | null {
  const segments: string[] = []
  for (const raw of pathname.split('/')) {
    let segment: string
    try {
      segment = decodeURIComponent(raw)
    } catch {
      return null
    }
    if (segment === '') continue
    // A leading dot covers `..`; a colon names a drive or a stream on Windows.
    if (segment.startsWith('.') || /[/\\:\0]/.test(segment)) return null
    segments.push(segment)
  }
  return segments
}

const mediaTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
}

export function mediaType(fileName: string): string {
  return mediaTypes[fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream'
}
