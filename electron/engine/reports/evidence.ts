import { Problem } from '../../../shared/problems.ts'
import { remarkText } from '../../../shared/remarks/index.ts'
import type { RuleHit } from '../../../shared/rules.ts'
import type { CheckView } from '../../../shared/screening.ts'
import { detailOf } from '../base/detail.ts'
import type { StoreReader } from '../store/ports.ts'
import { readerNotesOf } from '../store/reader-notes.ts'
import { isoTime } from './cells.ts'
import { readSpans } from './spans.ts'

/**
 * Plain text for the platform's support: what was asked, when, and what it answered, with the request ids by which they find it.
 * Redacted where it was recorded: no token, secret or openid can be in it.
 */
export async function evidenceText(
  reader: Pick<StoreReader, 'asset' | 'checks' | 'ruled' | 'summary' | 'ledgerBodies'>,
  asset: number,
  check: number | null,
): Promise<string> {
  const row = await reader.asset(asset)
  if (row === null) throw new Problem('not_found', `asset ${asset}`)
  const checks = (await reader.checks(asset)).filter(each => check === null || each.id === check)
  if (check !== null && checks.length === 0)
    throw new Problem('not_found', detailOf('check_of_asset', { count: check, limit: asset }))
  const profiles = (await reader.summary(row.batch))?.profiles ?? []
  const spans = await readSpans(reader, asset)
  const hits = (await reader.ruled(asset))?.hits ?? []
  const lines = [
    `asset: ${oneLine(row.path)}`,
    `sha256: ${row.sha256 ?? ''}`,
    ...(row.reading === null ? [] : [`reading: ${row.reading}`]),
    ...readerNotesOf(row.reader_notes).map(each => `noted: ${oneLine(remarkText(each, 'en'))}`),
    ...(row.width === null ? [] : [`size: ${row.width} x ${row.height}, ${row.bytes} bytes`]),
  ]
  for (const each of checks) {
    const profile = profiles.find(known => known.id === each.profile)
    const span = spans.find(known => known.check === each.id)
    lines.push(
      '',
      ...(profile?.practice ? ['practice: answered by the built-in sandbox, not by a platform'] : []),
      `platform: ${profile?.platform ?? ''}`,
      `appid: ${profile?.appid ?? ''}`,
      `endpoint: ${each.endpoint} ${each.version}`,
      `part: ${each.part}${placeOf(each)}`,
      `time: ${isoTime(each.at)} (${new Date(each.at).toISOString()})`,
      `outcome: ${each.verdict ?? `unchecked (${each.reason ?? each.state})`}`,
      `attempts: ${each.attempts}`,
      `errcode: ${each.errcode ?? ''}`,
      `label: ${each.label ?? ''}`,
      `rid: ${each.rid ?? ''}`,
      `trace_id: ${each.traceId ?? ''}`,
      ...(each.reusedFrom === null ? [] : ['reused: yes, from an earlier check of the same bytes']),
      ...(span === undefined ? [] : [`smallest span still flagged: characters ${span.range[0]} to ${span.range[1]}`]),
      `reply: ${oneLine(each.reply ?? '')}`,
      ...hits.filter(hit => hit.check === each.id).map(hitLine),
    )
  }
  return `${lines.join('\n')}\n`
}

/** What a rule found, and where it can be looked up. */
function hitLine({ text, range, matched, waiver }: RuleHit): string {
  const { source, article } = text.citation
  const place = range === null ? '' : `, characters ${range[0]} to ${range[1]}`
  const fine =
    waiver === null
      ? ''
      : `; fine (${waiver.reach}): ${waiver.reason}, ${waiver.reviewer === '' ? 'unsigned' : waiver.reviewer}`
  return oneLine(`hit: ${text.severity} ${text.book}/${text.rule} "${matched}"${place}; ${source.en} ${article}${fine}`)
}

function placeOf({ rect, range, frame }: CheckView): string {
  if (rect !== null) return `, x y width height = ${rect.join(' ')}${frame === null ? '' : `, frame ${frame + 1}`}`
  if (range !== null) return `, characters ${range[0]} to ${range[1]}`
  return ''
}

/** A name with line breaks must not look like further lines of evidence. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ')
}
