import type { CallInput } from '../../../shared/ipc.ts'
import type {
  BookDetail,
  BookInfo,
  BookProblem,
  BookTrial,
  ListedRule,
  PastTrial,
  RuleScope,
  RuleSeverity,
  TriedHit,
} from '../../../shared/rules.ts'
import { batchId, type Fake } from './fake-state.ts'

/** Books of rules for the fake bridge: read by a few regular expressions, which is enough to look at the window. */

interface FakeBook {
  yaml: string
  readonly origin: BookInfo['origin']
  inForce: string | null
}

const advertising = `# 广告法：绝对化用语、医疗与保健。条款逐条核对过官方文本。
format: 1
book: cn-advertising
title: {zh: 广告法, en: Advertising Law}
sources:
  ad-law: {name: {zh: 中华人民共和国广告法（2021 年修正）, en: Advertising Law (2021)}, reading: official, read-at: 国家法律法规数据库, read-on: 2026-11-29}
rules:
  - id: absolute-best
    title: {zh: 绝对化用语：最佳, en: 'Absolute term: best'}
    severity: forbidden
    scopes: [general]
    words: [最佳, 最好用, 国家级]
    except: [最佳赏味期]
    citation: {source: ad-law, article: 第九条（三）, quote: 使用“国家级”、“最高级”、“最佳”等用语}
    suggest: {zh: 改为可以证明的说法，如“本店销量第一的三款之一”。, en: 'Say what can be shown, such as “one of the three that sell best here”.'}
    state: checked
    review: 2027-06-30
  - id: sales-first
    title: {zh: 销量第一, en: Best seller}
    severity: evidence
    scopes: [general, price]
    words: [销量第一, 全网最低]
    citation: {source: ad-law, article: 第十一条, quote: 引证内容应当真实、准确，并表明出处}
    state: draft
    review: 2026-06-30
  - id: health-cure
    title: {zh: 保健食品：治疗功效, en: 'Health food: cures'}
    severity: forbidden
    scopes: [health_food]
    words: [根治, 降血糖, 延年益寿]
    citation: {source: ad-law, article: 第十八条, quote: 涉及疾病预防、治疗功能}
    state: draft
    review: 2027-06-30
`

const brand = `format: 1
book: brand-words
title: {zh: 品牌用语, en: Brand words}
sources:
  house: {name: {zh: 品牌用语规范, en: House style}, reading: official, read-at: 内网, read-on: 2026-10-01}
rules:
  - id: greeting
    title: {zh: 称呼：亲, en: 'Greeting: dear'}
    severity: notice
    scopes: [general]
    words: [亲, 亲亲]
    except: [亲子, 父亲]
    citation: {source: house, article: 2.1}
    state: draft
    review: 2026-11-01
  - id: rival
    title: {zh: 不提竞品, en: No rivals}
    severity: forbidden
    scopes: [general]
    words: [某宝, 某东]
    citation: {source: house, article: 2.4}
    state: draft
    severty: forbidden
    review: 2027-01-01
`

function makeFakeBooks(entries: number): Map<string, FakeBook> {
  const books = new Map<string, FakeBook>([
    ['brand-words', { yaml: brand, origin: 'house', inForce: 'an-earlier-version' }],
    ['cn-advertising', { yaml: advertising, origin: 'shipped', inForce: versionOf(advertising) }],
  ])
  if (entries > 0) {
    const yaml = longList(entries)
    books.set('long-list', { yaml, origin: 'house', inForce: versionOf(yaml) })
  }
  return books
}

function longList(entries: number): string {
  const head = `format: 1\nbook: long-list\ntitle: {zh: 长词表, en: Long list}\nrules:\n`
  return `${head}${Array.from({ length: entries }, (_, at) => `  - id: list/禁用词${at}\n    words: [禁用词${at}]\n`).join('')}`
}

function versionOf(yaml: string): string {
  let sum = 2_166_136_261
  for (let at = 0; at < yaml.length; at += 1) sum = Math.imul(sum ^ yaml.charCodeAt(at), 16_777_619)
  return (sum >>> 0).toString(16).padStart(8, '0').repeat(8)
}

const listIn = (block: string, key: string): string[] =>
  (new RegExp(`^    ${key}: \\[(.*)\\]`, 'm').exec(block)?.[1] ?? '').split(/,\s*/).filter(Boolean)
const oneIn = (block: string, key: string): string | null =>
  new RegExp(`^    ${key}: (.+?)\\s*(?:#.*)?$`, 'm').exec(block)?.[1] ?? null
const saidIn = (text: string, key: string) => {
  const [, zh, en] = new RegExp(`^ *${key}: \\{zh: (.*?), en: (.*?)\\}`, 'm').exec(text) ?? []
  return zh === undefined || en === undefined ? null : { zh, en: en.replace(/^'|'$/g, '') }
}

/** Of a long list it takes seconds. */
const parsed = new Map<string, ListedRule[]>()
function rulesIn(yaml: string): ListedRule[] {
  const known = parsed.get(yaml) ?? parseRules(yaml)
  parsed.set(yaml, known)
  return known
}

function parseRules(yaml: string): ListedRule[] {
  const book = /^book: (\S+)/m.exec(yaml)?.[1] ?? ''
  const source = saidIn(yaml, '.*name') ?? saidIn(yaml, 'title') ?? { zh: '自有词表', en: 'House list' }
  const readAt = /read-at: ([^,}]+)/.exec(yaml)?.[1] ?? ''
  const readOn = /read-on: ([\d-]+)/.exec(yaml)?.[1] ?? null
  const rules: ListedRule[] = []
  let line = 1
  for (const block of yaml.split(/^(?= {2}- id:)/m)) {
    const id = /^ {2}- id: (\S+)/.exec(block)?.[1]
    if (id !== undefined) {
      const quote = /quote: (.*?)\}$/m.exec(block)?.[1] ?? null
      rules.push({
        book,
        rule: id,
        title: saidIn(block, 'title') ?? { zh: id, en: id },
        severity: (oneIn(block, 'severity') ?? 'forbidden') as RuleSeverity,
        scopes: listIn(block, 'scopes') as RuleScope[],
        citation: {
          source: saidIn(source.zh, 'name') ?? source,
          article: /article: ([^,}]+)/.exec(block)?.[1] ?? '',
          quote,
          reading: 'official',
          readAt,
          readOn,
        },
        why: saidIn(block, 'why'),
        suggestion: saidIn(block, 'suggest'),
        state: block.includes('state: checked') ? 'checked' : 'draft',
        review: oneIn(block, 'review'),
        inForce: { from: null, until: null },
        owner: null,
        line,
        words: listIn(block, 'words'),
        patterns: [],
        exceptions: listIn(block, 'except'),
        companions: listIn(block, 'requires'),
        examples: { hit: [`本店${listIn(block, 'words')[0] ?? ''}`], miss: listIn(block, 'except').slice(0, 1) },
      })
    }
    line += block.split('\n').length - 1
  }
  return rules
}

function problemsIn(yaml: string): BookProblem[] {
  return yaml.split('\n').flatMap((text, at): BookProblem[] => {
    const said = /severty/.test(text)
      ? { zh: '不认识的键 severty，是不是 severity？', en: 'Unknown key “severty”; did you mean “severity”?' }
      : /^[^#]*\t/.test(text)
        ? { zh: '缩进请用空格，不要用制表符。', en: 'Indent with spaces, not with tabs.' }
        : null
    return said === null ? [] : [{ level: 'error', line: at + 1, column: 5, rule: null, message: said }]
  })
}

function infoOf(id: string, { yaml, origin, inForce }: FakeBook): BookInfo {
  const rules = rulesIn(yaml)
  const version = versionOf(yaml)
  return {
    id,
    title: saidIn(yaml, 'title') ?? { zh: id, en: id },
    origin,
    state: inForce === null ? 'not_in_force' : inForce === version ? 'in_force' : 'changed',
    version,
    versionInForce: inForce,
    rules: rules.length,
    entries: rules.reduce((sum, { words }) => sum + words.length, 0),
    stale: rules.filter(({ review }) => review !== null && review <= '2026-11-30').length,
    problems: problemsIn(yaml),
  }
}

function placesOf(text: string, word: string): number[] {
  const places: number[] = []
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) places.push(at)
  return places
}

function tryBook(yaml: string, text: string): BookTrial {
  const id = /^book: (\S+)/m.exec(yaml)?.[1] ?? ''
  const rules = rulesIn(yaml)
  const hits = rules.flatMap(rule =>
    rule.words.flatMap(word =>
      placesOf(text, word).map((at): TriedHit => ({ text: rule, range: [at, at + word.length], matched: word })),
    ),
  )
  return { version: versionOf(yaml), info: infoOf(id, { yaml, origin: 'house', inForce: null }), rules, hits }
}

export function rulesAnswers(fake: Fake) {
  const books = makeFakeBooks(fake.options.assets >= 100_000 ? 100_000 : 0)
  let stopped = false
  const known = (id: string): FakeBook => {
    const book = books.get(id)
    if (book === undefined) throw new Error('not found')
    return book
  }
  const withInfo = (id: string, change: (book: FakeBook) => void): BookInfo => {
    change(known(id))
    return infoOf(id, known(id))
  }
  return {
    'rules.books': () => Array.from(books, ([id, book]) => infoOf(id, book)),
    'rules.book': ({ book }: CallInput<'rules.book'>): BookDetail => ({
      info: infoOf(book, known(book)),
      yaml: known(book).yaml,
      rules: rulesIn(known(book).yaml),
    }),
    'rules.try': ({ yaml, text }: CallInput<'rules.try'>) => tryBook(yaml, text),
    'rules.tryPast': async ({ yaml }: CallInput<'rules.tryPast'>): Promise<PastTrial> => {
      stopped = false
      for (let texts = 0; texts <= 1200; texts += 100) {
        fake.emit('pastTrial', { texts, total: 1200 })
        await new Promise(resolve => setTimeout(resolve, 120))
        if (stopped) throw new Error('cancelled')
      }
      const rules = rulesIn(yaml)
      return {
        version: versionOf(yaml),
        texts: 1200,
        gone: 3,
        flagged: 31,
        byRule: rules.slice(0, 40).map(({ rule, title }, at) => ({ rule, title, texts: Math.max(1, 19 - at * 7) })),
        hits: rules.slice(0, 12).map((rule, at) => ({
          batch: batchId,
          asset: at + 1,
          path: `双十一/推文/推文_0000${at}.txt`,
          rule: rule.rule,
          before: '新品上市，全城',
          matched: rule.words[0] ?? '',
          after: '体验，门店同步发售，先到先得。',
        })),
      }
    },
    'rules.cancelTryPast': () => {
      stopped = true
      return null
    },
    'rules.save': ({ yaml }: CallInput<'rules.save'>) => {
      const id = /^book: (\S+)/m.exec(yaml)?.[1] ?? 'untitled'
      books.set(id, { yaml, origin: 'house', inForce: books.get(id)?.inForce ?? null })
      return infoOf(id, known(id))
    },
    'rules.putInForce': ({ book, version }: CallInput<'rules.putInForce'>) =>
      withInfo(book, each => {
        each.inForce = version
      }),
    'rules.withdraw': ({ book }: CallInput<'rules.withdraw'>) =>
      withInfo(book, each => {
        each.inForce = null
      }),
    'rules.remove': ({ book }: CallInput<'rules.remove'>) => {
      books.delete(book)
      return null
    },
    'rules.openList': () => ({
      name: '品牌禁用词 2026.csv',
      header: ['词语', '变体', '级别', '说明', '负责人'],
      rows: [
        ['最便宜', '最平', '禁止', '无法证明', '品牌部'],
        ['亲', '亲亲', '提示', '口吻不合', '品牌部'],
        ['', '', '', '', ''],
        ['最便宜', '', '禁止', '重复', '法务'],
      ],
      total: 412,
      columns: { words: 0, variants: 1, severity: 2, note: 3, owner: 4 },
    }),
    'rules.fromList': ({ id, title }: CallInput<'rules.fromList'>) => {
      const yaml = `format: 1\nbook: ${id}\ntitle: {zh: ${title}, en: ${title}}\nrules:\n  - id: list/最便宜\n    words: [最便宜, 最平]\n  - id: list/亲\n    words: [亲, 亲亲]\n`
      const trial = tryBook(yaml, '')
      const doubtful = (line: number, zh: string, en: string): BookProblem => ({
        level: 'warning',
        line,
        column: null,
        rule: null,
        message: { zh, en },
      })
      const problems = [
        doubtful(
          3,
          '“亲”只有一个字，容易误伤，请考虑写成更长的词或加例外。',
          '“亲” is a single character and will be found in much else; use a longer word or add exceptions.',
        ),
        doubtful(4, '空行，已跳过。', 'Blank row, left out.'),
        doubtful(5, '“最便宜”与第 2 行重复，已合并。', '“最便宜” is on row 2 already; the two are one.'),
      ]
      return { yaml, trial: { ...trial, info: { ...trial.info, problems } } }
    },
  }
}
