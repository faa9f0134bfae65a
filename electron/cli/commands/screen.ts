import type { Command } from 'commander'
import { z } from 'zod'
import { Problem } from '../../../shared/problems.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { problemsOf, profileFlagsSchema, profilesOf, screenFlagsSchema, screenOptionsOf } from '../profile.ts'
import { followBatch, requireBatch } from '../run-batch.ts'

export const reportFlagsSchema = z.object({
  csv: z.string().optional(),
  jsonl: z.string().optional(),
  html: z.string().optional(),
  xlsx: z.string().optional(),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  dataDir: z.string().optional(),
})

const screenSchema = z.object({ ...profileFlagsSchema.shape, ...screenFlagsSchema.shape, ...reportFlagsSchema.shape })

export async function screen(context: CommandContext, paths: readonly string[], command: Command): Promise<number> {
  const flags = parseFlags(screenSchema, command)
  if (paths.filter(path => path === '-').length > 1) throw new Problem('usage', "'-' can be given once")
  const engine = await openFromCommandLine(flags.dataDir, { stdin: process.stdin })
  try {
    const profiles = profilesOf(engine, flags)
    const request = { inputs: paths, profiles, options: screenOptionsOf(engine, flags), name: null }
    return await followBatch(context, engine, onResult => engine.screen(request, onResult), flags)
  } finally {
    await engine.close()
  }
}

export async function resume(context: CommandContext, batch: string, command: Command): Promise<number> {
  const flags = parseFlags(screenSchema, command)
  const engine = await openFromCommandLine(flags.dataDir)
  try {
    const id = requireBatch(engine, batch)
    const { secretEnv } = flags
    if (secretEnv !== undefined) {
      for (const profile of engine.batches.get(id).profiles) engine.profileBook.takeSecretFrom(profile.id, secretEnv)
    }
    const changes = flags.wait ? { waitForQuota: true } : {}
    return await followBatch(context, engine, onResult => engine.resume(id, onResult, changes), flags)
  } finally {
    await engine.close()
  }
}

export function parseFlags<Schema extends z.ZodType>(schema: Schema, command: Command): z.output<Schema> {
  const parsed = schema.safeParse(command.optsWithGlobals())
  if (!parsed.success) throw new Problem('usage', problemsOf(parsed.error))
  return parsed.data
}
