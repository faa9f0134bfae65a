import type { ControlState } from '../../../shared/controls.ts'
import type { Language } from '../../../shared/language.ts'
import { partPlaces, piecePlaceText } from '../../../shared/piece-places.ts'
import type { AssetPieces } from '../../../shared/pieces.ts'
import { remarkText } from '../../../shared/remarks/index.ts'
import type { RuleHit, RulesView } from '../../../shared/rules.ts'
import type { BatchProfile, CheckView } from '../../../shared/screening.ts'
import { readerNotesOf } from '../store/reader-notes.ts'
import type { ReportRow } from '../store/records.ts'
import { isoTime } from './cells.ts'
import { jsonFields, reportColumns, rowView } from './columns.ts'

/** In this order a line has them; what was added later follows. */
const fieldOrder = [
  'schema',
  'batch',
  'asset',
  'path',
  'sha256',
  'kind',
  'profile',
  'platform',
  'appid',
  'practice',
  'verdict',
  'reason',
  'detail',
  'labels',
  'parts',
  'checked',
  'reused',
  'notes',
  'reading',
  'olderReading',
  'checks',
  'control',
  'rules',
  'ruleHits',
  'moreRuleHits',
] as const

interface RecordFacts {
  /** The asset's. */
  readonly checks: readonly CheckView[]
  readonly pieces: AssetPieces | null
  /** What stands behind the row's no-hit. */
  readonly control: ControlState | null
  /** What rules found in the asset; null where they found nothing, or none looked. */
  readonly ruled: RulesView | null
}

/** Whether there is anything to be read of what rules found. */
export const isHit = ({ hits }: Pick<ReportRow, 'hits'>): boolean => hits.open.length + hits.fine.length > 0

/** One line of JSONL: an asset as one profile sees it (docs/cli.md, contract). */
export function jsonRecord(
  row: ReportRow,
  { checks, pieces, control, ruled }: RecordFacts,
  profile: BatchProfile,
  language: 'zh' | 'en',
): Record<string, unknown> {
  const view = rowView({ row, profile, language, reasons: [], control })
  const fields: Record<string, unknown> = {
    ...jsonFields(reportColumns, view),
    profile: profile.name,
    practice: profile.practice,
    labels: view.labels,
    notes: readerNotesOf(row.asset.reader_notes).map(each => ({ ...each, text: remarkText(each, language) })),
    reading: row.asset.reading,
    checks: checks
      .filter(check => check.profile === profile.id)
      .map(check => ({
        part: check.part,
        rect: check.rect,
        range: check.range,
        line: check.line,
        column: check.column,
        frame: check.frame,
        endpoint: check.endpoint,
        verdict: check.verdict ?? 'unchecked',
        reason: check.reason,
        errcode: check.errcode,
        label: check.label,
        score: check.score,
        rid: check.rid,
        traceId: check.traceId,
        attempts: check.attempts,
        ms: check.ms,
        places: partPlaces(check, pieces),
      })),
    ruleHits: (ruled?.hits ?? []).map(jsonHit),
    moreRuleHits: ruled?.more ?? 0,
  }
  return Object.fromEntries(Array.from(new Set([...fieldOrder, ...Object.keys(fields)]), name => [name, fields[name]]))
}

/** The places of the parts that a profile flagged, once each, in words; null where they are nowhere in particular. */
export function flaggedPlaces(
  checks: readonly CheckView[],
  pieces: AssetPieces | null,
  profile: string,
  language: Language,
): string | null {
  const flagged = checks.filter(
    check => check.profile === profile && (check.verdict === 'risky' || check.verdict === 'review'),
  )
  const places = flagged.flatMap(check => partPlaces(check, pieces)).map(place => piecePlaceText(place, language))
  return [...new Set(places)].filter(place => place !== '').join('; ') || null
}

/** One place where a rule applies. `fine` says who found the words fine all the same, and why. */
function jsonHit({ text, bookVersion, range, line, column, matched, before, after, waiver }: RuleHit) {
  const { book, rule, title, severity, citation, suggestion, review } = text
  const { source, article, quote, reading, readOn } = citation
  return {
    rule: `${book}/${rule}`,
    bookVersion,
    title,
    severity,
    range,
    line,
    column,
    matched,
    before,
    after,
    citation: { source, article, quote, reading, readOn },
    suggestion,
    review,
    fine:
      waiver === null
        ? null
        : { reach: waiver.reach, reason: waiver.reason, reviewer: waiver.reviewer, at: isoTime(waiver.at) },
  }
}
