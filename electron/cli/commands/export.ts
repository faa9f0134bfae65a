import type { Command } from 'commander'
import { z } from 'zod'
import { Problem } from '../../../shared/problems.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { exportTo, requireBatch } from '../run-batch.ts'
import { parseFlags } from './screen.ts'

const exportSchema = z.object({
  csv: z.string().optional(),
  xlsx: z.string().optional(),
  html: z.string().optional(),
  jsonl: z.string().optional(),
  dataDir: z.string().optional(),
  quiet: z.boolean().default(false),
})

export async function exportBatch(context: CommandContext, batch: string, command: Command): Promise<number> {
  const flags = parseFlags(exportSchema, command)
  const wanted = (['csv', 'xlsx', 'html', 'jsonl'] as const).flatMap(format => {
    const file = flags[format]
    return file === undefined ? [] : [{ format, file }]
  })
  if (wanted.length === 0)
    throw new Problem('usage', 'export needs --csv FILE, --xlsx FILE, --html FILE or --jsonl FILE')
  const engine = await openFromCommandLine(flags.dataDir)
  try {
    const id = requireBatch(engine, batch)
    for (const { format, file } of wanted) await exportTo(context, engine, id, format, file, flags.quiet)
    return 0
  } finally {
    await engine.close()
  }
}
