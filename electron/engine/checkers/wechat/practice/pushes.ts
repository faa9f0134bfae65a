import type { PracticePushes, PushFields } from '../../../sandbox/practice.ts'
import { commonFields, commonPushes, v1Fields, withTexts } from '../../tencent/practice/push-fields.ts'
import { encryptPush, readAesKey, signatureOf } from '../push/cipher.ts'

/** WeChat's pushes in every mode and format that its console offers (spec §3.3, §3.4, §5). */
export const wechatPushes: PracticePushes = { ...commonPushes, eventOf, requestOf }

/** The event as the platform words it: v1 or v2. */
function eventOf(...[submission, finding, shape, nowMs]: Parameters<PracticePushes['eventOf']>): PushFields {
  const { appid, traceId } = submission
  const head = {
    ToUserName: 'gh_practice',
    FromUserName: 'oPractice_push_service',
    ...commonFields(nowMs),
    Event: 'wxa_media_check',
  }
  if (submission.version === 1 || shape === 'v1') {
    const detail = submission.version === 1 ? {} : { detail: [] }
    return { ...head, ...v1Fields(submission, finding), ...detail }
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

/** The event as a request in the app's mode and format (spec §5.3, §5.4). */
function requestOf(
  ...[fields, app, given]: Parameters<PracticePushes['requestOf']>
): ReturnType<PracticePushes['requestOf']> {
  const written = app.numbers === 'text' ? withTexts(fields) : fields
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

/** Lists become a repeated element; an empty one is left out (spec §3.4). */
function xmlOf(fields: PushFields): string {
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
