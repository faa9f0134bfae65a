import { setFlagsFromString } from 'node:v8'
import { Command, CommanderError, Option } from 'commander'
import { Problem, problemText, usage } from '../../shared/problems.ts'
import { faultName } from '../engine/base/fault.ts'
import { redact } from '../engine/base/redact.ts'
import { problemOf } from '../engine/base/sqlite/problem-of.ts'
import { doctorReport } from './commands/doctor.ts'
import { exportReports } from './commands/export.ts'
import { plan } from './commands/plan.ts'
import { addProfile, listProfiles, removeProfile, testProfile } from './commands/profiles.ts'
import { recheck } from './commands/recheck.ts'
import { resume, screen } from './commands/screen.ts'
import { verify } from './commands/verify.ts'
import type { CommandContext } from './context.ts'
import { helpIn } from './help.ts'
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
  const program = buildProgram(act, languageOf(languageFlagIn(args), process.env))
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

type Act = <Args extends unknown[]>(
  action: (context: CommandContext, ...args: Args) => Promise<number>,
) => (...given: unknown[]) => Promise<void>

function buildProgram(act: Act, language: Language): Command {
  const t = (zh: string, en: string) => (language === 'zh' ? zh : en)
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
    // Told by `fail`, in the user's language.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()

  const many = (value: string, before: readonly string[] = []) => [...before, value]
  const withAccount = (command: Command, platform: string) =>
    command
      .addOption(new Option('--platform <platform>', platform).choices(['wechat', 'qq']))
      .option('--appid <id>', t('该档案的 AppID', 'appid of that profile'))
      .option(
        '--secret-env <variable>',
        t('存放 AppSecret 的环境变量', 'environment variable that holds the AppSecret'),
      )
      .option('--base-url <url>', t('代替平台的服务器地址', "host in place of the platform's"))
      .addOption(
        new Option('--token-mode <mode>', t('访问令牌的来源', 'where the access token comes from')).choices([
          'stable',
          'classic',
          'broker',
          'static',
        ]),
      )
      .option(
        '--broker-url <url>',
        t('中控服务地址，应返回 {access_token, expires_in}', 'answers {access_token, expires_in}'),
      )
      .option(
        '--openid <id>',
        t('微信 2.0 文本检查所需的用户；可重复', 'user for WeChat text v2; may be repeated'),
        many,
      )
      .option('--scene <n>', t('1 资料，2 评论，3 论坛，4 社交日志', '1 profile, 2 comment, 3 forum, 4 social log'))
      .addOption(
        new Option(
          '--image-mode <mode>',
          t(
            '长图、大图：缩小、按原始清晰度切片，或两者都做',
            'long or large images: shrink, cut at native scale, or both',
          ),
        ).choices(['auto', 'fit', 'tile', 'both']),
      )
      .option('--per-minute <n>', t('每分钟调用上限', 'calls per minute'))
      .option('--per-day <n>', t('每日调用上限', 'calls per day'))
      .option('--share <percent>', t('可用额度的份额（百分比）', 'part of the limits that may be used'))
      .addOption(
        new Option(
          '--image-route <route>',
          t('图片随请求发送、按地址异步检查，或两者都用', 'images with the call, by address, or both'),
        ).choices(['sync', 'async', 'both']),
      )
      .option('--relay-url <url>', t('异步检查用的中继', 'relay for asynchronous checks'))
      .option(
        '--relay-key-env <variable>',
        t('存放中继密钥的环境变量', "environment variable that holds the relay's key"),
      )
      .option(
        '--cloud-env <id>',
        t('经由这个云环境的云函数送检', 'send checks through the cloud function of this environment'),
      )
      .option('--cloud-function <name>', t('云函数名（默认 prescreen-check）', 'its name (default: prescreen-check)'))
      .option(
        '--control-keyword <text>',
        t(
          '对照关键词：平台后台的自定义关键词，每天用它试一次 2.0 文本检查',
          "control keyword: a custom keyword of the platform's console, by which text v2 is tried once a day",
        ),
      )
      .option(
        '--control-image <file>',
        t(
          '对照图片：平台必定检出的图片，每天用它试一次图片检查',
          'control picture: one that the platform is sure to flag, by which images are tried once a day',
        ),
      )
  const withProfile = (command: Command) =>
    withAccount(
      command.option('--profile <name>', t('已保存的档案；可给两次', 'stored profile; may be given twice'), many),
      t('只用于这次运行的档案：它的平台', 'a profile for this run only: its platform'),
    )
  const withScreening = (command: Command) =>
    withProfile(command)
      .option('--no-reuse', t('内容相同也重新送检，不复用结论', 'do not reuse verdicts on identical bytes'))
      .option('--wait', t('今日额度用完时等待恢复', "wait for the reset when the day's quota is used up"))
      .option(
        '--text-column <name>',
        t('.csv 或 .xlsx 中的文本列（列名或字母）', 'column of a .csv or .xlsx that holds text (header or letter)'),
      )
      .option('--url-column <name>', t('图片地址列', 'column that holds image addresses'))
      .option('--url-list', t('文本文件是图片地址列表', 'text files are lists of image addresses'))
      .option('--allow-private-urls', t('也下载内网地址', 'also download from private addresses'))
      .option(
        '--max-tiles <n>',
        t('一张图最多切多少片或取多少帧（默认 60）', 'tiles, or frames, of one image at most (default: 60)'),
      )
      .addOption(
        new Option(
          '--notes <what>',
          t(
            '读取提示（常见查看器不显示、因而没有送检的内容）：keep 保留结论，unchecked 算作未检',
            "readers' notes, of what common viewers do not show and was not sent: keep lets a pass stand, unchecked counts them as left out",
          ),
        ).choices(['keep', 'unchecked']),
      )
      .option('--title <text>', t('标题，随每段文本一起检查', 'title, checked with each text'))
      .option('--nickname <text>', t('昵称，随每段文本一起检查', 'nickname, checked with each text'))
      .option('--signature <text>', t('签名，随每段文本一起检查', 'signature, checked with each text'))
      .option('--data-dir <dir>', t('数据文件夹：数据库、缓存、设置', 'database, cache, settings'))
      .option('--json', t('汇总以一个 JSON 对象输出', 'the summary as one JSON object'))
      .option('--quiet', t('不显示进度', 'no progress'))
  const withReports = (command: Command) =>
    command
      .option('--csv <file>', t('写 CSV 报告', 'write a CSV report'))
      .option('--jsonl <file>', t('每个素材检完时写一行 JSON', 'write one JSON line per asset, as they complete'))
      .option('--html <file>', t('写网页报告', 'write an HTML report'))
      .option('--xlsx <file>', t('写 Excel 报告', 'write an XLSX report'))

  withReports(
    withScreening(
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
    .action(act((context, paths: string[], _options: unknown, command: Command) => screen(context, paths, command)))
  withScreening(program.command('plan').argument('<path...>', t('与 screen 相同', 'as for screen')))
    .description(
      t('只算计划：调用次数、额度和用时，不送检', 'calls, quota and time of a batch, before any check call is made'),
    )
    .action(act((context, paths: string[], _options: unknown, command: Command) => plan(context, paths, command)))
  withReports(
    withScreening(
      program.command('resume').argument('<batch>', t('批次编号，或它的开头', 'id, or the beginning of one')),
    ),
  )
    .description(t('继续已暂停或中断的批次', 'go on with a batch that was paused or interrupted'))
    .action(act((context, batch: string, _options: unknown, command: Command) => resume(context, batch, command)))
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
      act((context, batches: string[], _options: unknown, command: Command) => recheck(context, batches, command)),
    )
  withReports(
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
      t('pass、review、risky 或 unchecked；可重复', 'pass, review, risky or unchecked; may be repeated'),
      many,
    )
    .option(
      '--decision <decision>',
      t('approve、reject、escalate、defer 或 undecided', 'approve, reject, escalate, defer or undecided'),
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
      act((context, batch: string | undefined, _options: unknown, command: Command) =>
        exportReports(context, batch, command),
      ),
    )
  program
    .command('verify')
    .argument('[file...]', t('导出的报告', 'exported reports'))
    .description(t('校验审计账本或导出的报告有没有被改动', 'check the ledger, or exported reports, for tampering'))
    .option(
      '--data-dir <dir>',
      t(
        '数据文件夹；同时给出报告时，报告须与其中的账本一致',
        'database, cache, settings; with files: the ledger they must agree with',
      ),
    )
    .option('--fingerprint <text>', t('报告必须由这个指纹的密钥签名', 'the key that must have signed the reports'))
    .option('--json', t('结果以一个 JSON 对象输出', 'the result as one JSON object'))
    .action(act((context, files: string[], _options: unknown, command: Command) => verify(context, files, command)))

  const profiles = program
    .command('profiles')
    .description(t('列出、新增、删除、测试已保存的档案', 'list, add, remove and test stored profiles'))
    .helpCommand('help [command]', t('显示一个命令的帮助', 'display help for command'))
  const stored = (command: Command) =>
    command.option('--data-dir <dir>', t('数据文件夹：数据库、缓存、设置', 'database, cache, settings'))
  stored(profiles.command('list', { isDefault: true }))
    .description(t('列出档案，不含密钥', 'list the profiles, without secrets'))
    .option('--json', t('以 JSON 输出', 'as JSON'))
    .action(act((context, _options: unknown, command: Command) => listProfiles(context, command)))
  withAccount(stored(profiles.command('add').argument('<name>')), t('平台', 'its platform'))
    .description(
      t('新增档案；只保存环境变量的名字，不保存密钥', 'add one; the name of a variable is stored, never the secret'),
    )
    .action(act((context, name: string, _options: unknown, command: Command) => addProfile(context, name, command)))
  stored(profiles.command('remove').argument('<name>'))
    .description(t('删除档案，批次和证据都保留', 'remove one; its batches and evidence are kept'))
    .action(act((context, name: string, _options: unknown, command: Command) => removeProfile(context, name, command)))
  const testing = (command: Command) =>
    stored(command)
      .option(
        '--secret-env <variable>',
        t('存放 AppSecret 的环境变量', 'environment variable that holds the AppSecret'),
      )
      .option('--json', t('以 JSON 输出', 'as JSON'))
  testing(profiles.command('test').argument('<name>'))
    .description(t('测试一个档案，同 doctor', 'test one, as doctor does'))
    .action(act((context, name: string, _options: unknown, command: Command) => testProfile(context, name, command)))
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
      act((context, names: string[], _options: unknown, command: Command) => doctorReport(context, names, command)),
    )
  program
    .command('sandbox')
    .description(t('运行本机沙箱，模拟两个平台', 'run the local stand-in for both platforms'))
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
      act(async (context, _options: unknown, command: Command) =>
        // The HTTP server is read in by the commands that are one.
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
      act(async (context, _options: unknown, command: Command) =>
        (await import('./commands/relay.ts')).relay(context, command),
      ),
    )
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
// A fault of this program is told in a sentence too; what is durable stays so.
process.on('uncaughtException', error => {
  process.exit(fail(error, ownLanguage()))
})

process.exitCode = await main(process.argv.slice(2))
