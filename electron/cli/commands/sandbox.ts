import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { Problem } from '../../../shared/problems.ts'
import { readFaultScript } from '../../engine/sandbox/fault-script.ts'
import { startPushes } from '../../engine/sandbox/pushes.ts'
import { pushScriptSchema } from '../../engine/sandbox/pushes-script.ts'
import { startSandbox } from '../../engine/sandbox/start-sandbox.ts'
import type { CommandContext } from '../context.ts'
import { table } from '../terminal.ts'
import { parseFlags } from './screen.ts'

const pushesSchema = z.strictObject({
  consoles: z.array(
    z.strictObject({
      appid: z.string(),
      url: z.url(),
      token: z.string().default(''),
      encodingAesKey: z.string().nullable().default(null),
      mode: z.enum(['plain', 'compatible', 'secure']).default('plain'),
      format: z.enum(['xml', 'json']).default('json'),
      numbers: z.enum(['number', 'text']).default('number'),
    }),
  ),
  delayMs: z.int().min(0).default(0),
  script: pushScriptSchema.default({ rules: [] }),
})

async function readPushes(file: string): Promise<z.infer<typeof pushesSchema>> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Problem('usage', `--pushes ${file} cannot be read`)
  })
  try {
    return pushesSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new Problem('usage', `--pushes ${file}: ${error instanceof z.ZodError ? z.prettifyError(error) : 'not JSON'}`)
  }
}

const sandboxSchema = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  script: z.string().optional(),
  pushes: z.string().optional(),
  json: z.boolean().default(false),
})

/** Runs until Ctrl-C; prints the address and the practice accounts. */
export async function sandbox(context: CommandContext, command: Command): Promise<number> {
  const flags = parseFlags(sandboxSchema, command)
  const script = flags.script === undefined ? undefined : await readFaultScript(flags.script)
  const pushes = flags.pushes === undefined ? null : await readPushes(flags.pushes)
  if (script?.kind === 'invalid') throw new Problem('usage', `--script ${flags.script}: ${script.problems.join('; ')}`)
  const running = await startSandbox({
    port: flags.port,
    ...(script === undefined ? {} : { script: script.script }),
  }).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EADDRINUSE') throw new Problem('usage', `port ${flags.port} is taken; choose another with --port`)
    if (code === 'EACCES')
      throw new Problem('usage', `port ${flags.port} may not be used; choose one above 1023 with --port`)
    throw error
  })
  const { stdout, stderr, words } = context
  if (flags.json) stdout.write(`${JSON.stringify({ url: running.url, apps: running.apps })}\n`)
  else {
    stdout.write(`${words.sandboxAt(running.url)}\n`)
    stdout.write(
      `${table(running.apps.map(app => [app.platform, app.appid, app.secret, app.users.map(user => user.openid).join(' ')]))}\n`,
    )
  }
  stderr.write(`${words.practice}\n`)
  const pushing = pushes === null ? null : startPushes(running, pushes)
  await new Promise<void>(resolve => context.onInterrupt(resolve))
  await pushing?.close()
  await running.close()
  return 0
}
