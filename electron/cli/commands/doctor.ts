import type { Command } from 'commander'
import { z } from 'zod'
import { Problem } from '../../../shared/problems.ts'
import type { HeadlessEngine } from '../../engine/app/api.ts'
import type { CommandContext } from '../context.ts'
import { openFromCommandLine } from '../open.ts'
import { noProfile, variableName } from '../profile.ts'
import { paint, printable, printableJson, table } from '../terminal.ts'
import { parseFlags } from './screen.ts'

const doctorSchema = z.object({
  dataDir: z.string().optional(),
  json: z.boolean().default(false),
  secretEnv: z.string().optional(),
})
const styles = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'dim' } as const

/** Tests the named profiles, or all; status 1 when one of them cannot screen. */
export async function doctorReport(
  context: CommandContext,
  names: readonly string[],
  command: Command,
): Promise<number> {
  const flags = parseFlags(doctorSchema, command)
  const secretEnv = flags.secretEnv === undefined ? null : variableName('--secret-env', flags.secretEnv)
  const { stdout, language, words } = context
  const engine = await openFromCommandLine(context, flags.dataDir)
  const stopping = new AbortController()
  const release = context.onInterrupt(() => stopping.abort(new Problem('cancelled')))
  try {
    const profiles =
      names.length === 0
        ? engine.profiles.list()
        : names.map(name => {
            const profile = engine.profileBook.get(name)
            if (profile === null) throw noProfile(engine, name)
            return profile
          })
    let failed = false
    const report: unknown[] = []
    for (const profile of profiles) {
      if (secretEnv !== null) engine.profileBook.takeSecretFrom(profile.id, secretEnv)
      const steps = await engine.profiles.test(profile.id, stopping.signal)
      failed ||= steps.some(step => step.state === 'failed')
      if (flags.json) report.push({ profile: profile.name, steps })
      else {
        stdout.write(`${printable(profile.name)}\n`)
        stdout.write(
          `${table(steps.map(step => ['', paint(stdout, styles[step.state], words.doctorState[step.state]), printable(step[language])]))}\n`,
        )
      }
    }
    if (flags.json) stdout.write(`${printableJson(report)}\n`)
    else await tellOfBrowser(context, engine, stopping.signal)
    return failed ? 1 : 0
  } finally {
    release()
    await engine.close()
  }
}

/** Which browser draws pages, or what it costs that none does. */
async function tellOfBrowser(
  { stdout, words }: CommandContext,
  engine: HeadlessEngine,
  signal: AbortSignal,
): Promise<void> {
  const tell = (state: keyof typeof styles, sentence: string) =>
    stdout.write(`${table([['', paint(stdout, styles[state], words.doctorState[state]), printable(sentence)]])}\n`)
  stdout.write(`${words.browser}\n`)
  try {
    const facts = await engine.describeChromium(signal)
    if (facts === null) return void tell('warning', words.noBrowser)
    tell('ok', words.browserDraws(facts.product))
    if (!facts.hasChineseFont) tell('warning', words.noChineseFont)
  } catch {
    signal.throwIfAborted()
    tell('warning', words.browserFails)
  }
}
