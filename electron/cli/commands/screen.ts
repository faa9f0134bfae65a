import { fstatSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { reportPictures } from '../../../shared/ipc.ts'
import { usage } from '../../../shared/problems.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import {
  profileFlagsSchema,
  profilesOf,
  screenFlagsSchema,
  screenOptionsOf,
  variableThatIsSet,
  warnOfPlainHttp,
} from '../profile.ts'
import { checkReports, standardOutput } from '../reports.ts'
import { chosenRules, refuseOtherRules, storedBooks, warnOfDoubts } from '../rules.ts'
import { followBatch, requireBatch } from '../run-batch.ts'
import { flagProblem } from '../usage.ts'

export const reportFlagsSchema = z.object({
  csv: z.string().optional(),
  jsonl: z.string().optional(),
  html: z.string().optional(),
  xlsx: z.string().optional(),
  pictures: z.enum(reportPictures).optional(),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  dataDir: z.string().optional(),
})

const screenSchema = z.object({ ...profileFlagsSchema.shape, ...screenFlagsSchema.shape, ...reportFlagsSchema.shape })

export async function screen(context: CommandContext, paths: readonly string[], command: Command): Promise<number> {
  const flags = parseFlags(screenSchema, command)
  await checkInputs(paths, flags)
  checkOutput(flags)
  await checkReports(flags, paths, flags.dataDir)
  const engine = await openFromCommandLine(context, flags.dataDir, { stdin: process.stdin })
  try {
    const rules = await chosenRules(engine, flags)
    const profiles = profilesOf(engine, flags, context, rules !== null)
    warnOfPlainHttp(context, flags)
    warnOfDoubts(context, rules)
    const options = screenOptionsOf(engine, flags, rules?.options ?? null)
    const request = { inputs: paths, profiles, options, name: null }
    const textFields = (['title', 'nickname', 'signature'] as const).flatMap(name => (flags[name] ? [`--${name}`] : []))
    return await followBatch(context, engine, onResult => engine.screen(request, onResult), {
      ...flags,
      textFields,
      books: rules?.books ?? null,
    })
  } finally {
    await engine.close()
  }
}

export async function resume(context: CommandContext, batch: string, command: Command): Promise<number> {
  const flags = parseFlags(screenSchema, command)
  const secretEnv = flags.secretEnv === undefined ? undefined : variableThatIsSet('--secret-env', flags.secretEnv)
  checkOutput(flags)
  await checkReports(flags, [], flags.dataDir)
  const engine = await openFromCommandLine(context, flags.dataDir)
  try {
    const id = await requireBatch(engine, batch)
    if (secretEnv !== undefined) {
      for (const profile of (await engine.batches.get(id)).profiles)
        engine.profileBook.takeSecretFrom(profile.id, secretEnv)
    }
    await refuseOtherRules(engine, id, flags)
    const { maxCallsPerAsset, maxCallsPerBatch } = flags
    const changes = {
      ...(flags.wait && { waitForQuota: true }),
      ...(maxCallsPerAsset !== undefined && { maxCallsPerAsset }),
      ...(maxCallsPerBatch !== undefined && { maxCallsPerBatch }),
    }
    return await followBatch(context, engine, onResult => engine.resume(id, onResult, changes), {
      ...flags,
      textFields: [],
      books: await storedBooks(engine, id),
    })
  } finally {
    await engine.close()
  }
}

export function parseFlags<Schema extends z.ZodType>(schema: Schema, command: Command): z.output<Schema> {
  const parsed = schema.safeParse(command.optsWithGlobals())
  if (!parsed.success) throw flagProblem(parsed.error)
  return parsed.data
}

/** Refuses arguments that would not lead to what the user means. */
export async function checkInputs(paths: readonly string[], flags: z.infer<typeof screenFlagsSchema>): Promise<void> {
  // A variable that is not set ("$FILE"); resolved, it would be the current folder.
  if (paths.includes('')) throw usage('路径是空的（变量没有设置？）', 'a path is empty (a variable that is not set?)')
  if (paths.filter(path => path === '-').length > 1) throw usage("'-' 只能给一次", "'-' can be given once")
  // Node reads nothing from a folder and says nothing about it.
  if (paths.includes('-') && isStdinFolder()) {
    throw usage('标准输入是文件夹，请直接给出它的路径', 'standard input is a folder; give its path instead')
  }
  if (!flags.urlList) return
  for (const path of paths) {
    const isFolder = path !== '-' && ((await stat(path).catch(() => null))?.isDirectory() ?? false)
    if (path !== '-' && !isFolder) continue
    throw usage(
      `--url-list 只用于文件：请直接给出列表文件，而不是 ${path === '-' ? '标准输入' : path}`,
      `--url-list takes files: name the lists themselves, not ${path === '-' ? 'standard input' : path}`,
    )
  }
}

function isStdinFolder(): boolean {
  try {
    return fstatSync(0).isDirectory()
  } catch {
    // Windows does not report what a console is.
    return false
  }
}

function checkOutput(flags: z.infer<typeof reportFlagsSchema>): void {
  if (!flags.json || flags.jsonl !== standardOutput) return
  throw usage(
    '--json 和 --jsonl - 都要用标准输出，只能用一个',
    '--json and --jsonl - both take standard output; give one',
  )
}
