import type { MediaFinding, PracticePushes, PushFields, Submission } from '../../../sandbox/practice.ts'
import { isRiskyV1, judgeV2 } from './words.ts'

/** What the pushes of both platforms have in common. */
export const commonPushes = {
  /** Spec §3.3: signed here, as unsigned 32 bits in v1 events. */
  downloadFailed: -1008,
  judgeText(text, { version }) {
    if (version === 1) {
      const suggest = isRiskyV1(text) ? 'risky' : 'pass'
      return { kind: 'judged', suggest, label: suggest === 'risky' ? 21000 : 100 }
    }
    const { suggest, label } = judgeV2([text])
    return { kind: 'judged', suggest, label }
  },
} as const satisfies Partial<PracticePushes>

/** What every event says (spec §3.4). */
export function commonFields(nowMs: number): PushFields {
  return { CreateTime: Math.floor(nowMs / 1000), MsgType: 'event' }
}

/** The v1 event of WeChat, which is also QQ's. */
export function v1Fields({ appid, traceId }: Submission, finding: MediaFinding): PushFields {
  return {
    isrisky: finding.kind === 'judged' && finding.suggest === 'risky' ? 1 : 0,
    extra_info_json: '',
    appid,
    trace_id: traceId,
    // Negative numbers come as unsigned 32 bits (spec §3.3).
    status_code: finding.kind === 'judged' ? 0 : finding.errcode >>> 0,
  }
}

/** Numbers as texts, as v1 and v2 pushes were seen to have them (spec §3.4). */
export function withTexts(fields: PushFields): PushFields {
  return JSON.parse(JSON.stringify(fields, (_key, value) => (typeof value === 'number' ? String(value) : value)))
}
