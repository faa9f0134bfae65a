import { setFlagsFromString } from 'node:v8'
import { Command, CommanderError, Option } from 'commander'
import type { Language } from '../../shared/language.ts'
import { Problem, problemText, usage } from '../../shared/problems.ts'
import { faultName } from '../engine/base/fault.ts'
import { redact } from '../engine/base/redact.ts'
import { problemOf } from '../engine/base/sqlite/problem-of.ts'
import { listBatches } from './commands/batches.ts'
import { doctorReport } from './commands/doctor.ts'
import { exportReports } from './commands/export.ts'
import { plan } from './commands/plan.ts'
import { addProfile, listProfiles, removeProfile, testProfile } from './commands/profiles.ts'
import { recheck } from './commands/recheck.ts'
import { checkRules, listRules, testRules } from './commands/rules.ts'
import { resume, screen } from './commands/screen.ts'
import { verify } from './commands/verify.ts'
import type { CommandContext } from './context.ts'
import { helpIn } from './help.ts'
import { many, type Translate, withAccount, withDataDir, withReports, withScreening } from './options.ts'
import { printable } from './terminal.ts'
import { commanderProblem } from './usage.ts'
import { languageOf, problemSentence, words } from './words.ts'

/** `prescreen`: the engine without a window. Flags, exit statuses and records are a contract (docs/cli.md). */
async function main(args: readonly string[]): Promise<number> {
  let status = 0
  const action =
    <Args extends unknown[]>(run: (context: CommandContext, ...args: Args) => Promise<number>) =>
    async (...given: unknown[]) => {
      status = await run(context(program.opts()), ...(given as Args))
    }
  const program = buildProgram(action, languageOf(languageFlagIn(args), process.env))
  try {
    await program.parseAsync(args, { from: 'user' })
    return status
  } catch (error) {
    const language = languageOf(languageFlagIn(args), process.env)
    if (!(error instanceof CommanderError)) return fail(error, language)
    // A command that needs another one (`profiles` has a default, so none does) shows its help, as `--help` does.
    const isAnswered = error.exitCode === 0 || error.code === 'commander.help'
    return isAnswered ? error.exitCode : fail(commanderProblem(error), language)
  }
}

/** Help is written before anything is parsed. */
function languageFlagIn(args: readonly string[]): string | undefined {
  const at = args.findLastIndex(arg => arg === '--lang' || arg.startsWith('--lang='))
  const given = args[at] ?? ''
  return given.startsWith('--lang=') ? given.slice('--lang='.length) : args[at + 1]
}

type CommandAction = <Args extends unknown[]>(
  action: (context: CommandContext, ...args: Args) => Promise<number>,
) => (...given: unknown[]) => Promise<void>

function buildProgram(action: CommandAction, language: Language): Command {
  const t: Translate = (zh, en) => (language === 'zh' ? zh : en)
  const program = new Command('prescreen')
    .description(
      t(
        '预审台：用微信和 QQ 的内容安全接口预先检查文本和图片',
        'Screen text and images with the content-security APIs of WeChat and QQ. 预审台',
      ),
    )
    .version('0.1.0', '-V, --version', t('输出版本号', 'output the version number'))
    .helpOption('-h, --help', t('显示帮助', 'display help for command'))
    .helpCommand('help [command]', t('显示一个命令的帮助', 'display help for command'))
    .configureHelp(helpIn(language))
    .addOption(
      new Option(
        '--lang <language>',
        t('界面语言（默认跟随系统）', "language of messages (default: the system's)"),
      ).choices(['zh', 'en']),
    )
    .option(
      '--browser <path>',
      t(
        '用来画出网页的 Chrome、Chromium 或 Edge，none 表示不用（默认：装有的那个）',
        'Chrome, Chromium or Edge that draws pages; none for none (default: the one that is installed)',
      ),
    )
    // Told by `fail`, in the user's language.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
  addScreening(program, action, t)
  addRecords(program, action, t)
  addProfiles(program, action, t)
  addRules(program, action, t)
  addServers(program, action, t)
  refuseRepetition(program)
  return program
}

/** What screens, or says what screening would cost. */
function addScreening(program: Command, action: CommandAction, t: Translate): void {
  withReports(
    t,
    withScreening(
      t,
      program
        .command('screen')
        .argument(
          '<path...>',
          t(
            '文件、文件夹、表格、地址列表；“-”从标准输入读文本',
            "files, folders, tables, URL lists; '-' reads text from standard input",
          ),
        ),
    ),
  )
    .description(t('送检文件和文件夹', 'screen files and folders'))
    .action(action((context, paths: string[], _options: unknown, command: Command) => screen(context, paths, command)))
  withScreening(t, program.command('plan').argument('<path...>', t('与 screen 相同', 'as for screen')))
    .description(
      t(
        '只算批次的计划：调用次数、额度和用时，不送检',
        'calls, quota and time of a batch, before any check call is made',
      ),
    )
    .action(action((context, paths: string[], _options: unknown, command: Command) => plan(context, paths, command)))
  withReports(
    t,
    withScreening(
      t,
      program.command('resume').argument('<batch>', t('批次编号，或它的开头', 'id, or the beginning of one')),
    ),
  )
    .description(t('继续已暂停或中断的批次', 'go on with a batch that was paused or interrupted'))
    .action(action((context, batch: string, _options: unknown, command: Command) => resume(context, batch, command)))
  program
    .command('recheck')
    .argument(
      '[batch...]',
      t('批次编号，或它的开头；不给则全部', 'id, or the beginning of one; all when none is given'),
    )
    .description(
      t(
        '列出旧版本读过、现在读法不同的“未命中”，并重新检查',
        'name the no-hits of earlier versions that read such assets differently, and screen them anew',
      ),
    )
    .option('--older-readings', t('旧版本读过的素材', 'what earlier versions read'))
    .option('--plan', t('只列出数量和调用次数，不送检', 'only count and price them; makes no call'))
    .option('--secret-env <variable>', t('存放 AppSecret 的环境变量', 'environment variable that holds the AppSecret'))
    .option('--data-dir <dir>', t('数据文件夹：数据库、缓存、设置', 'database, cache, settings'))
    .option('--json', t('以 JSON 输出', 'as JSON'))
    .option('--quiet', t('不显示进度', 'no progress'))
    .action(
      action((context, batches: string[], _options: unknown, command: Command) => recheck(context, batches, command)),
    )
}

/** What reads what was recorded. */
function addRecords(program: Command, action: CommandAction, t: Translate): void {
  withReports(
    t,
    program
      .command('export')
      .argument(
        '[batch]',
        t('批次编号，或它的开头；不给则跨所有批次', 'id, or the beginning of one; without it across all batches'),
      ),
  )
    .description(
      t('导出一个批次的报告，或跨批次按条件导出', 'write reports of a batch, or of what a filter finds in all of them'),
    )
    .option('--from <date>', t('跨批次：第一天，如 2026-11-01', 'across all batches: first day, as 2026-11-01'))
    .option('--to <date>', t('最后一天', 'last day'))
    .option('--profile <name>', t('只要这个档案送检的', 'only what this profile screened'))
    .option(
      '--verdict <verdict>',
      t(
        'pass、review、risky、rules_only 或 unchecked；可重复',
        'pass, review, risky, rules_only or unchecked; may be repeated',
      ),
      many,
    )
    .option(
      '--decision <decision>',
      t('approve、reject、escalate、defer 或 undecided', 'approve, reject, escalate, defer or undecided'),
    )
    .option(
      '--rule <name>',
      t(
        '一个批次：只要命中这条规则（规则书/规则）的素材',
        'of a batch: only assets that this rule (book/rule) was found in',
      ),
    )
    .option('--label <code>', t('只要有这个标签的结论', 'only results with this label'))
    .option(
      '--search <text>',
      t(
        '只要路径、文字、备注、标签或请求编号匹配的素材',
        'only assets whose path, text, note, label or request id matches',
      ),
    )
    .option('--data-dir <dir>', t('数据文件夹：数据库、缓存、设置', 'database, cache, settings'))
    .option('--quiet', t('不显示消息', 'no messages'))
    .action(
      action((context, batch: string | undefined, _options: unknown, command: Command) =>
        exportReports(context, batch, command),
      ),
    )
  program
    .command('batches')
    .description(
      t(
        '列出全部批次：未结束的按检查的先后，其余按新旧',
        'list the batches: those at work in their order, then the newest first',
      ),
    )
    .option('--data-dir <dir>', t('数据文件夹：数据库、缓存、设置', 'database, cache, settings'))
    .option('--json', t('以 JSON 输出', 'as JSON'))
    .action(action((context, _options: unknown, command: Command) => listBatches(context, command)))
  program
    .command('verify')
    .argument('[file...]', t('导出的报告', 'exported reports'))
    .description(t('校验账本或导出的报告有没有被改动', 'check the ledger, or exported reports, for tampering'))
    .option(
      '--data-dir <dir>',
      t(
        '数据文件夹；同时给出报告时，报告须与其中的账本一致',
        'database, cache, settings; with files: the ledger they must agree with',
      ),
    )
    .option('--fingerprint <text>', t('报告必须由这个指纹的密钥签名', 'the key that must have signed the reports'))
    .option('--json', t('结果以一个 JSON 对象输出', 'the result as one JSON object'))
    .action(action((context, files: string[], _options: unknown, command: Command) => verify(context, files, command)))
}

function addProfiles(program: Command, action: CommandAction, t: Translate): void {
  const profiles = program
    .command('profiles')
    .description(t('列出、添加、删除、测试已保存的档案', 'list, add, remove and test stored profiles'))
    .helpCommand('help [command]', t('显示一个命令的帮助', 'display help for command'))
  const stored = (command: Command) => withDataDir(t, command)
  stored(profiles.command('list', { isDefault: true }))
    .description(t('列出档案，不含密钥', 'list the profiles, without secrets'))
    .option('--json', t('以 JSON 输出', 'as JSON'))
    .action(action((context, _options: unknown, command: Command) => listProfiles(context, command)))
  withAccount(t, stored(profiles.command('add').argument('<name>')), t('平台', 'its platform'))
    .description(
      t('添加档案；只保存环境变量的名字，不保存密钥', 'add one; the name of a variable is stored, never the secret'),
    )
    .action(action((context, name: string, _options: unknown, command: Command) => addProfile(context, name, command)))
  stored(profiles.command('remove').argument('<name>'))
    .description(t('删除档案，批次和证据都保留', 'remove one; its batches and evidence are kept'))
    .action(
      action((context, name: string, _options: unknown, command: Command) => removeProfile(context, name, command)),
    )
  const testing = (command: Command) =>
    stored(command)
      .option(
        '--secret-env <variable>',
        t('存放 AppSecret 的环境变量', 'environment variable that holds the AppSecret'),
      )
      .option('--json', t('以 JSON 输出', 'as JSON'))
  testing(profiles.command('test').argument('<name>'))
    .description(t('测试一个档案，同 doctor', 'test one, as doctor does'))
    .action(action((context, name: string, _options: unknown, command: Command) => testProfile(context, name, command)))
  testing(
    program.command('doctor').argument('[name...]', t('档案；不给则测试全部', 'profiles; all when none is named')),
  )
    .description(
      t(
        '检查令牌、IP 白名单、额度，发一次无害的调用，再做对照检查；逐项说明怎么办',
        'token, IP allow-list, quota, one harmless call, control checks; says what to do about each',
      ),
    )
    .action(
      action((context, names: string[], _options: unknown, command: Command) => doctorReport(context, names, command)),
    )
}

function addRules(program: Command, action: CommandAction, t: Translate): void {
  const rules = program
    .command('rules')
    .description(t('检查、列出、试用规则书', 'check, list and try rule books'))
    .helpCommand('help [command]', t('显示一个命令的帮助', 'display help for command'))
  const json = t('以 JSON 输出', 'as JSON')
  const book = t('规则书的编号、文件，或 all', 'id of a rule book, a file, or all')
  withDataDir(
    t,
    rules
      .command('list', { isDefault: true })
      .argument('[book...]', book)
      .option('--scope <list>', t('只列这些行业的规则', 'only rules of these trades'))
      .option('--severity <severity>', t('notice、evidence 或 forbidden', 'notice, evidence or forbidden'))
      .option('--json', json),
  )
    .description(t('列出规则书；给出规则书或条件时列出规则', 'list the books; with a book or a filter, their rules'))
    .action(
      action((context, books: string[], _options: unknown, command: Command) => listRules(context, books, command)),
    )
  rules
    .command('check')
    .argument('<file...>', t('规则书（YAML）或词表（CSV、XLSX）', 'rule books (YAML) or word lists (CSV, XLSX)'))
    .option('--json', json)
    .description(
      t(
        '检查规则书文件：错误和提醒按行号列出，并运行例句',
        'faults of rule books by line, and whether their examples hold',
      ),
    )
    .action(
      action((context, files: string[], _options: unknown, command: Command) => checkRules(context, files, command)),
    )
  withDataDir(
    t,
    rules
      .command('test')
      .argument('<book...>', book)
      .option('--text <text>', t('要试的文字；“-”从标准输入读', "a text to try; '-' reads standard input"))
      .option('--rule-scopes <list>', t('只用这些行业的规则', 'rules of these trades only'))
      .option('--json', json),
  )
    .description(t('运行规则书的例句，或用规则书试一段文字', 'run the examples of books, or try a text with them'))
    .action(
      action((context, books: string[], _options: unknown, command: Command) => testRules(context, books, command)),
    )
}

/** The HTTP servers are read in by the commands that are one. */
function addServers(program: Command, action: CommandAction, t: Translate): void {
  program
    .command('sandbox')
    .description(t('运行内置沙箱，模拟两个平台', 'run the built-in sandbox for both platforms'))
    .option('--port <n>', t('127.0.0.1 上的端口（默认任选一个空闲的）', 'port on 127.0.0.1 (default: a free one)'))
    .option('--script <file>', t('故障脚本（见 docs/sandbox.md）', 'fault script (docs/sandbox.md)'))
    .option(
      '--pushes <file>',
      t(
        '异步检查的结果推送到哪里、怎样推送（见 docs/async.md）',
        'where and how results of asynchronous checks are pushed (docs/async.md)',
      ),
    )
    .option('--json', t('以 JSON 输出地址和演练账号', 'address and practice accounts as JSON'))
    .action(
      action(async (context, _options: unknown, command: Command) =>
        (await import('./commands/sandbox.ts')).sandbox(context, command),
      ),
    )
  program
    .command('relay')
    .description(
      t(
        '接收消息推送，并向平台提供媒体（见 docs/relay.md）',
        'receive message pushes and serve media to the platforms (docs/relay.md)',
      ),
    )
    .option('--config <file>', t('设置文件', 'settings file'))
    .option('--new-key', t('为一台工作站生成密钥', 'make a key for a workstation'))
    .action(
      action(async (context, _options: unknown, command: Command) =>
        (await import('./commands/relay.ts')).relay(context, command),
      ),
    )
}

/** An option that holds one value is given once: of two values one would be dropped in silence. */
function refuseRepetition(command: Command): void {
  for (const option of command.options) {
    const parse = option.parseArg
    if (!option.required || parse === many) continue
    option.argParser((value: string, before: unknown) => {
      if (before !== undefined) throw usage(`${option.long} 只能给一次`, `${option.long} can be given once`)
      return parse === undefined ? value : parse.call(option, value, before)
    })
  }
  for (const each of command.commands) refuseRepetition(each)
}

function context({ lang, browser }: Readonly<Record<string, string | undefined>>): CommandContext {
  const language = languageOf(lang, process.env)
  return { stdout: process.stdout, stderr: process.stderr, language, words: words[language], browser, onInterrupt }
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
    // A second signal means: do not wait. What is durable stays so.
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
  process.stderr.write(`${problemText('internal', language)} (${printable(faultName(error))})\n`)
  return 1
}

function ownLanguage(): Language {
  return languageOf(languageFlagIn(process.argv.slice(2)), process.env)
}

// A reader that goes away (`| head`) is no error of ours, but no verdict either: the work goes on, and its status says how it went.
// Whatever else keeps the summary from being read (a full disk) must not look like a pass.
process.stdout.on('error', error => {
  if ('code' in error && error.code === 'EPIPE') return
  process.stderr.write(`${words[ownLanguage()].reportFailed('stdout')}\n`)
  process.once('exit', () => {
    process.exitCode ||= 1
  })
})
// Nobody to tell: the work goes on, and its status says how it went.
process.stderr.on('error', () => undefined)
// A fault of this program is reported in a sentence too; what is durable stays so.
process.on('uncaughtException', error => {
  process.exit(fail(error, ownLanguage()))
})

process.exitCode = await main(process.argv.slice(2))
