import type { Database } from 'better-sqlite3'
import { type Body, parsedBody } from './body.ts'
import { sha256 } from './chain.ts'
import type { WaiverRecord } from './rows.ts'
import type { Finding } from './verify.ts'

/** The texts of rules, which hits refer to, and what people found fine. Which hits are fine is compared with the results. */
export function verifyRules(raw: Database): Finding | null {
  return verifyTexts(raw) ?? verifyWaivers(raw)
}

function verifyTexts(raw: Database): Finding | null {
  for (const { digest, text } of raw
    .prepare<[], { digest: string; text: string }>('SELECT digest, text FROM rule_texts')
    .iterate()) {
    if (sha256(text).toString('hex') !== digest) return wrongText(digest)
  }
  const lost = raw
    .prepare<[], string>(
      'SELECT rule_text FROM hits WHERE NOT EXISTS (SELECT 1 FROM rule_texts WHERE digest = rule_text) LIMIT 1',
    )
    .pluck()
    .get()
  return lost === undefined ? null : wrongText(lost)
}

function verifyWaivers(raw: Database): Finding | null {
  const rows = raw.prepare<[], { seq: number; at: number; kind: string; body: string }>(
    "SELECT seq, at, kind, body FROM ledger WHERE kind = 'fine' OR kind = 'notFine' ORDER BY seq",
  )
  const recorded = new Map<unknown, { readonly seq: number; readonly body: Body; endedAt: number | null }>()
  for (const { seq, at, kind, body: json } of rows.all()) {
    const body = parsedBody(json)
    if (kind === 'fine') recorded.set(body.waiver, { seq, body, endedAt: null })
    const known = recorded.get(body.waiver)
    if (kind === 'notFine' && known !== undefined) known.endedAt = at
  }
  for (const waiver of raw.prepare<[], WaiverRecord>('SELECT * FROM waivers ORDER BY id').iterate()) {
    const said = recorded.get(waiver.id)
    recorded.delete(waiver.id)
    if (said === undefined || !isSameWaiver(waiver, said)) return wrongWaiver(waiver.id, said?.seq ?? null)
  }
  const [lost] = recorded
  return lost === undefined ? null : wrongWaiver(Number(lost[0]), lost[1].seq)
}

function isSameWaiver(
  { id: _, range_start: start, ended_at: endedAt, ...rest }: WaiverRecord,
  said: { readonly body: Body; readonly endedAt: number | null },
): boolean {
  const { body } = said
  return (
    endedAt === said.endedAt &&
    start === (body.rangeStart ?? null) &&
    Object.entries(rest).every(([name, value]) => body[name] === value)
  )
}

function wrongText(digest: string): Finding {
  return {
    row: 0,
    what: 'table',
    zh: `规则原文 ${digest.slice(0, 12)} 被改动或删除：数据表被改动，以账本为准。`,
    en: `The text of rule ${digest.slice(0, 12)} was changed or removed: the tables were changed; the ledger holds.`,
  }
}

function wrongWaiver(id: number, row: number | null): Finding {
  return {
    row: row ?? 0,
    what: 'table',
    zh:
      row === null
        ? `编号 ${id} 的“没问题”在账本中没有记录：数据表被改动。`
        : `编号 ${id} 的“没问题”与账本第 ${row} 行不符：数据表被改动，以账本为准。`,
    en:
      row === null
        ? `That words are fine (number ${id}) is not in the ledger: the tables were changed.`
        : `That words are fine (number ${id}) does not agree with row ${row} of the ledger: the tables were changed; the ledger holds.`,
  }
}
