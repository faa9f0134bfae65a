import type { CloudApi, CloudCheck, CloudSdk } from '../../../../../resources/cloudfunctions/prescreen-check/serve.js'

/** What the platform's gateway hands to the SDK of one call. The HTTP status is not looked at. */
export interface GatewayReply {
  readonly contentType: string
  readonly body: Buffer
}

/**
 * What the function uses of wx-server-sdk, with its traps (docs/cloud-call.md): only JSON and text are parsed, anything else becomes
 * `{contentType, buffer}`, and `errCode: 0` is added to whatever came. tests/unit/cloud compares it with the real one.
 */
export function createCloudSdk(
  send: (api: CloudApi, args: Record<string, unknown>) => Promise<GatewayReply>,
): CloudSdk {
  const check =
    (api: CloudApi): CloudCheck =>
    async args =>
      unpack(`openapi.security.${api}`, await send(api, snakeCase(args)))
  return {
    getWXContext: () => ({ SOURCE: 'wx_http' }),
    openapi: {
      security: {
        msgSecCheck: check('msgSecCheck'),
        imgSecCheck: check('imgSecCheck'),
        mediaCheckAsync: check('mediaCheckAsync'),
      },
    },
  }
}

/** What the SDK throws for a code but 0, and for JSON that is none. */
export class CloudSdkError extends Error {
  /** As it came: `"40001"` stays a text. */
  readonly errCode: unknown
  readonly errMsg: string

  constructor(api: string, errCode: unknown, message: string) {
    super(message)
    this.errCode = errCode
    this.errMsg = `${api}:fail ${message}`
  }
}

function unpack(api: string, { contentType, body }: GatewayReply): Record<string, unknown> {
  return { ...resultOf(api, contentType, body), errMsg: `${api}:ok`, errCode: 0 }
}

function resultOf(api: string, contentType: string, body: Buffer): object {
  const isText = contentType.includes('text/plain')
  if (!isText && !contentType.includes('application/json')) return { contentType: contentType.trim(), buffer: body }
  const text = body.toString('utf8')
  const parsed = parse(text)
  if (parsed === undefined) {
    if (isText) return { result: text }
    throw new CloudSdkError(api, -601001, `wechat server internal error, response body is invalid json: ${text}`)
  }
  if (parsed === null) throw new CloudSdkError(api, -1, "Cannot read properties of null (reading 'errcode')")
  // A text, too, is spread into fields: one a character.
  if (typeof parsed !== 'object') return Object(typeof parsed === 'string' ? camelCaseName(parsed) : parsed)
  const { errcode, errmsg, ...rest } = { ...parsed } as Record<string, unknown>
  if (errcode) throw new CloudSdkError(api, errcode, String(errmsg))
  return camelCase(rest)
}

/** Undefined where the text is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function snakeCase(value: Record<string, unknown>): Record<string, unknown> {
  return renamed(value, name => name.replace(/[A-Z]/g, (letter, at) => (at > 0 ? '_' : '') + letter.toLowerCase()))
}

function camelCase(value: Record<string, unknown>): Record<string, unknown> {
  return renamed(value, camelCaseName)
}

function camelCaseName(name: string): string {
  return name.replace(/_[a-z]/g, found => found.slice(1).toUpperCase())
}

function renamed(value: Record<string, unknown>, rename: (name: string) => string): Record<string, unknown> {
  const inside = (member: unknown): unknown => {
    if (Array.isArray(member)) return member.map(inside)
    return typeof member === 'object' && member !== null && !Buffer.isBuffer(member)
      ? renamed({ ...member }, rename)
      : member
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), inside(member)]))
}
