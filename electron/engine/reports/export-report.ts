import { Problem } from '../../../shared/problems.ts'
import type { BatchProfile } from '../../../shared/screening.ts'
import type { Engine } from '../api.ts'
import type { LedgerCommands } from '../ledger/commands.ts'
import type { LedgerDatabase } from '../ledger/database.ts'
import type { LedgerQueries, ReportRow } from '../ledger/queries.ts'
import { csvHead, csvRow } from './csv.ts'
import { writeWhole } from './file.ts'
import { jsonRecord } from './records.ts'

export interface ReportServices {
  readonly database: LedgerDatabase
  readonly queries: LedgerQueries
  readonly commands: LedgerCommands
  /** Texts of the reasons behind the keys 1–9. */
  readonly reasons: () => readonly string[]
}

/** Rows between two breaths: the event loop serves the window and the calls meanwhile. */
const rowsAtOnce = 500

/** Writes a report of a batch, or of some of its assets, and its manifest; the ledger gets a row for it. */
export async function exportReport(
  services: ReportServices,
  ...args: Parameters<Engine['reports']['export']>
): ReturnType<Engine['reports']['export']> {
  const [scope, format, file, language, onProgress, signal] = args
  const { queries } = services
  const batch = queries.summary(scope.batch)
  if (batch === null) throw new Problem('not_found', scope.batch)
  const assets = scope.of === 'assets' ? scope.assets : null
  const total = queries.reportCount(scope.batch, assets)
  let rows = 0

  async function* pieces() {
    if (format === 'csv') yield csvHead()
    for (const row of queries.reportRows(scope.batch, assets)) {
      const profile = profileOf(batch?.profiles ?? [], row)
      yield format === 'csv'
        ? csvRow(row, profile, language, services.reasons())
        : `${JSON.stringify(jsonRecord(queries, row, profile))}\n`
      rows += 1
      if (rows % rowsAtOnce === 0) {
        onProgress(rows, total)
        await new Promise(resolve => setImmediate(resolve))
      }
    }
    onProgress(rows, total)
  }
  if (format !== 'csv' && format !== 'jsonl') throw new Problem('bad_request', `no ${format} report here`)

  const head = queries.head()
  const written = await writeWhole(file, pieces(), signal)
  const manifest = {
    schema: 1,
    format,
    batch: scope.batch,
    practice: batch.practice,
    filter: scope.of === 'assets' ? scope.filter : null,
    rows,
    sha256: written.sha256,
    bytes: written.bytes,
    ledgerHead: head === null ? null : { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') },
  }
  await writeWhole(`${file}.manifest.json`, [`${JSON.stringify(manifest, null, 2)}\n`], signal)
  await services.database.commit(() =>
    services.commands.append('export', scope.batch, { format, rows, sha256: written.sha256, filter: manifest.filter }),
  )
  return { file, rows }
}

export function profileOf(profiles: readonly BatchProfile[], row: ReportRow): BatchProfile {
  const profile = profiles[row.result.profile]
  if (profile === undefined) throw new Error(`batch ${row.asset.batch} has no profile ${row.result.profile}`)
  return profile
}
