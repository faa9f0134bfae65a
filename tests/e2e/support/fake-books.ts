import type { CallInput } from '../../../shared/ipc.ts'
import type { BookDetail, BookInfo, BookTrial, ListedRule, RuleText } from '../../../shared/rules.ts'
import { allRules, ruleWords } from './fake-rules.ts'
import type { Fake } from './fake-state.ts'

/** What the fake bridge answers about books of rules. */

const version = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9'

const books: readonly BookInfo[] = [
  { ...bookOf('cn-advertising', '广告法', 'Advertising Law'), origin: 'shipped' },
  { ...bookOf('wechat-platform', '微信平台规则', "WeChat's rules"), origin: 'shipped', stale: 1 },
  {
    ...bookOf('house', '品牌词表', 'House list'),
    state: 'changed',
    version: version.replace('b', 'c'),
    problems: [
      {
        level: 'error',
        line: 12,
        column: 5,
        rule: 'banned/尽快',
        message: {
          zh: '“severty”不是规则的字段，是否想写“severity”？',
          en: '“severty” is no field of a rule; did you mean “severity”?',
        },
      },
    ],
  },
]

function bookOf(id: string, zh: string, en: string): BookInfo {
  const own = allRules.filter(({ book }) => book === id)
  return {
    id,
    title: { zh, en },
    origin: 'house',
    state: 'in_force',
    version,
    versionInForce: version,
    rules: own.length,
    entries: own.length,
    stale: 0,
    problems: [],
  }
}

const listed = (text: RuleText, at: number): ListedRule => ({
  ...text,
  line: 10 + at * 14,
  words: ruleWords(text),
  patterns: [],
  exceptions: [],
  companions: ruleWords(text).length === 0 ? ['投资有风险'] : [],
  examples: { hit: ruleWords(text).map(word => `${word}，先到先得`), miss: ['门店同步发售'] },
})

const rulesOf = (id: string): ListedRule[] => allRules.filter(({ book }) => book === id).map(listed)

const infoOf = (id: string): BookInfo => books.find(book => book.id === id) ?? bookOf(id, id, id)

function trialOf(text: string): BookTrial {
  const hits = allRules.flatMap(rule =>
    ruleWords(rule).flatMap(word => {
      const at = text.indexOf(word)
      return at === -1 ? [] : [{ text: rule, range: [at, at + word.length] as const, matched: word }]
    }),
  )
  return { version, info: infoOf('house'), rules: rulesOf('house'), hits }
}

export const rulesAnswers = (_: Fake) => ({
  'rules.books': () => books,
  'rules.book': (input: CallInput<'rules.book'>): BookDetail => ({
    info: infoOf(input.book),
    yaml: `format: 1\nbook: ${input.book}\n`,
    rules: rulesOf(input.book),
  }),
  'rules.try': (input: CallInput<'rules.try'>) => trialOf(input.text),
  'rules.tryPast': () => ({ version, texts: 240, gone: 3, flagged: 12, byRule: [], hits: [] }),
  'rules.cancelTryPast': () => null,
  'rules.save': () => infoOf('house'),
  'rules.putInForce': (input: CallInput<'rules.putInForce'>) => ({ ...infoOf(input.book), state: 'in_force' }),
  'rules.withdraw': (input: CallInput<'rules.withdraw'>) => ({ ...infoOf(input.book), state: 'not_in_force' }),
  'rules.remove': () => null,
  'rules.openList': () => null,
  'rules.fromList': () => ({ yaml: 'format: 1\nbook: list\n', trial: trialOf('') }),
})
