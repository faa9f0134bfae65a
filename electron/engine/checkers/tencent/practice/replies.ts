import { randomInt } from 'node:crypto'
import type { Clock } from '../../../base/clock.ts'
import type { Answer } from '../../../sandbox/practice.ts'
import { seededRandom } from '../../../sandbox/random.ts'

/** The platforms' words for their codes (spec §1.3, §3.1, §6.2). */
const messages: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  0: 'ok',
  40001:
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40006: 'invalid media size',
  40009: 'invalid image size',
  40013: 'invalid appid',
  40066: 'invalid url',
  40101: 'missing parameter',
  40097: 'invalid args',
  40129: 'invalid scene',
  40137: 'invalid image format',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41005: 'media data missing',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  43104: 'this appid does not have permission',
  44002: 'empty post data',
  44991: 'reach max api minute limit',
  45002: 'content size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  61010: 'code is expired',
  76021: 'cgi_path not found, please check',
  76022: 'could not use this cgi_path, no permission',
  87014: 'risky content',
}

/** The answer of a platform that finds nothing any more; what it refuses it still refuses. */
export function withoutHit(answer: Answer): Answer {
  if (answer.kind === 'body') return answer
  if (answer.code === 87014) return { kind: 'code', code: 0 }
  const { result, detail, ...rest } = answer.more ?? {}
  if (result === undefined && detail === undefined) return answer
  const nothing = { suggest: 'pass', label: 100 }
  const model = { strategy: 'content_model', errcode: 0, ...nothing, prob: 90 }
  return { ...answer, more: { result: nothing, detail: [model], ...rest } }
}

/** The words that go with a code: the answer's own, or the documented ones. */
export function messageOf({ code, message }: Extract<Answer, { readonly kind: 'code' }>): string {
  return message ?? messages[code] ?? ''
}

/** Makes the ids that the platforms put into their answers. */
export interface IdMaker {
  /** `8hex-8hex-8hex`, as v2 gives. */
  dashed(): string
  /** 32 hex digits, as v1 and QQ give (spec §3.2). */
  plain(): string
}

export function createIdMaker(clock: Clock): IdMaker {
  const random = seededRandom(randomInt(0x1_0000_0000))
  let made = 0
  const word = () => hex(random() * 0x1_0000_0000)
  // An odd multiplier makes every count a different word, so that ids never repeat.
  const uniqueWord = () => hex(Math.imul(++made, 0x9e3779b1))
  return {
    dashed: () => `${hex(clock.now() / 1000)}-${word()}-${uniqueWord()}`,
    plain: () => word() + word() + word() + uniqueWord(),
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
