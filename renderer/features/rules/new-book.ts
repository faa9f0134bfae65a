import type { Language } from '../../../shared/language.ts'

const idPattern = /^[a-z0-9][a-z0-9-]{0,62}$/
export const isBookId = (id: string): boolean => idPattern.test(id)

/** An id that no book has: as wished, or with a number behind it. */
export function freeId(wished: string, taken: readonly string[]): string {
  const plain = wished
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 56)
  const base = plain === '' ? 'house-list' : /[a-z]/.test(plain) ? plain : `list-${plain}`
  if (!taken.includes(base)) return base
  for (let number = 2; ; number += 1) if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`
}

/** A shipped book as one of the house: the same text under another id. */
export function copiedBook(yaml: string, id: string): string {
  return /^book:.*$/m.test(yaml) ? yaml.replace(/^book:.*$/m, `book: ${id}`) : `book: ${id}\n${yaml}`
}

/** What a new book begins with: one rule that works, with everything that a rule can have said beside it. */
export function newBook(id: string, today: string, language: Language): string {
  const review = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`
  const dated = templates[language].replaceAll('BOOK', id).replaceAll('TODAY', today)
  return dated.replaceAll('REVIEW', review.endsWith('-02-29') ? review.replace(/29$/, '28') : review)
}

const templates = {
  zh: `# 自有规则书。边写边查：行号旁的标记说明哪里不对，右边可以试一段文案。
# 保存只是存盘；在以往批次上试过之后，才能启用。
format: 1
book: BOOK  # 编号：小写字母、数字和连字符，不能与其他规则书相同
title: {zh: 自有规则, en: House rules}

# 出处。reading：official 读过官方文本，secondary 转述，unseen 未见原文；后两种只能用于“提示”。
sources:
  house:
    name: {zh: 公司宣传用语规范, en: House style}
    reading: official
    read-at: 公司内网
    read-on: TODAY

rules:
  - id: example
    title: {zh: 示例：全网最低, en: 'Example: lowest price anywhere'}
    severity: evidence        # notice 提示 · evidence 需证明 · forbidden 禁止
    scopes: [general]         # 行业，如 price、cosmetics、food、medical、finance
    words: [全网最低, 全网最低价]
    # patterns: ['最(?:强|优)的?效果']            # 正则（RE2 语法）
    except: [不是全网最低]                          # 命中落在这些话里就不算
    # except-in-sentence: [谨防]                    # 同一句里有这些话就不算
    # only-with: {in: sentence, any: [价格, 元]}    # 同一句里有这些话才算
    # requires: [本品不能代替药物]                  # 全文必须有的话，缺了才算
    variants: [symbols]       # 夹着符号、空格也认；homophones 同音字也认
    citation: {source: house, article: 第三条}
    why: {zh: 没有比价依据时不能这样说。, en: Not to be said without a comparison of prices.}
    suggest: {zh: 改为“本店限时优惠”。, en: Say “a special offer for a short time”.}
    state: draft              # 有人核对过以后改为 checked，并写上 by 和 on
    review: REVIEW        # 到这一天提醒复查
    examples:                 # 必须命中的和不得命中的，各至少一句
      hit: [这款全网最低价]
      miss: [我们不是全网最低，但最用心]
`,
  en: `# A rule book of the house. It is checked as you type: marks beside the line numbers say what is wrong, and a text can be tried on the right.
# Saving only keeps the file. It can be put in force once it was tried on earlier batches.
format: 1
book: BOOK  # id: small letters, digits and hyphens; no other book may have it
title: {zh: 自有规则, en: House rules}

# Where rules come from. reading: official (the text itself was read), secondary (a report of it), unseen; the last two allow only a notice.
sources:
  house:
    name: {zh: 公司宣传用语规范, en: House style}
    reading: official
    read-at: intranet
    read-on: TODAY

rules:
  - id: example
    title: {zh: 示例：全网最低, en: 'Example: lowest price anywhere'}
    severity: evidence        # notice · evidence (needs a proof) · forbidden
    scopes: [general]         # trades, such as price, cosmetics, food, medical, finance
    words: [全网最低, 全网最低价, lowest price anywhere]
    # patterns: ['最(?:强|优)的?效果']            # regular expressions, RE2 syntax
    except: [不是全网最低]                          # no hit within these words
    # except-in-sentence: [谨防]                    # no hit in a sentence that has one of these
    # only-with: {in: sentence, any: [价格, 元]}    # a hit only where one of these stands too
    # requires: [本品不能代替药物]                  # words that the text must have; a hit where they are missing
    variants: [symbols]       # seen through inserted symbols and spaces too; homophones must be asked for
    citation: {source: house, article: '3'}
    why: {zh: 没有比价依据时不能这样说。, en: Not to be said without a comparison of prices.}
    suggest: {zh: 改为“本店限时优惠”。, en: Say “a special offer for a short time”.}
    state: draft              # checked once somebody has checked it, with by and on
    review: REVIEW        # to be looked at again from this day on
    examples:                 # at least one that must be hit, and one that must not
      hit: [这款全网最低价]
      miss: [我们不是全网最低，但最用心]
`,
} as const satisfies Readonly<Record<Language, string>>
