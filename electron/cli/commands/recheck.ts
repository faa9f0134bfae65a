import type { Command } from 'commander'
import { z } from 'zod'
import type { OlderReadings } from '../../../shared/history.ts'
import { usage } from '../../../shared/problems.ts'
import type { HeadlessEngine } from '../../engine/app/api.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { variableThatIsSet } from '../profile.ts'
import { storedBooks } from '../rules.ts'
import { followBatch, requireBatch } from '../run-batch.ts'
import { printable, printableJson, table } from '../terminal.ts'
import { parseFlags } from './screen.ts'

const recheckSchema = z.object({
  olderReadings: z.boolean().default(false),
  plan: z.boolean().default(false),
  secretEnv: z.string().optional(),
  dataDir: z.string().optional(),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
})

/**
 * Passes of earlier versions whose kinds are read differently today: names, counts and prices them, and (without `--plan`) screens them
 * anew, batch by batch. Resolves to the worst exit status of the batches; 0 where there is nothing to do.
 */
export async function recheck(context: CommandContext, batches: readonly string[], command: Command): Promise<number> {
  const flags = parseFlags(recheckSchema, command)
  if (!flags.olderReadings) {
    throw usage(
      'recheck 要和 --older-readings 一起用：重新检查旧版本读过的素材',
      'recheck needs --older-readings: it screens anew what earlier versions read differently',
    )
  }
  const secretEnv = flags.secretEnv === undefined ? undefined : variableThatIsSet('--secret-env', flags.secretEnv)
  const engine = await openFromCommandLine(context, flags.dataDir)
  try {
    const wanted = new Set(await Promise.all(batches.map(batch => requireBatch(engine, batch))))
    const passes = await engine.history.olderReadings()
    const older = passes.filter(each => wanted.size === 0 || wanted.has(each.batch))
    if (flags.plan && flags.json) context.stdout.write(`${printableJson({ schema: 1, batches: older })}\n`)
    else if (!flags.json) context.stdout.write(planText(context, older))
    if (flags.plan) return 0
    const statuses: number[] = []
    for (const { batch } of older) {
      if (secretEnv !== undefined) await takeSecret(engine, batch, secretEnv)
      const status = await followBatch(context, engine, onResult => engine.recheckOlder(batch, onResult), {
        ...flags,
        textFields: [],
        books: await storedBooks(engine, batch),
      })
      if (status === 130) return status
      statuses.push(status)
    }
    return worst.find(status => statuses.includes(status)) ?? 0
  } finally {
    await engine.close()
  }
}

/** Exit statuses by what a person must know first. */
const worst = [1, 2, 3, 4] as const

async function takeSecret(engine: HeadlessEngine, batch: string, variable: string): Promise<void> {
  const { profiles } = await engine.batches.get(batch)
  for (const profile of profiles) engine.profileBook.takeSecretFrom(profile.id, variable)
}

function planText({ words, language }: CommandContext, older: readonly OlderReadings[]): string {
  if (older.length === 0) return `${words.noOlder}\n`
  const number = (n: number) => n.toLocaleString(language === 'zh' ? 'zh-CN' : 'en')
  const sum = (of: (each: OlderReadings) => number) => older.reduce((total, each) => total + of(each), 0)
  const rows = older.map(each => [
    each.batch,
    printable(each.name),
    words.planKinds(each.kinds),
    words.olderCalls(number(each.calls)),
  ])
  return `${table(rows)}\n${words.older(number(sum(each => each.assets)), number(sum(each => each.calls)))}\n`
}
