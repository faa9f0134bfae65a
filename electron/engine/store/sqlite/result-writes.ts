import { shortDigest } from '../../ledger/digests.ts'
import { type AssetRecord, type AssetResult, parseLabels, type ResultRecord } from '../../ledger/rows.ts'
import type { AssetFacts, ResultContext } from '../records.ts'
import { type AssetColumns, factColumnsOf, factsBody, piecesColumnOf, type Shown } from './asset-columns.ts'
import type { WriteContext } from './write-context.ts'

export function createResultWrites(context: WriteContext, columns: AssetColumns) {
  const { raw, clock, appender, search } = context
  const { refresh, refreshFromOne } = columns
  const waitResult = raw.prepare(
    `UPDATE results SET state = 'awaiting', outcome = 'awaiting', reason = NULL, detail = NULL, labels = '[]', score = NULL,
     parts = ?, checked = ?, screened_at = ?, later = ? WHERE asset = ? AND profile = ?`,
  )
  const finishResult = raw.prepare(
    `UPDATE results SET state = 'done', outcome = ?, reason = ?, detail = ?, labels = ?, score = ?, parts = ?, checked = ?,
     reused_from = ?, reused_profile = ?, reuse_key = ?, screened_at = ?, ledger_seq = ?, rules = iif(rules IS NULL, NULL, ?), more_hits = ?
     WHERE asset = ? AND profile = ?`,
  )
  /** What the grid's columns come from, and how many profiles judge the asset: read with every result that ends. */
  const readOpen = raw.prepare<[number, number], OpenResult>(
    `SELECT a.batch, a.source, a.flags, a.decision, a.note, r.rules, r.screened_at AS screenedAt,
       (SELECT count(*) FROM results WHERE asset = a.id) AS profiles
     FROM results r JOIN assets a ON a.id = r.asset WHERE r.asset = +? AND r.profile = +?`,
  )
  const readResults = raw.prepare<[number], ResultRecord>('SELECT * FROM results WHERE asset = ? ORDER BY profile')

  const labelsOfAsset = (asset: number) => [
    ...new Set(readResults.all(asset).flatMap(result => parseLabels(result.labels))),
  ]

  return {
    /** `later` is what the result is concluded from once its pushes are there. */
    awaitResult: (asset: number, profile: number, later: string, parts: number, checked: number): void => {
      const at = clock.now()
      waitResult.run(parts, checked, at, later, asset, profile)
      const body = { checked, form: 2, later: shortDigest(later), parts, profileIndex: profile }
      appender.append({ kind: 'await', batch: null, asset, body }, at)
      refresh(asset)
    },

    /** With `facts` where the asset is read to its end with this result. */
    endResult: (asset: number, profile: number, end: AssetResult, about: ResultContext, facts?: AssetFacts): void => {
      const { outcome, reason, detail, labels, score, parts, checked, reusedFrom, reusedProfile } = end
      const open = readOpen.get(asset, profile)
      if (open === undefined) throw new Error(`asset ${asset} has no result of profile ${profile}`)
      const at = clock.now()
      const reuseKey = end.reuseKey === null ? null : Buffer.from(end.reuseKey, 'hex')
      const values = facts === undefined ? null : factColumnsOf(facts)
      const pieces = facts === undefined ? null : piecesColumnOf(facts)
      const read = values === null ? null : factsBody(open.source, values, pieces)
      const rules = open.rules === null ? undefined : (end.rules ?? 'unread')
      const body = resultBody(profile, end, { ...about, rules }, reuseKey, read)
      const screenedAt = about.again === true ? (open.screenedAt ?? at) : at
      const kind = reusedFrom === null ? 'result' : 'reuse'
      const seq = appender.append({ kind, batch: null, asset, body }, at)
      finishResult.run(
        outcome,
        reason,
        detail,
        JSON.stringify(labels),
        score,
        parts,
        checked,
        reusedFrom,
        reusedProfile,
        reuseKey,
        screenedAt,
        seq,
        end.rules ?? 'unread',
        about.moreHits ?? null,
        asset,
        profile,
      )
      if (facts !== undefined) columns.setPieces(asset, pieces)
      if (facts !== undefined && facts.text !== null) search.put(asset, 'text', facts.text)
      const factValues = values === null ? undefined : Object.values(values)
      if (open.profiles === 1) {
        if (labels.length > 0) search.putLabels(asset, labels)
        refreshFromOne(asset, open, end, screenedAt, factValues)
        return
      }
      if (factValues !== undefined) columns.setFacts(asset, factValues)
      if (labels.length > 0) search.putLabels(asset, labelsOfAsset(asset))
      if (end.tiled) columns.markTiled(asset)
      refresh(asset)
    },
  }
}

type OpenResult = Shown &
  Pick<AssetRecord, 'source'> &
  Pick<ResultRecord, 'rules'> & { readonly screenedAt: number | null; readonly profiles: number }

export type ResultWrites = ReturnType<typeof createResultWrites>

/** What the ledger records of a result, in the order of canonical JSON so that `canonicalJson` has nothing to sort. */
function resultBody(
  profile: number,
  end: AssetResult,
  about: ResultContext & { readonly rules: string | undefined },
  reuseKey: Buffer | null,
  read: ReturnType<typeof factsBody> | null,
): Record<string, unknown> {
  const { outcome, reason, detail, labels, score, parts, checked, reusedFrom, reusedProfile } = end
  return {
    again: about.again,
    checked,
    detail: detail ?? undefined,
    facts: read?.facts,
    form: 2,
    hits: about.hits,
    key: reuseKey?.toString('base64url'),
    labels,
    late: about.late,
    moreHits: about.moreHits,
    notes: read?.notes,
    outcome,
    parts,
    path: about.path,
    pieces: read?.pieces,
    profileIndex: profile,
    reading: read?.reading,
    reason: reason ?? undefined,
    reusedFrom: reusedFrom ?? undefined,
    reusedProfile: reusedProfile ?? undefined,
    rules: about.rules,
    score: score ?? undefined,
    screenedAt: about.screenedAt,
    sha256: about.sha256,
    tiled: end.tiled || undefined,
  }
}
