import type { Verdict } from '../../../shared/domain.ts'
import { encryptPush, readAesKey, signatureOf } from '../checkers/wechat/push/cipher.ts'
import type { Submission } from './routes.ts'

/** What the console of an app holds for its pushes (spec §5.1); QQ knows neither modes nor formats (spec §4.1). */
export interface PushConsole {
  readonly appid: string
  /** Loopback only: practice sends nothing elsewhere. */
  readonly url: string
  readonly token: string
  /** 43 characters; needed by compatible and secure mode. */
  readonly encodingAesKey: string | null
  readonly mode: 'plain' | 'compatible' | 'secure'
  readonly format: 'xml' | 'json'
  /** Numbers as texts, as v1 and v2 pushes were seen to have them (spec §3.4). */
  readonly numbers: 'number' | 'text'
}

/** What the sandbox found in the media, or why it did not look. */
export type MediaFinding =
  | { readonly kind: 'judged'; readonly suggest: Verdict; readonly label: number }
  | { readonly kind: 'failed'; readonly errcode: number }

/** Deviations seen in the field (spec §3.4). */
export type PushShape = 'documented' | 'v1' | 'bare'

type Fields = Readonly<Record<string, unknown>>

/** The event as the platform words it: v1, v2 or QQ. */
export function eventOf(submission: Submission, finding: MediaFinding, shape: PushShape, nowMs: number): Fields {
  const common = { CreateTime: Math.floor(nowMs / 1000), MsgType: 'event' }
  const { appid, traceId } = submission
  if (submission.platform === 'qq') {
    return { ...common, Event: 'qq_media_check', ...v1Fields(appid, traceId, finding) }
  }
  const head = {
    ToUserName: 'gh_practice',
    FromUserName: 'oPractice_push_service',
    ...common,
    Event: 'wxa_media_check',
  }
  if (submission.version === 1 || shape === 'v1') {
    const detail = submission.version === 1 ? {} : { detail: [] }
    return { ...head, ...v1Fields(appid, traceId, finding), ...detail }
  }
  const v2 = { ...head, appid, trace_id: traceId, version: 2 }
  if (finding.kind === 'failed') return { ...v2, detail: [], errcode: finding.errcode, errmsg: 'error' }
  const { suggest, label } = finding
  const item = { strategy: 'content_model', errcode: 0, suggest, label, prob: 90 }
  const ending = { result: { suggest, label: shape === 'bare' ? String(label) : label } }
  // Seen in 2025: the label as a text, and no errcode beside it.
  return shape === 'bare'
    ? { ...v2, detail: [item], ...ending }
    : { ...v2, detail: [item], errcode: 0, errmsg: 'ok', ...ending }
}

function v1Fields(appid: string, traceId: string, finding: MediaFinding): Fields {
  return {
    isrisky: finding.kind === 'judged' && finding.suggest === 'risky' ? 1 : 0,
    extra_info_json: '',
    appid,
    trace_id: traceId,
    // Negative numbers come as unsigned 32 bits (spec §3.3).
    status_code: finding.kind === 'judged' ? 0 : finding.errcode >>> 0,
  }
}

export interface PushRequest {
  readonly query: URLSearchParams
  readonly contentType: string
  readonly body: string
}

/** The event as a request in the app's mode and format (spec §5.3, §5.4). QQ's is bare JSON: whether it signs is not known. */
export function requestOf(
  platform: Submission['platform'],
  fields: Fields,
  app: PushConsole,
  given: { readonly nowMs: number; readonly nonce: string; readonly isForged: boolean },
): PushRequest {
  const written = app.numbers === 'text' ? withTexts(fields) : fields
  if (platform === 'qq') {
    return { query: new URLSearchParams(), contentType: 'application/json', body: JSON.stringify(written) }
  }
  const timestamp = String(Math.floor(given.nowMs / 1000))
  const { nonce } = given
  const token = given.isForged ? `${app.token}?` : app.token
  const query = new URLSearchParams({ signature: signatureOf([token, timestamp, nonce]), timestamp, nonce })
  query.set('openid', 'oPractice_push_service')
  const write = app.format === 'xml' ? xmlOf : JSON.stringify
  const contentType = app.format === 'xml' ? 'text/xml' : 'application/json'
  if (app.mode === 'plain') return { query, contentType, body: write(written) }

  const key = readAesKey(app.encodingAesKey ?? '')
  if (key === null) throw new Error(`${app.mode} mode needs an EncodingAESKey`)
  const encrypted = encryptPush(write(written), { key, appid: app.appid })
  query.set('encrypt_type', 'aes')
  query.set('msg_signature', signatureOf([token, timestamp, nonce, encrypted]))
  const readable = app.mode === 'compatible' ? written : { ToUserName: 'gh_practice' }
  return { query, contentType, body: write({ ...readable, Encrypt: encrypted }) }
}

function withTexts(fields: Fields): Fields {
  return JSON.parse(JSON.stringify(fields, (_key, value) => (typeof value === 'number' ? String(value) : value)))
}

/** Lists become a repeated element; an empty one is left out (spec §3.4). */
function xmlOf(fields: Fields): string {
  return `<xml>${elements(fields)}</xml>`
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
  return typeof value === 'number' ? String(value) : `<![CDATA[${String(value).replaceAll(']]>', ']] >')}]]>`
}
