import { constants } from 'node:fs'
import { access, readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { type UsageProblem, usage } from '../../../shared/problems.ts'
import { registry } from '../../engine/checkers/registry.ts'
import { readFaultScript } from '../../engine/sandbox/fault-script.ts'
import { startPushes } from '../../engine/sandbox/pushes.ts'
import { pushScriptSchema } from '../../engine/sandbox/pushes-script.ts'
import { startSandbox } from '../../engine/sandbox/start-sandbox.ts'
import type { CommandContext } from '../context.ts'
import { wholeNumber } from '../profile.ts'
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

function unreadable(flag: string, file: string | undefined): UsageProblem {
  return usage(`${flag} ${file} 读不了`, `${flag} ${file} cannot be read`)
}

async function readPushes(file: string): Promise<z.infer<typeof pushesSchema>> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw unreadable('--pushes', file)
  })
  try {
    return pushesSchema.parse(JSON.parse(text))
  } catch (error) {
    const places = error instanceof z.ZodError ? error.issues.map(issue => issue.path.join('.')).join(', ') : ''
    if (places === '') throw usage(`--pushes ${file}：不是合格的 JSON`, `--pushes ${file}: not the right JSON`)
    throw usage(
      `--pushes ${file}：这些地方不对：${places}（见 docs/async.md）`,
      `--pushes ${file}: wrong at ${places} (docs/async.md)`,
    )
  }
}

const sandboxSchema = z.object({
  port: wholeNumber(0, 65_535).default(0),
  script: z.string().optional(),
  pushes: z.string().optional(),
  json: z.boolean().default(false),
})

/** Runs until Ctrl-C; prints the address and the practice accounts. */
export async function sandbox(context: CommandContext, command: Command): Promise<number> {
  const flags = parseFlags(sandboxSchema, command)
  if (flags.script !== undefined)
    await access(flags.script, constants.R_OK).catch(() => {
      throw unreadable('--script', flags.script)
    })
  const practices = await registry.practices()
  const script = flags.script === undefined ? undefined : await readFaultScript(flags.script, practices)
  const pushes = flags.pushes === undefined ? null : await readPushes(flags.pushes)
  if (script?.kind === 'invalid') {
    const said = (language: 'zh' | 'en') => script.problems.map(problem => problem[language])
    throw usage(
      `--script ${flags.script}：${said('zh').join('；')}（见 docs/sandbox.md）`,
      `--script ${flags.script}: ${said('en').join('; ')} (docs/sandbox.md)`,
    )
  }
  const running = await startSandbox(practices, {
    port: flags.port,
    ...(script === undefined ? {} : { script: script.script }),
  }).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EADDRINUSE')
      throw usage(
        `端口 ${flags.port} 已被占用，请用 --port 另选`,
        `port ${flags.port} is taken; choose another with --port`,
      )
    if (code === 'EACCES')
      throw usage(
        `端口 ${flags.port} 不允许使用，请用 --port 选 1023 以上的`,
        `port ${flags.port} may not be used; choose one above 1023 with --port`,
      )
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
