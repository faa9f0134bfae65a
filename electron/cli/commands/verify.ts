import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { Problem, usage } from '../../../shared/problems.ts'
import { type LedgerView, openLedgerView } from '../../engine/ledger/ledger-view.ts'
import { verifyDataDir } from '../../engine/ledger/verify.ts'
import { isUnchecked, verifyFiles } from '../../engine/reports/verify-files.ts'
import type { CommandContext } from '../context.ts'
import { defaultDataDir } from '../open.ts'
import { paint, printable } from '../terminal.ts'
import { parseFlags } from './screen.ts'

const verifySchema = z.object({
  dataDir: z.string().optional(),
  fingerprint: z.string().optional(),
  json: z.boolean().default(false),
})

/** Checks the ledger of a data directory, or exported reports alone; status 2 when something was tampered with,
 * 1 when it was not, but something is not there to be checked. Changes nothing. */
export async function verify(context: CommandContext, files: readonly string[], command: Command): Promise<number> {
  const flags = parseFlags(verifySchema, command)
  const dataDir = resolve(flags.dataDir ?? defaultDataDir(process.env))
  // Reports are checked by themselves unless a ledger was named.
  if ((files.length === 0 || flags.dataDir !== undefined) && !existsSync(join(dataDir, 'prescreen.sqlite'))) {
    throw usage(
      `${dataDir} 里没有账本（prescreen.sqlite）。请检查 --data-dir`,
      `there is no ledger in ${dataDir} (prescreen.sqlite); check --data-dir`,
    )
  }
  const stopping = new AbortController()
  const release = context.onInterrupt(() => stopping.abort(new Problem('cancelled')))
  try {
    return files.length === 0
      ? await verifyLedger(context, flags, stopping.signal)
      : await verifyReports(context, files, flags, stopping.signal)
  } finally {
    release()
  }
}

type Flags = z.infer<typeof verifySchema>

async function verifyLedger(
  { stdout, language, words }: CommandContext,
  flags: Flags,
  signal: AbortSignal,
): Promise<number> {
  const result = await verifyDataDir(resolve(flags.dataDir ?? defaultDataDir(process.env)), { signal })
  if (flags.json) stdout.write(`${JSON.stringify(result)}\n`)
  else {
    const head = result.intact ? paint(stdout, 'green', words.verifyOk) : paint(stdout, 'red', words.verifyBad)
    stdout.write(`${head} ${printable(result[language])}\n`)
    if (result.key !== null) stdout.write(`${words.fingerprint(result.key.fingerprint, result.key.origin)}\n`)
  }
  return result.intact ? 0 : 2
}

async function verifyReports(
  { stdout, language, words }: CommandContext,
  files: readonly string[],
  flags: Flags,
  signal: AbortSignal,
): Promise<number> {
  const results = await verifyFiles(files, {
    ...(flags.fingerprint === undefined ? {} : { fingerprint: flags.fingerprint }),
    // Named by the user: then the ledger must still contain what the reports say.
    ...(flags.dataDir === undefined ? {} : { ledger: ledgerIn(flags.dataDir) }),
    signal,
  })
  if (flags.json) stdout.write(`${JSON.stringify(results)}\n`)
  else {
    for (const result of results) {
      const mark = result.intact ? paint(stdout, 'green', '✓') : paint(stdout, 'red', '✗')
      stdout.write(`${mark} ${printable(result.file)}: ${printable(result[language])}\n`)
      if (result.fingerprint !== '') stdout.write(`  ${words.fingerprint(result.fingerprint, result.origin)}\n`)
    }
  }
  const failed = results.filter(result => !result.intact)
  return failed.length === 0 ? 0 : failed.every(isUnchecked) ? 1 : 2
}

function ledgerIn(dataDir: string): () => LedgerView {
  return () => openLedgerView(resolve(dataDir))
}
