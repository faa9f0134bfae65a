import { isUtf8 } from 'node:buffer'

export type JsonBody =
  | { readonly kind: 'object'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly code: 44002 | 47001 }

/**
 * Reads a POST body as the platforms do. The content type is not looked at, since the documented `curl -d` samples send
 * a form's; another charset than UTF-8 is refused (spec §8.3).
 */
export function readJsonBody(body: Buffer, contentType: string | undefined): JsonBody {
  if (body.length === 0) return { kind: 'refused', code: 44002 }
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase()
  if ((charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') || !isUtf8(body)) {
    return { kind: 'refused', code: 47001 }
  }
  const value = parse(keepEscapesAsText(body.toString('utf8')))
  return isObject(value) ? { kind: 'object', value } : { kind: 'refused', code: 47001 }
}

/** The platform does not decode `\uXXXX`: it judges the six characters, and finds nothing in them (spec §8.3). */
function keepEscapesAsText(json: string): string {
  if (!json.includes('\\u')) return json
  return json.replace(/\\(?:u[0-9a-fA-F]{4}|.)/gs, found => (found.length === 6 ? `\\${found}` : found))
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
