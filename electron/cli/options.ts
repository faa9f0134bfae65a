import { type Command, Option } from 'commander'
import { reportPictures } from '../../shared/ipc.ts'
import { platformIds } from './profile.ts'

/** What people read, in the language that was asked for. */
export type Translate = (zh: string, en: string) => string

/** Collects the values of an option that may be repeated. */
export const many = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** A profile by value. `platform` says what the platform is for. */
export function withAccount(t: Translate, command: Command, platform: string): Command {
  return command
    .addOption(new Option('--platform <platform>', platform).choices(platformIds))
    .option('--appid <id>', t('该档案的 AppID', 'appid of that profile'))
    .option('--secret-env <variable>', t('存放 AppSecret 的环境变量', 'environment variable that holds the AppSecret'))
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
    .option('--openid <id>', t('微信 2.0 文本检查所需的用户；可重复', 'user for WeChat text v2; may be repeated'), many)
    .option('--scene <n>', t('1 资料，2 评论，3 论坛，4 社交日志', '1 profile, 2 comment, 3 forum, 4 social log'))
    .addOption(
      new Option(
        '--image-mode <mode>',
        t(
          '长图、大图：缩小、按原始清晰度切成分片，或两者都做',
          'long or large images: shrink, cut at native scale, or both',
        ),
      ).choices(['auto', 'fit', 'tile', 'both']),
    )
    .option('--per-minute <n>', t('每分钟调用上限', 'calls per minute'))
    .option('--per-day <n>', t('每日调用上限', 'calls per day'))
    .option(
      '--max-calls-per-asset <n>',
      t(
        '一个素材最多调用多少次（默认 500）；超过的等人同意：resume 时给更大的数',
        'calls an asset may take (default: 500); beyond it the asset waits for a yes: resume with a larger number',
      ),
    )
    .option(
      '--max-calls-per-batch <n>',
      t('整个批次最多调用多少次（默认不限）；超过的等人同意', 'the same of the whole batch (default: no ceiling)'),
    )
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
        'control image: one that the platform is sure to flag, by which images are tried once a day',
      ),
    )
}

/** Stored profiles, or one for this run only. */
export function withProfile(t: Translate, command: Command): Command {
  return withAccount(
    t,
    command.option('--profile <name>', t('已保存的档案；可给两次', 'stored profile; may be given twice'), many),
    t('只用于这次运行的档案：它的平台', 'a profile for this run only: its platform'),
  )
}

/** Checked by rules on this machine, beside the profiles or, without any, alone. */
function withRules(t: Translate, command: Command): Command {
  return command
    .option(
      '--rules <book>',
      t(
        '也按规则书检查文字：编号、文件（YAML、CSV、XLSX），或 all（已启用的）；可重复。不给档案时只按规则检查，不用账号和网络',
        'also check words by a rule book: its id, a file (YAML, CSV, XLSX), or all (those in force); may be repeated. Without a profile only rules look, with no account and no network',
      ),
      many,
    )
    .option(
      '--rule-scopes <list>',
      t('只用这些行业的规则，逗号隔开（默认全部）', 'rules of these trades only, with commas between (default: all)'),
    )
}

/** What a batch is screened with. */
export function withScreening(t: Translate, command: Command): Command {
  return withRules(t, withProfile(t, command))
    .option('--no-reuse', t('内容相同也重新送检，不复用结论', 'do not reuse verdicts on identical bytes'))
    .option('--wait', t('今日额度用完时等待恢复', "wait for the reset when the day's quota is used up"))
    .option(
      '--text-column <name>',
      t(
        '表格中的文本列（列名或字母）；可重复，all 为所有列',
        'column of a table that holds text (header or letter); may be repeated, all for all columns',
      ),
      many,
    )
    .option('--url-column <name>', t('图片地址列', 'column that holds image addresses'))
    .option('--url-list', t('文本文件是图片地址列表', 'text files are lists of image addresses'))
    .option(
      '--encoding <encoding>',
      t(
        '编码不能确定的文本按它读：utf-8、gb18030（含 GBK）、big5、utf-16le、utf-16be；加上 =路径 只用于那个文件或文件夹；可重复',
        'what texts are read in whose bytes leave it open: utf-8, gb18030 (GBK too), big5, utf-16le, utf-16be; with =PATH at that file or folder only; may be repeated',
      ),
      many,
    )
    .option('--allow-private-urls', t('也下载内网地址', 'also download from private addresses'))
    .option(
      '--max-tiles <n>',
      t('一张图最多切成多少个分片、取多少帧（默认 60）', 'tiles, or frames, of one image at most (default: 60)'),
    )
    .option(
      '--max-frames <n>',
      t('一个视频最多送检多少帧画面（默认 120）', 'frames of one video that are sent at most (default: 120)'),
    )
    .addOption(
      new Option(
        '--notes <what>',
        t(
          '读取提示（常见查看器不显示、因而没有送检的内容）：keep 保留结论，unchecked 算作未检',
          'reader notes, of what common viewers do not show and was not sent: keep lets a pass stand, unchecked counts them as left out',
        ),
      ).choices(['keep', 'unchecked']),
    )
    .option('--title <text>', t('标题，随每段文本一起检查', 'title, checked with each text'))
    .option('--nickname <text>', t('昵称，随每段文本一起检查', 'nickname, checked with each text'))
    .option('--signature <text>', t('签名，随每段文本一起检查', 'signature, checked with each text'))
    .option('--data-dir <dir>', t('数据文件夹：数据库、缓存、设置', 'database, cache, settings'))
    .option('--json', t('汇总以一个 JSON 对象输出', 'the summary as one JSON object'))
    .option('--quiet', t('不显示进度', 'no progress'))
}

export function withReports(t: Translate, command: Command): Command {
  return command
    .option('--csv <file>', t('写 CSV 报告', 'write a CSV report'))
    .option('--jsonl <file>', t('每个素材检完时写一行 JSON', 'write one JSON line per asset, as they complete'))
    .option('--html <file>', t('写网页报告', 'write an HTML report'))
    .option('--xlsx <file>', t('写 Excel 报告', 'write an XLSX report'))
    .addOption(
      new Option(
        '--pictures <how>',
        t(
          '网页和 Excel 报告里的图片：none 不含，blurred 模糊（默认），clear 清晰',
          'pictures in HTML and XLSX reports: none, blurred (default) or clear',
        ),
      ).choices(reportPictures),
    )
}

export function withDataDir(t: Translate, command: Command): Command {
  return command.option('--data-dir <dir>', t('数据文件夹：数据库、缓存、设置', 'database, cache, settings'))
}
