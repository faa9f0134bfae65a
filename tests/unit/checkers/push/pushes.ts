import { encryptPush, readAesKey, signatureOf } from '../../../../electron/engine/checkers/wechat/push/cipher.ts'
import type { PushSecrets } from '../../../../electron/engine/checkers/wechat/push/verify.ts'

/** Pushes as the platforms write them; the ids are invented. */

export const wechatOrigin = { platform: 'wechat', appid: 'wx_practice0000001' } as const
export const qqOrigin = { platform: 'qq', appid: '0000000001' } as const

export const key = readAesKey('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG') ?? Buffer.alloc(0)
export const secrets: PushSecrets & { readonly aesKey: Buffer } = {
  appid: wechatOrigin.appid,
  token: 'practice_token',
  aesKey: key,
}
export const nowMs = 1_714_112_445_000
export const time = { nowMs, toleranceMs: 300_000 }

const common = {
  ToUserName: 'gh_0',
  FromUserName: 'oPractice_always_visiting_01',
  CreateTime: 1626959646,
  MsgType: 'event',
  Event: 'wxa_media_check',
  appid: wechatOrigin.appid,
}

export const v2 = {
  ...common,
  trace_id: '60f96f1d-3845297a-1976a3ae',
  version: 2,
  detail: [{ strategy: 'content_model', errcode: 0, suggest: 'pass', label: 100, prob: 90 }],
  errcode: 0,
  errmsg: 'ok',
  result: { suggest: 'pass', label: 100 },
}

export const v1 = {
  ...common,
  isrisky: 0,
  extra_info_json: '',
  trace_id: '92dd97c2e90a7a25162be0764680f2ba',
  status_code: 0,
}

export const qq = {
  CreateTime: 1575532246,
  MsgType: 'event',
  Event: 'qq_media_check',
  isrisky: 0,
  extra_info_json: '',
  appid: qqOrigin.appid,
  trace_id: '92dd97c2e90a7a25162be0764680f2ba',
  status_code: 0,
}

export function jsonOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value), 'utf8')
}

/** As the platform writes XML: texts in CDATA, numbers bare, lists as repeated elements without a wrapper (spec §3.4). */
export function xmlOf(fields: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(`<xml>${elements(fields)}</xml>`, 'utf8')
}

function elements(fields: object): string {
  return Object.entries(fields)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(item => `<${name}>${inner(item)}</${name}>`),
    )
    .join('')
}

function inner(value: unknown): string {
  if (typeof value === 'object' && value !== null) return elements(value)
  return typeof value === 'string' ? `<![CDATA[${value}]]>` : String(value)
}

export interface Signing {
  readonly timestamp?: string
  readonly nonce?: string
  readonly token?: string
}

/** Query and body of a push in secure mode; `as` is the form of the envelope. */
export function sealed(
  message: Uint8Array,
  given: Signing & { readonly key?: Buffer; readonly appid?: string; readonly as?: 'json' | 'xml' } = {},
): { readonly query: URLSearchParams; readonly body: Buffer } {
  const encrypted = encryptPush(message, { key: given.key ?? key, appid: given.appid ?? secrets.appid })
  const { timestamp, nonce, token } = {
    timestamp: String(nowMs / 1000),
    nonce: '415670741',
    token: secrets.token,
    ...given,
  }
  const query = new URLSearchParams({
    signature: signatureOf([token, timestamp, nonce]),
    timestamp,
    nonce,
    encrypt_type: 'aes',
    msg_signature: signatureOf([token, timestamp, nonce, encrypted]),
  })
  const envelope = { ToUserName: 'gh_0', Encrypt: encrypted }
  return { query, body: given.as === 'xml' ? xmlOf(envelope) : jsonOf(envelope) }
}

export function plainQuery(given: Signing = {}): URLSearchParams {
  const { timestamp, nonce, token } = {
    timestamp: String(nowMs / 1000),
    nonce: '486452656',
    token: secrets.token,
    ...given,
  }
  return new URLSearchParams({ signature: signatureOf([token, timestamp, nonce]), timestamp, nonce })
}
