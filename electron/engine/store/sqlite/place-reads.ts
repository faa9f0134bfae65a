import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { type Rect, verdicts } from '../../../../shared/domain.ts'
import { pieceOfPart } from '../../../../shared/piece-places.ts'
import { pieceKinds } from '../../../../shared/pieces.ts'
import type { RuleSeverity, RuleText } from '../../../../shared/rules.ts'
import type { AssetRow, DocumentCover } from '../../../../shared/screening.ts'
import type { AssetRecord } from '../../ledger/rows.ts'
import { type NamedPlace, passageOf } from '../passage.ts'
import { severityRank } from './hit-reads.ts'

/** Where in an asset something was found, as its cell shows it. */
export interface PlaceReads {
  placesOf(asset: AssetRecord): Pick<AssetRow, 'passage' | 'boxes' | 'rule' | 'document'>
}

interface FoundPart {
  readonly part: string
  readonly verdict: 'risky' | 'review'
  readonly rect: string | null
  readonly frame: number | null
  readonly start: number | null
  readonly end: number | null
  readonly line: number | null
}

interface FoundHit {
  readonly severity: RuleSeverity
  readonly start: number | null
  readonly end: number | null
  readonly line: number | null
  readonly before: string
  readonly matched: string
  readonly after: string
  readonly title: string
}

const nothing: Pick<AssetRow, 'passage' | 'boxes' | 'rule' | 'document'> = {
  passage: null,
  boxes: [],
  rule: null,
  document: null,
}
const rectSchema = z.tuple([z.number(), z.number(), z.number(), z.number()])
/** `source` is written by this program only. */
const sourceSchema = z.object({ text: z.string().optional() })
const spanSchema = z.object({ range: z.tuple([z.int(), z.int()]), verdict: z.enum(verdicts) })
const piecesSchema = z.object({ pieces: z.array(z.object({ kind: z.enum(pieceKinds), name: z.string() })) })
/** More than fit into a cell. */
const atMost = 64

export function createPlaceReads(raw: Database): PlaceReads {
  // What is whole says nothing about where; an outcome that was used again has the parts of the asset that it is from.
  const isFound = `(c.verdict = 'risky' OR c.verdict = 'review') AND c.part <> 'whole'`
  const columns = 'c.part, c.verdict, c.rect, c.frame, c.range_start AS start, c.range_end AS end, c.line'
  const partRows = raw.prepare<[{ asset: number }], FoundPart>(
    `SELECT ${columns} FROM results r JOIN checks c ON c.asset = r.asset AND c.profile = r.profile
       WHERE r.asset = @asset AND r.rules IS NULL AND ${isFound}
     UNION ALL SELECT ${columns} FROM results r JOIN checks c ON c.asset = r.reused_from AND c.profile = r.reused_profile
       WHERE r.asset = @asset AND r.reused_from IS NOT NULL AND r.rules IS NULL AND ${isFound} LIMIT ${atMost}`,
  )
  const hitRows = raw.prepare<[number], FoundHit>(
    `SELECT h.severity, h.range_start AS start, h.range_end AS end, h.line, h.before, h.matched, h.after, t.text ->> '$.title' AS title
     FROM hits h JOIN rule_texts t ON t.digest = h.rule_text WHERE h.asset = +? AND h.waiver IS NULL
     ORDER BY ${severityRank('h.severity')}, h.range_start IS NULL, h.range_start, h.id LIMIT ${atMost}`,
  )
  const spanRows = raw.prepare<[number], string>(`SELECT body FROM ledger WHERE asset = ? AND kind = 'span'`).pluck()

  const piecesRow = raw.prepare<[number], string>('SELECT pieces FROM asset_pieces WHERE asset = ?').pluck()

  const spansOf = (asset: number): readonly NamedPlace[] =>
    spanRows.all(asset).flatMap(body => {
      const span = spanSchema.safeParse(JSON.parse(body))
      if (!span.success || span.data.verdict === 'pass') return []
      return [{ range: span.data.range, tone: span.data.verdict, isPart: false, line: null, kept: null }]
    })

  /** Names of the pictures in an asset that is none itself. */
  const picturesIn = ({ id, kind, width }: AssetRecord): readonly string[] => {
    if (kind === null || kind === 'text' || kind === 'audio' || width !== null) return []
    const stored = piecesRow.get(id)
    if (stored === undefined) return []
    const { pieces } = piecesSchema.parse(JSON.parse(stored))
    return pieces.flatMap(({ kind: its, name }) => (its === 'picture' ? [name] : []))
  }

  return {
    placesOf: asset => {
      const isFlagged = asset.outcome === 'risky' || asset.outcome === 'review'
      const isRuled = asset.rules !== null && asset.rules !== 'none'
      const pictures = picturesIn(asset)
      if (!isFlagged && !isRuled) return { ...nothing, document: coverOf(pictures, [], false) }
      const parts = isFlagged ? partRows.all({ asset: asset.id }) : []
      const hits = isRuled ? hitRows.all(asset.id) : []
      const rule = hits[0] === undefined ? null : titleOf(hits[0].title)
      const document = coverOf(pictures, parts, hits.length > 0)
      if (document?.picture != null) return { ...nothing, rule, document }
      if (asset.kind === 'image') return { ...nothing, boxes: boxesOf(parts), rule }
      if (asset.kind !== 'text' && asset.kind !== 'document') return { ...nothing, rule, document }
      const places = [
        ...(isFlagged ? spansOf(asset.id) : []),
        ...hits.flatMap(hit => placeOf(hit, { tone: hit.severity, isPart: false, kept: hit })),
        ...parts.flatMap(part => placeOf(part, { tone: part.verdict, isPart: true, kept: null })),
      ]
      const known = sourceSchema.parse(JSON.parse(asset.source)).text ?? asset.excerpt ?? ''
      return { ...nothing, passage: passageOf(places, known), rule, document }
    },
  }
}

/** The picture that the worst was found in, unless that is in the words; where nothing was found, the first. */
function coverOf(pictures: readonly string[], parts: readonly FoundPart[], isRuled: boolean): DocumentCover | null {
  const [first] = pictures
  if (first === undefined) return null
  const names = new Set(pictures)
  for (const verdict of ['risky', 'review'] as const) {
    const found = parts.filter(part => part.verdict === verdict).map(({ part }) => pieceOfPart(part, names))
    const picture = found.find(name => name !== null)
    if (picture !== undefined) return { picture, pictures: names.size }
    if (found.length > 0) return { picture: null, pictures: names.size }
  }
  return { picture: isRuled ? null : first, pictures: names.size }
}

function placeOf(
  { start, end, line }: Pick<FoundPart, 'start' | 'end' | 'line'>,
  named: Pick<NamedPlace, 'tone' | 'isPart' | 'kept'>,
): readonly NamedPlace[] {
  return start === null || end === null ? [] : [{ range: [start, end], line, ...named }]
}

/** Those of the first frame, which is what a thumbnail shows. */
function boxesOf(parts: readonly FoundPart[]): AssetRow['boxes'] {
  return parts.flatMap(({ rect, frame, verdict }) =>
    rect === null || (frame ?? 0) > 0 ? [] : [{ rect: rectSchema.parse(JSON.parse(rect)) satisfies Rect, verdict }],
  )
}

/** `rule_texts` is written by this program only. */
function titleOf(json: string): RuleText['title'] {
  return z.custom<RuleText['title']>(value => typeof value === 'object' && value !== null).parse(JSON.parse(json))
}
