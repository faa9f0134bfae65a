import type { GoTo } from '../../../shared/ipc.ts'
import type { InLanguages, Language } from '../../../shared/language.ts'
import type { QueueStatus } from '../../../shared/queue.ts'
import type { BatchState, BatchSummary } from '../../../shared/screening.ts'
import { tokenFailures } from '../../engine/screening/token-failures.ts'
import type { Message } from './outbox.ts'

/** What is told to a person who looks elsewhere, and where a click leads. */
export interface Notice {
  readonly title: string
  readonly body: string
  readonly goTo: GoTo
}

/** What stops the work until somebody does something, or until the day is over. */
type Need = 'quota' | 'secret'

/** What has been seen and told so far. */
export interface Told {
  readonly states: ReadonlyMap<string, BatchState>
  /** Told once for as long as it lasts. */
  readonly needs: ReadonlySet<Need>
}

export const nothingTold: Told = { states: new Map(), needs: new Set() }

export interface NoticeTaste {
  readonly language: Language
  /** Names of batches are those of folders and files: on a locked screen they would be seen by anybody. */
  readonly names: boolean
}

/** What a message of the engine gives to tell; null for nothing new. Nothing of an asset is ever in it. */
export function noticeOf(told: Told, message: Message, taste: NoticeTaste): readonly [Told, Notice | null] {
  if (message.name === 'batch') return ofBatch(told, message.event, taste)
  if (message.name === 'queue') return ofQueue(told, message.event, taste.language)
  return [told, null]
}

function ofBatch(told: Told, batch: BatchSummary, taste: NoticeTaste): readonly [Told, Notice | null] {
  const before = told.states.get(batch.id)
  const states = new Map(told.states).set(batch.id, batch.state)
  const next = { ...told, states }
  if (before !== 'running' || batch.state === 'running' || batch.state === 'cancelled') return [next, null]
  // Somebody who paused a batch knows; one that pauses by itself says why.
  if (batch.state === 'paused' && batch.notice === null) return [next, null]
  const need = batch.state === 'done' ? null : needOf(batch)
  if (need === null) return [next, endOf(batch, taste)]
  return [
    { states, needs: new Set([...told.needs, need]) },
    told.needs.has(need) ? null : needNotice(need, taste.language),
  ]
}

function ofQueue(told: Told, queue: QueueStatus, language: Language): readonly [Told, Notice | null] {
  const present = new Set<Need>([
    ...(queue.endpoints.some(({ held }) => held?.class === 'DAY') ? (['quota'] as const) : []),
    ...(queue.tokens.some(({ state }) => state === 'refused') ? (['secret'] as const) : []),
  ])
  const isSame = present.size === told.needs.size && [...present].every(need => told.needs.has(need))
  if (isSame) return [told, null]
  const [first] = [...present].filter(need => !told.needs.has(need))
  return [{ ...told, needs: present }, first === undefined ? null : needNotice(first, language)]
}

function needOf({ notice }: BatchSummary): Need | null {
  if (notice === null) return null
  if (notice.code === 'quota_day') return 'quota'
  return tokenFailures.has(notice.code) ? 'secret' : null
}

function needNotice(need: Need, language: Language): Notice {
  const { title, body } = words[need]
  return { title: title[language], body: body[language], goTo: { to: need === 'quota' ? 'queue' : 'profiles' } }
}

function endOf(batch: BatchSummary, { language, names }: NoticeTaste): Notice {
  const { risky, review, unchecked, rules_only: rulesOnly } = batch.tally
  const ended = words[batch.state === 'done' ? 'done' : 'stopped'][language]
  const practice = batch.practice ? words.practice[language] : ''
  const title = names ? `${ended}${language === 'zh' ? '：' : ': '}${batch.name}${practice}` : `${ended}${practice}`
  const body =
    language === 'zh'
      ? `有风险 ${risky}，需复核 ${review}，未检 ${unchecked}${rulesOnly > 0 ? `，仅规则 ${rulesOnly}` : ''}`
      : `${risky} risky, ${review} to review, ${unchecked} not checked${rulesOnly > 0 ? `, ${rulesOnly} rules only` : ''}`
  return { title, body, goTo: { to: 'batch', batch: batch.id } }
}

const words = {
  done: { zh: '批次已结束', en: 'Batch finished' },
  stopped: { zh: '批次已停下', en: 'Batch stopped' },
  practice: { zh: '（演练）', en: ' (practice)' },
  quota: {
    title: { zh: '今日额度已用完', en: "Today's quota is used up" },
    body: { zh: '检查已停下，等待额度恢复。', en: 'Screening waits until the quota is back.' },
  },
  secret: {
    title: { zh: '需要处理：平台不接受应用档案', en: 'Needs you: a profile is refused' },
    body: {
      zh: '取不到访问令牌，检查已停下。请核对密钥和白名单。',
      en: 'No access token can be had, and screening has stopped. Check the secret and the allow-list.',
    },
  },
} as const satisfies Readonly<Record<string, InLanguages | Readonly<Record<'title' | 'body', InLanguages>>>>
