import type { AssetKind } from '../../shared/domain.ts'
import { type FailureCode, failureText } from '../../shared/failures.ts'
import type { Language } from '../../shared/language.ts'
import { type Problem, problemText, UsageProblem } from '../../shared/problems.ts'
import type { ReadingProgress } from '../../shared/queue.ts'
import { detailText } from '../../shared/remarks/index.ts'
import { printable } from './terminal.ts'

/** `--lang`, else the system's language; Chinese only where the system says so. */
export function languageOf(flag: string | undefined, env: Readonly<Record<string, string | undefined>>): Language {
  if (flag === 'zh' || flag === 'en') return flag
  const system = env.LC_ALL || env.LC_MESSAGES || env.LANG || Intl.DateTimeFormat().resolvedOptions().locale
  return /^zh/i.test(system) ? 'zh' : 'en'
}

export const outcomeWords = {
  zh: { pass: '未命中', rules_only: '仅规则', review: '需复核', risky: '有风险', unchecked: '未检' },
  en: { pass: 'no hit', rules_only: 'rules only', review: 'review', risky: 'risky', unchecked: 'not checked' },
} as const

export const stateWords = {
  zh: { running: '检查中', paused: '已暂停', done: '已完成', cancelled: '已停止', interrupted: '已中断' },
  en: { running: 'screening', paused: 'paused', done: 'done', cancelled: 'stopped', interrupted: 'interrupted' },
} as const

/** What happened, what it means, what to do; the detail in brackets. */
export function problemSentence(problem: Problem, language: Language): string {
  if (problem instanceof UsageProblem) return `prescreen: ${problem.said[language]}`
  // A usage problem's detail is the sentence itself: what is wrong, and which flag mends it.
  if (problem.code === 'usage' && problem.detail !== '') return `prescreen: ${problem.detail}`
  return withDetail(problemText(problem.code, language), detailText(problem.detail, language))
}

export function failureSentence(code: FailureCode, detail: string | null, language: Language): string {
  return withDetail(failureText(code, language), printable(detailText(detail ?? '', language)))
}

function withDetail(sentence: string, detail: string): string {
  return detail === '' ? sentence : `${sentence} (${detail})`
}

/** What is said only where there are any. */
function some(count: number, say: (count: number) => string): readonly string[] {
  return count === 0 ? [] : [say(count)]
}

export const words = {
  zh: {
    practice: '演练：结论来自内置沙箱，不是平台的判断。',
    batch: (id: string) => `批次 ${id}`,
    bringingUp: (percent: number) => `正在把数据升级到新版本的格式… ${percent}%`,
    interrupted: (id: string) => `已中断，已有结果都在。继续：prescreen resume ${id}`,
    assets: (n: number) => `素材 ${n}`,
    skipped: (n: number) => `略过 ${n} 个文件（隐藏、系统或重复）`,
    noted: (n: number) =>
      `有 ${n} 个素材带读取提示：有些内容常见的查看器不显示，没有送检（见报告的 notes；--notes unchecked 把它们算作未检）。`,
    older: (assets: string, calls: string) =>
      `${assets} 个“未命中”来自旧版本，现在同类素材的读法不同，可能有内容当时没有送检；重新检查至少要 ${calls} 次调用。`,
    olderCalls: (calls: string) => `至少 ${calls} 次调用`,
    noOlder: '没有旧版读法留下的“未命中”。',
    notClean: (n: number) => `有 ${n} 个素材未检，不能视为通过。`,
    more: (n: number) => `… 还有 ${n} 个，见 --csv 或 --jsonl 报告`,
    resumeHint: (id: string) => `额度或故障恢复后继续：prescreen resume ${id}`,
    written: (file: string) => `已写入 ${file}`,
    perMinute: (now: number, limit: number | null) => `${now}${limit === null ? '' : `/${limit}`} 次/分`,
    finish: (time: string) => `预计 ${time} 完成`,
    tiles: '分片',
    nothing: '没有找到任何素材。请检查路径。',
    noHit: '“未命中”不等于“安全”。',
    rulesOnly: (n: number) =>
      `有 ${n} 个素材只由本机的规则检查过，没有发现需证明或禁止的用语；没有问过平台，不能视为通过。`,
    rulesHit: (n: number) => `命中 ${n} 条规则：`,
    inAssets: (n: number) => `${n} 个素材`,
    noRuleHit: '没有命中任何规则。',
    doubtfulBook: (file: string, warnings: number) =>
      `${file}：有 ${warnings} 处存疑，照样采用；逐条查看：prescreen rules check ${file}`,
    problemLevels: { error: '错误', warning: '提醒' },
    bookChecked: (id: string, rules: number, entries: number) =>
      `规则书 ${id}，${rules} 条规则，${entries} 个词和表达式`,
    checkedFiles: (files: number, errors: number, warnings: number) =>
      `${files} 个文件，${errors} 处错误，${warnings} 处提醒`,
    bookOrigins: { shipped: '随程序提供', house: '自有' },
    bookStates: { in_force: '已启用', changed: '已启用，文件有改动', not_in_force: '未启用' },
    ruleCount: (n: number) => `${n} 条规则`,
    staleRules: (n: number) => `${n} 条已过复查日期`,
    staleMark: '已过复查日期',
    problemCount: (n: number) => `${n} 处问题（rules check 查看）`,
    noBooks: '没有规则书。',
    noRules: '没有符合条件的规则。',
    examplesRun: (book: string, examples: number, wrong: number) =>
      `${book}：${examples} 个例句，${wrong === 0 ? '全部符合' : `${wrong} 个不符合`}`,
    foundFine: (n: number) => `另有 ${n} 处命中已标为没问题（见报告）。`,
    notForRules: (pictures: number, recordings: number) =>
      `规则只检查文字：${[pictures > 0 ? `${pictures} 张图片` : '', recordings > 0 ? `${recordings} 段音频` : ''].filter(part => part !== '').join('、')}没有检查。`,
    staleBook: (book: string, rules: number) => `规则书 ${book} 有 ${rules} 条规则已过复查日期，请先核对再采信。`,
    reading: ({ name, page }: ReadingProgress) =>
      page === null ? `正在读取 ${name}` : `正在读取 ${name}，第 ${page.done} / ${page.of} 页`,
    planTitle: '计划：',
    planKinds: ({ image, text, audio, document, video }: Readonly<Record<AssetKind, number>>) =>
      [
        `图片 ${image}`,
        `文本 ${text}`,
        `音频 ${audio}`,
        ...some(document, n => `文档 ${n}`),
        ...some(video, n => `视频 ${n}`),
      ].join(' · '),
    planWay: (kind: string, way: string, n: number) =>
      `${{ image: '图片', text: '文本', audio: '音频', document: '文档', video: '视频' }[kind] ?? kind} ${n}：${{ sync: '随请求发送', async: '按地址异步检查', both: '两种方式都用' }[way] ?? way}。`,
    awaiting: (n: number, minutes: number) => `等待推送 ${n}（已等 ${minutes} 分钟）`,
    planControls: (n: number) => `其中 ${n} 次是今天的对照检查：看平台是否还能检出已知的违规内容。`,
    planRules: (books: number, rules: number) =>
      `按规则检查文字：${books} 本规则书，${rules} 条规则；在本机进行，不占调用和额度，不检查图片和音频。`,
    planCauses: (causes: string) => `调用用于：${causes}`,
    planReused: (n: number) => `复用已有结论 ${n}`,
    planDocuments: (n: number) => `文档 ${n}：里面有什么、要调用多少次`,
    planProblems: (n: number) => `有问题的文件 ${n}`,
    planUncertain: (n: number) => `编码不能确定的文本 ${n}：加上 --encoding 编码=路径 才会检查，读出来会是这样`,
    planDuration: (text: string) => `按当前上限，预计用时：${text}`,
    planNoQuota: '今日额度不够，剩余部分要等额度恢复。',
    planSkipped: '略过',
    minutes: (n: number) => (n < 1 ? '不到 1 分钟' : `${n} 分钟`),
    columns: ['档案', '接口', '调用次数', '每分钟', '今日剩余'],
    unlimited: '不限',
    saved: (name: string) => `档案“${name}”已保存`,
    removed: (name: string) => `档案“${name}”已删除`,
    sandboxAt: (url: string) => `沙箱已启动：${url}（按 Ctrl-C 结束）`,
    relayAt: (url: string) => `中继已启动：${url}（按 Ctrl-C 结束）`,
    relayKey: (key: string, hash: string) =>
      `密钥（填入工作站的档案，只显示这一次）：${key}\n哈希（写入中继的配置）：${hash}`,
    fingerprint: (fingerprint: string, origin: string | null) =>
      `签名公钥指纹 ${fingerprint}${origin === 'vault' ? '（密钥在系统钥匙串）' : origin === 'file' ? '（密钥在仅本人可读的文件）' : ''}`,
    verifyOk: '账本完整。',
    verifyBad: '账本被改动。',
    browser: '浏览器（画出网页和 SVG）',
    browserDraws: (product: string) => `用 ${product} 画出网页和浏览器画法不一的 SVG，和文字一起送检。`,
    noBrowser:
      '没有可用的 Chrome、Chromium 或 Edge：网页只查文字和图片，其中的图形、不认识的样式和不少 SVG 算未送检。请安装一个，或用 --browser 指明。',
    browserFails: '浏览器启动不了，网页和 SVG 照没有浏览器时处理。请检查它能否打开，或用 --browser 指明另一个。',
    noChineseFont: '浏览器没有中文字体，画出的汉字是方框。请安装中文字体（如 fonts-noto-cjk）。',
    doctorState: { ok: '正常', warning: '注意', failed: '未通过', skipped: '已跳过' },
    fieldsUnused: (flags: string) => `${flags} 没有送检：它只随文本检查，而这个批次没有文本。`,
    reportFailed: (file: string) => `报告没有写成：${file}。结果都在，可以用 prescreen export 再写一次。`,
    plainHttp: (address: string) =>
      `注意：${address} 用 http:// 经过公网，途中任何人都能看到令牌和素材。请改用 https://。`,
    variableUnset: (name: string) => `注意：环境变量 ${name} 现在没有设置，使用这个档案前要先设置。`,
  },
  en: {
    practice: 'Practice: the verdicts come from the built-in sandbox, not from a platform.',
    batch: (id: string) => `batch ${id}`,
    bringingUp: (percent: number) => `Upgrading the data to the format of this version… ${percent}%`,
    interrupted: (id: string) => `Interrupted; all results so far are kept. Go on with: prescreen resume ${id}`,
    assets: (n: number) => `${n} assets`,
    skipped: (n: number) => `${n} files skipped (hidden, system, duplicate or part of a page)`,
    noted: (n: number) =>
      `${n} ${n === 1 ? 'asset carries' : 'assets carry'} a reader note: something that common viewers do not show was not sent (notes in the reports; --notes unchecked counts it as left out).`,
    older: (assets: string, calls: string) =>
      `${assets} ${assets === '1' ? 'no-hit is of an earlier version' : 'no-hits are of earlier versions'} that read such assets differently, so that parts may not have been sent; screening anew takes at least ${calls} ${calls === '1' ? 'call' : 'calls'}.`,
    olderCalls: (calls: string) => `at least ${calls} ${calls === '1' ? 'call' : 'calls'}`,
    noOlder: 'No no-hit is left of an earlier reading.',
    notClean: (n: number) => `${n} assets were not checked and must not be taken for passed.`,
    more: (n: number) => `… and ${n} more; see a --csv or --jsonl report`,
    resumeHint: (id: string) => `When the quota is back or the fault is mended: prescreen resume ${id}`,
    written: (file: string) => `wrote ${file}`,
    perMinute: (now: number, limit: number | null) => `${now}${limit === null ? '' : `/${limit}`} per min`,
    finish: (time: string) => `done at about ${time}`,
    tiles: 'parts',
    nothing: 'No asset was found. Check the paths.',
    noHit: '"No hit" does not mean "safe".',
    rulesOnly: (n: number) =>
      `${n} ${n === 1 ? 'asset was' : 'assets were'} checked by rules on this computer only, which found no wording that is forbidden or needs proof; no platform was asked, so this is not a pass.`,
    rulesHit: (n: number) => `${n} ${n === 1 ? 'rule was' : 'rules were'} hit:`,
    inAssets: (n: number) => `in ${n} ${n === 1 ? 'asset' : 'assets'}`,
    noRuleHit: 'No rule was hit.',
    doubtfulBook: (file: string, warnings: number) =>
      `${file}: ${warnings} ${warnings === 1 ? 'doubt' : 'doubts'}, used all the same; to see each: prescreen rules check ${file}`,
    problemLevels: { error: 'error', warning: 'warning' },
    bookChecked: (id: string, rules: number, entries: number) =>
      `book ${id}, ${rules} ${rules === 1 ? 'rule' : 'rules'}, ${entries} ${entries === 1 ? 'word or pattern' : 'words and patterns'}`,
    checkedFiles: (files: number, errors: number, warnings: number) =>
      `${files} ${files === 1 ? 'file' : 'files'}, ${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
    bookOrigins: { shipped: 'shipped', house: 'house' },
    bookStates: { in_force: 'in force', changed: 'in force; the file was changed since', not_in_force: 'not in force' },
    ruleCount: (n: number) => `${n} ${n === 1 ? 'rule' : 'rules'}`,
    staleRules: (n: number) => `${n} past the review date`,
    staleMark: 'stale',
    problemCount: (n: number) => `${n} ${n === 1 ? 'problem' : 'problems'} (see rules check)`,
    noBooks: 'There is no rule book.',
    noRules: 'No rule matches.',
    examplesRun: (book: string, examples: number, wrong: number) =>
      `${book}: ${examples} ${examples === 1 ? 'example' : 'examples'}, ${wrong === 0 ? 'all as they should be' : `${wrong} not as they should be`}`,
    foundFine: (n: number) => `${n} further ${n === 1 ? 'hit was' : 'hits were'} marked as fine (see a report).`,
    notForRules: (pictures: number, recordings: number) =>
      `Rules check words only: ${[pictures > 0 ? `${pictures} ${pictures === 1 ? 'image' : 'images'}` : '', recordings > 0 ? `${recordings} ${recordings === 1 ? 'recording' : 'recordings'}` : ''].filter(part => part !== '').join(' and ')} not checked.`,
    staleBook: (book: string, rules: number) =>
      `${rules} ${rules === 1 ? 'rule' : 'rules'} of the book ${book} ${rules === 1 ? 'is' : 'are'} past the review date: check ${rules === 1 ? 'it' : 'them'} before you rely on ${rules === 1 ? 'it' : 'them'}.`,
    reading: ({ name, page }: ReadingProgress) =>
      page === null ? `reading ${name}` : `reading ${name}, page ${page.done} of ${page.of}`,
    planTitle: 'Plan: ',
    planKinds: ({ image, text, audio, document, video }: Readonly<Record<AssetKind, number>>) =>
      [
        `${image} images`,
        `${text} texts`,
        `${audio} audio`,
        ...some(document, n => `${n} documents`),
        ...some(video, n => `${n} videos`),
      ].join(' · '),
    planWay: (kind: string, way: string, n: number) =>
      `${n} ${kind}: ${{ sync: 'sent with the call', async: 'checked by address, awaiting a push', both: 'both ways' }[way] ?? way}.`,
    awaiting: (n: number, minutes: number) => `${n} awaiting a push (for ${minutes} min)`,
    planControls: (n: number) =>
      `${n} of the calls ${n === 1 ? 'is a control check' : 'are control checks'} of the day, to see whether the platform still flags known violations.`,
    planRules: (books: number, rules: number) =>
      `texts are checked by rules: ${books} ${books === 1 ? 'book' : 'books'}, ${rules} ${rules === 1 ? 'rule' : 'rules'}; on this computer, without calls; images and recordings are not looked at`,
    planCauses: (causes: string) => `calls for: ${causes}`,
    planReused: (n: number) => `${n} verdicts reused`,
    planDocuments: (n: number) => `${n} ${n === 1 ? 'document' : 'documents'}: what is in them, and the calls`,
    planProblems: (n: number) => `${n} files with problems`,
    planUncertain: (n: number) =>
      `${n} ${n === 1 ? 'text' : 'texts'} in no certain encoding: checked with --encoding ENCODING=PATH, as they would then read`,
    planDuration: (text: string) => `takes about ${text} at the present limits`,
    planNoQuota: "Today's quota does not suffice; the rest has to wait for the reset.",
    planSkipped: 'skipped',
    minutes: (n: number) => (n < 1 ? 'less than a minute' : n === 1 ? '1 minute' : `${n} minutes`),
    columns: ['profile', 'endpoint', 'calls', 'per minute', 'left today'],
    unlimited: 'no limit',
    saved: (name: string) => `profile "${name}" saved`,
    removed: (name: string) => `profile "${name}" removed`,
    sandboxAt: (url: string) => `sandbox running at ${url} (Ctrl-C ends it)`,
    relayAt: (url: string) => `relay running at ${url} (Ctrl-C ends it)`,
    relayKey: (key: string, hash: string) =>
      `key, for the workstation's profile (shown once): ${key}\nhash, for the relay's settings: ${hash}`,
    fingerprint: (fingerprint: string, origin: string | null) =>
      `fingerprint of the signing key: ${fingerprint}${origin === 'vault' ? ' (key in the keychain)' : origin === 'file' ? ' (key in a file only its owner can read)' : ''}`,
    verifyOk: 'The ledger is intact.',
    verifyBad: 'The ledger was changed.',
    browser: 'Browser (draws pages and SVG)',
    browserDraws: (product: string) =>
      `${product} draws pages, and SVG that programs draw differently; what it shows is checked beside the words.`,
    noBrowser:
      'There is no Chrome, Chromium or Edge: of pages only words and pictures are checked, and drawings in them, unknown styles and many SVG files are left out. Install one, or name it with --browser.',
    browserFails:
      'The browser does not start: pages and SVG are read as without one. See whether it opens, or name another with --browser.',
    noChineseFont: 'The browser has no Chinese font and draws boxes. Install one (fonts-noto-cjk, for instance).',
    doctorState: { ok: 'ok', warning: 'note', failed: 'failed', skipped: 'skipped' },
    fieldsUnused: (flags: string) =>
      `${flags} was not checked: it goes with texts only, and there is none in this batch.`,
    plainHttp: (address: string) =>
      `Note: ${address} crosses the public network as http://; anybody on the way can read the token and the material. Use https://.`,
    reportFailed: (file: string) =>
      `A report was not written: ${file}. All results are kept; prescreen export writes it again.`,
    variableUnset: (name: string) =>
      `Note: the environment variable ${name} is not set now; it has to be before this profile is used.`,
  },
} as const satisfies Record<Language, unknown>

export type Words = (typeof words)[Language]
