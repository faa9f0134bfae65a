import { setFlagsFromString } from 'node:v8'
import { Command, CommanderError, Option } from 'commander'
import { Problem, problemText, usage } from '../../shared/problems.ts'
import { problemOf } from '../engine/ledger/database.ts'
import { redact } from '../engine/redact.ts'
import { doctorReport } from './commands/doctor.ts'
import { exportReports } from './commands/export.ts'
import { plan } from './commands/plan.ts'
import { addProfile, listProfiles, removeProfile, testProfile } from './commands/profiles.ts'
import { relay } from './commands/relay.ts'
import { sandbox } from './commands/sandbox.ts'
import { resume, screen } from './commands/screen.ts'
import { verify } from './commands/verify.ts'
import type { CommandContext } from './context.ts'
import { printable } from './terminal.ts'
import { commanderProblem } from './usage.ts'
import { type Language, languageOf, problemSentence, words } from './words.ts'

/** `prescreen`: the engine without a window. Flags, exit statuses and records are a contract (docs/cli.md). */
async function main(args: readonly string[]): Promise<number> {
  let status = 0
  const act =
    <Args extends unknown[]>(action: (context: CommandContext, ...args: Args) => Promise<number>) =>
    async (...given: unknown[]) => {
      status = await action(context(program.opts().lang), ...(given as Args))
    }
  const program = buildProgram(act)
  try {
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    const language = languageOf(program.opts().lang, process.env)
    if (!(error instanceof CommanderError)) return fail(error, language)
    // A command that needs another one (`profiles` has a default, so none does) shows its help, as `--help` does.
    const isAnswered = error.exitCode === 0 || error.code === 'commander.help'
    return isAnswered ? error.exitCode : fail(commanderProblem(error), language)
  }
}

type Act = <Args extends unknown[]>(
  action: (context: CommandContext, ...args: Args) => Promise<number>,
) => (...given: unknown[]) => Promise<void>

function buildProgram(act: Act): Command {
  const program = new Command('prescreen')
    .description('Screen text and images with the content-security APIs of WeChat and QQ. 预审台')
    .version('0.1.0')
    .addOption(new Option('--lang <language>', "language of messages (default: the system's)").choices(['zh', 'en']))
    // Told by `fail`, in the user's language.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()

  const many = (value: string, before: readonly string[] = []) => [...before, value]
  const withProfile = (command: Command) =>
    command
      .option('--profile <name>', 'stored profile; may be given twice', many)
      .addOption(new Option('--platform <platform>', 'a profile for this run only').choices(['wechat', 'qq']))
      .option('--appid <id>', 'appid of that profile')
      .option('--secret-env <variable>', 'environment variable that holds the AppSecret')
      .option('--base-url <url>', "host in place of the platform's")
      .addOption(
        new Option('--token-mode <mode>', 'where the access token comes from').choices([
          'stable',
          'classic',
          'broker',
          'static',
        ]),
      )
      .option('--broker-url <url>', 'answers {access_token, expires_in}')
      .option('--openid <id>', 'user for WeChat text v2; may be repeated', many)
      .option('--scene <n>', '1 profile, 2 comment, 3 forum, 4 social log')
      .addOption(
        new Option('--image-mode <mode>', 'long or large images: shrink, cut at native scale, or both').choices([
          'auto',
          'fit',
          'tile',
          'both',
        ]),
      )
      .option('--per-minute <n>', 'calls per minute')
      .option('--per-day <n>', 'calls per day')
      .option('--share <percent>', 'part of the limits that may be used')
      .addOption(
        new Option('--image-route <route>', 'images with the call, by address, or both').choices([
          'sync',
          'async',
          'both',
        ]),
      )
      .option('--relay-url <url>', 'relay for asynchronous checks')
      .option('--relay-key-env <variable>', "environment variable that holds the relay's key")
      .option('--cloud-env <id>', 'send checks through the cloud function of this environment')
      .option('--cloud-function <name>', 'its name (default: prescreen-check)')
  const withScreening = (command: Command) =>
    withProfile(command)
      .option('--no-reuse', 'do not reuse verdicts on identical bytes')
      .option('--wait', "wait for the reset when the day's quota is used up")
      .option('--text-column <name>', 'column of a .csv or .xlsx that holds text (header or letter)')
      .option('--url-column <name>', 'column that holds image addresses')
      .option('--url-list', 'text files are lists of image addresses')
      .option('--allow-private-urls', 'also download from private addresses')
      .option('--max-tiles <n>', 'tiles, or frames, of one image at most (default: 60)')
      .option('--title <text>', 'title, checked with each text')
      .option('--nickname <text>', 'nickname, checked with each text')
      .option('--signature <text>', 'signature, checked with each text')
      .option('--data-dir <dir>', 'database, cache, settings')
      .option('--json', 'the summary as one JSON object')
      .option('--quiet', 'no progress')
  const withReports = (command: Command) =>
    command
      .option('--csv <file>', 'write a CSV report')
      .option('--jsonl <file>', 'write one JSON line per asset, as they complete')
      .option('--html <file>', 'write an HTML report')
      .option('--xlsx <file>', 'write an XLSX report')

  withReports(
    withScreening(
      program
        .command('screen')
        .argument('<path...>', "files, folders, tables, URL lists; '-' reads text from standard input"),
    ),
  )
    .description('screen files and folders')
    .action(act((context, paths: string[], _options: unknown, command: Command) => screen(context, paths, command)))
  withScreening(program.command('plan').argument('<path...>', 'as for screen'))
    .description('calls, quota and time of a batch, before any check call is made')
    .action(act((context, paths: string[], _options: unknown, command: Command) => plan(context, paths, command)))
  withReports(withScreening(program.command('resume').argument('<batch>', 'id, or the beginning of one')))
    .description('go on with a batch that was paused or interrupted')
    .action(act((context, batch: string, _options: unknown, command: Command) => resume(context, batch, command)))
  withReports(
    program.command('export').argument('[batch]', 'id, or the beginning of one; without it across all batches'),
  )
    .description('write reports of a batch, or of what a filter finds in all of them')
    .option('--from <date>', 'across all batches: first day, as 2026-11-01')
    .option('--to <date>', 'last day')
    .option('--profile <name>', 'only what this profile screened')
    .option('--verdict <verdict>', 'pass, review, risky or unchecked; may be repeated', many)
    .option('--decision <decision>', 'approve, reject, escalate, defer or undecided')
    .option('--label <code>', 'only results with this label')
    .option('--search <text>', 'only assets whose path, text, note, label or request id matches')
    .option('--data-dir <dir>', 'database, cache, settings')
    .option('--quiet', 'no messages')
    .action(
      act((context, batch: string | undefined, _options: unknown, command: Command) =>
        exportReports(context, batch, command),
      ),
    )
  program
    .command('verify')
    .argument('[file...]', 'exported reports')
    .description('check the ledger, or exported reports, for tampering')
    .option('--data-dir <dir>', 'database, cache, settings; with files: the ledger they must agree with')
    .option('--fingerprint <text>', 'the key that must have signed the reports')
    .option('--json', 'the result as one JSON object')
    .action(act((context, files: string[], _options: unknown, command: Command) => verify(context, files, command)))

  const profiles = program.command('profiles').description('list, add, remove and test stored profiles')
  const stored = (command: Command) => command.option('--data-dir <dir>', 'database, cache, settings')
  stored(profiles.command('list', { isDefault: true }))
    .option('--json', 'as JSON')
    .action(act((context, _options: unknown, command: Command) => listProfiles(context, command)))
  withProfile(stored(profiles.command('add').argument('<name>'))).action(
    act((context, name: string, _options: unknown, command: Command) => addProfile(context, name, command)),
  )
  stored(profiles.command('remove').argument('<name>')).action(
    act((context, name: string, _options: unknown, command: Command) => removeProfile(context, name, command)),
  )
  const testing = (command: Command) =>
    stored(command)
      .option('--secret-env <variable>', 'environment variable that holds the AppSecret')
      .option('--json', 'as JSON')
  testing(profiles.command('test').argument('<name>')).action(
    act((context, name: string, _options: unknown, command: Command) => testProfile(context, name, command)),
  )
  testing(program.command('doctor').argument('[name...]', 'profiles; all when none is named'))
    .description('token, IP allow-list, quota, one harmless call; says what to do about each')
    .action(
      act((context, names: string[], _options: unknown, command: Command) => doctorReport(context, names, command)),
    )
  program
    .command('sandbox')
    .description('run the local stand-in for both platforms')
    .option('--port <n>', 'port on 127.0.0.1 (default: a free one)')
    .option('--script <file>', 'fault script (docs/sandbox.md)')
    .option('--pushes <file>', 'where and how results of asynchronous checks are pushed (docs/async.md)')
    .option('--json', 'address and practice accounts as JSON')
    .action(act((context, _options: unknown, command: Command) => sandbox(context, command)))
  program
    .command('relay')
    .description('receive message pushes and serve media to the platforms (docs/relay.md)')
    .option('--config <file>', 'settings file')
    .option('--new-key', 'make a key for a workstation')
    .action(act((context, _options: unknown, command: Command) => relay(context, command)))
  refuseRepetition(program, many)
  return program
}

/** An option that holds one value is given once: of two values one would be dropped in silence. */
function refuseRepetition(command: Command, many: unknown): void {
  for (const option of command.options) {
    const parse = option.parseArg
    if (!option.required || parse === many) continue
    option.argParser((value: string, before: unknown) => {
      if (before !== undefined) throw usage(`${option.long} 只能给一次`, `${option.long} can be given once`)
      return parse === undefined ? value : parse.call(option, value, before)
    })
  }
  for (const each of command.commands) refuseRepetition(each, many)
}

function context(flag: string | undefined): CommandContext {
  const language = languageOf(flag, process.env)
  return { stdout: process.stdout, stderr: process.stderr, language, words: words[language], onInterrupt }
}

// Short-lived objects are most of the work: V8 would give them ever more room, so that a long batch took twice the memory of a
// short one and went no faster (tests/bench/memory.ts).
setFlagsFromString('--semi-space-growth-factor=1')
setFlagsFromString('--heap-growing-percent=25')

const interruptListeners = new Set<() => void>()
let interrupts = 0

function onInterrupt(listener: () => void): () => void {
  interruptListeners.add(listener)
  return () => interruptListeners.delete(listener)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // conf's library for files listens too and sends the signal once more, which would be taken for somebody who asks twice.
  process.removeAllListeners(signal)
  process.on(signal, () => {
    interrupts += 1
    // Whoever asks twice does not want to wait; what is durable stays so.
    if (interrupts > 1 || interruptListeners.size === 0) process.exit(130)
    for (const listener of interruptListeners) listener()
  })
}

/** One sentence, no stack: what happened, what it means, what to do. */
function fail(thrown: unknown, language: Language): number {
  const error = problemOf(thrown, 'prescreen.sqlite')
  if (error instanceof Problem) {
    process.stderr.write(`${printable(redact(problemSentence(error, language)))}\n`)
    return error.code === 'cancelled' ? 130 : 1
  }
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${problemText('internal', language)} (${printable(redact(message))})\n`)
  return 1
}

// A reader that goes away (`| head`) is no error of ours, but no verdict either: the work goes on, and its status says how it went.
// Whatever else keeps the summary from being read (a full disk) must not look like a pass.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') return
  process.stderr.write(`${printable(error.message)}\n`)
  process.once('exit', () => {
    process.exitCode ||= 1
  })
})
// Nobody to tell: the work goes on, and its status says how it went.
process.stderr.on('error', () => undefined)
// A fault of this program is told in a sentence too; what is durable stays so.
process.on('uncaughtException', error => {
  process.exit(fail(error, languageOf(undefined, process.env)))
})

process.exitCode = await main(process.argv.slice(2))
