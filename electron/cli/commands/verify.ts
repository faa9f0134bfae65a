import type { Command } from 'commander'
import { z } from 'zod'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { paint } from '../terminal.ts'
import { parseFlags } from './screen.ts'

const verifySchema = z.object({ dataDir: z.string().optional(), json: z.boolean().default(false) })

export async function verify(context: CommandContext, _files: readonly string[], command: Command): Promise<number> {
  const flags = parseFlags(verifySchema, command)
  const { stdout, language, words } = context
  const engine = await openFromCommandLine(flags.dataDir)
  try {
    const result = await engine.ledger.verify()
    if (flags.json) stdout.write(`${JSON.stringify(result)}\n`)
    else {
      const head = result.intact ? paint(stdout, 'green', words.verifyOk) : paint(stdout, 'red', words.verifyBad)
      stdout.write(`${head} ${result[language]}\n${result.fingerprint}\n`)
    }
    return result.intact ? 0 : 2
  } finally {
    await engine.close()
  }
}
