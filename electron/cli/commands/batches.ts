import type { Command } from 'commander'
import { z } from 'zod'
import { openBatches } from '../../../shared/open-batches.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { printable, printableJson, table } from '../terminal.ts'
import { outcomeWords, stateWords } from '../words.ts'
import { parseFlags } from './screen.ts'

const flagsSchema = z.object({ dataDir: z.string().optional(), json: z.boolean().default(false) })

/** All batches: those that are not at their end in the order in which they are worked on, then the others, the newest first. */
export async function listBatches(context: CommandContext, command: Command): Promise<number> {
  const flags = parseFlags(flagsSchema, command)
  const { language, stdout } = context
  const engine = await openFromCommandLine(context, flags.dataDir)
  try {
    const all = await engine.batches.list()
    const open = openBatches(all, (await engine.queue.status()).first)
    const ended = all.filter(batch => !open.includes(batch)).toSorted((a, b) => b.createdAt - a.createdAt)
    const listed = [...open, ...ended].map(({ id, name, state, createdAt, endedAt, practice, tally, decided }) => ({
      ...{ batch: id, name, state, practice, createdAt: isoTime(createdAt) },
      ...{ endedAt: endedAt === null ? null : isoTime(endedAt), decided },
      ...{ assets: tally.assets, pending: tally.pending, awaiting: tally.awaiting, unchecked: tally.unchecked },
      ...{ rulesOnly: tally.rules_only, pass: tally.pass, review: tally.review, risky: tally.risky },
    }))
    if (flags.json) {
      stdout.write(`${printableJson({ schema: 1, batches: listed })}\n`)
      return 0
    }
    const words = outcomeWords[language]
    const rows = listed.map(({ batch, name, state, createdAt, assets, risky, review, unchecked }) => [
      batch,
      stateWords[language][state],
      createdAt.slice(0, 16).replace('T', ' '),
      `${assets}`,
      `${words.risky} ${risky} · ${words.review} ${review} · ${words.unchecked} ${unchecked}`,
      printable(name),
    ])
    if (rows.length > 0) stdout.write(`${table(rows)}\n`)
    return 0
  } finally {
    await engine.close()
  }
}

const isoTime = (ms: number): string => new Date(ms).toISOString()
