import type { Said } from '../../../../shared/problems.ts'
import type { BookProblem } from '../../../../shared/rules.ts'

type Doubt = keyof typeof words

interface Case {
  readonly row: number
  readonly value: string
  readonly other: number
}

/** Of each kind so many rows are named; how many more there are is said. */
const namedRows = 20

/** Collects what is doubtful in a list: by kind, in the order of the rows. */
export function createDoubts() {
  const cases = new Map<Doubt, Case[]>()
  return {
    /** `other` is another row, or a limit. */
    add: (doubt: Doubt, row: number, value = '', other = 0) => {
      const known = cases.get(doubt)
      if (known === undefined) cases.set(doubt, [{ row, value, other }])
      else known.push({ row, value, other })
    },
    all: (): readonly BookProblem[] =>
      doubtKinds.flatMap(doubt => {
        const met = cases.get(doubt) ?? []
        const said = met.slice(0, namedRows).map(each => words[doubt](each))
        const more = met.length - said.length
        return [...said, ...(more === 0 ? [] : [moreOf(more, met.slice(namedRows))])].map(warning)
      }),
  }
}

function warning(message: Said): BookProblem {
  return { level: 'warning', line: null, column: null, rule: null, message }
}

function moreOf(more: number, rest: readonly Case[]): Said {
  const rows = `${rest[0]?.row ?? 0}–${rest.at(-1)?.row ?? 0}`
  return {
    zh: `同样的情况另有 ${more} 处，在第 ${rows} 行之间。`,
    en: `The same in ${more} further place${more === 1 ? '' : 's'}, in rows ${rows}.`,
  }
}

const words = {
  unseen: ({ row }: Case) => ({
    zh: `第 ${row} 行：表格里没有存下这一格显示的内容（公式、错误值或图片），没有采用。请填入文字。`,
    en: `Row ${row}: the table does not hold what this cell shows (a formula, an error or a picture); it was not taken. Enter the words.`,
  }),
  wordless: ({ row }: Case) => ({
    zh: `第 ${row} 行有内容，但没有词，没有采用。`,
    en: `Row ${row} has something in it and no word; it was not taken.`,
  }),
  blank: ({ row }: Case) => ({ zh: `第 ${row} 行是空行。`, en: `Row ${row} is blank.` }),
  long: ({ row, value, other }: Case) => ({
    zh: `第 ${row} 行：“${value}”超过 ${other} 个字符，没有采用。这里应是词，不是整段文字。`,
    en: `Row ${row}: "${value}" is longer than ${other} characters; it was not taken. A word is wanted here, not a passage.`,
  }),
  marks: ({ row, value }: Case) => ({
    zh: `第 ${row} 行：“${value}”里没有文字或数字，没有采用。`,
    en: `Row ${row}: "${value}" has neither letters nor digits; it was not taken.`,
  }),
  duplicate: ({ row, value, other }: Case) => ({
    zh: `第 ${row} 行：“${value}”在第 ${other} 行已有，只采用第一次。`,
    en: `Row ${row}: "${value}" stands in row ${other} already; the first is taken.`,
  }),
  severity: ({ row, value }: Case) => ({
    zh: `第 ${row} 行：看不懂级别“${value}”，按“禁止”处理。可用：禁止、需证明、提示。`,
    en: `Row ${row}: the severity "${value}" is not known and was taken as forbidden. Use forbidden, evidence or notice.`,
  }),
  until: ({ row, value }: Case) => ({
    zh: `第 ${row} 行：看不懂有效期“${value}”，按长期有效处理。请写成 2027-01-31。`,
    en: `Row ${row}: "${value}" is no day; the word is taken without an end. Write 2027-01-31.`,
  }),
  several: ({ row, value }: Case) => ({
    zh: `第 ${row} 行一格里有几个词，各按一个词采用：${value}。`,
    en: `Row ${row} has several words in one cell; each was taken as a word: ${value}.`,
  }),
  single: ({ row, value }: Case) => ({
    zh: `第 ${row} 行：只有一个字：${value}，会在许多普通文字里命中。请写出完整的词，或加上例外。`,
    en: `Row ${row}: a single character, ${value}, which is found in much ordinary text. Write the whole word, or add exceptions.`,
  }),
  ordinary: ({ row, value }: Case) => ({
    zh: `第 ${row} 行：${value} 是常用词，或在常用词里，会经常误报。请写得更完整，或加上例外。`,
    en: `Row ${row}: ${value} is an ordinary word or stands in one and will often be a false alarm. Write more of it, or add exceptions.`,
  }),
  digits: ({ row, value }: Case) => ({
    zh: `第 ${row} 行：“${value}”只有数字，会在电话、价格里命中。`,
    en: `Row ${row}: "${value}" is a number, which is found in telephone numbers and prices.`,
  }),
  short: ({ row, value }: Case) => ({
    zh: `第 ${row} 行：“${value}”只有一两个字母，会在许多词里命中。`,
    en: `Row ${row}: "${value}" is one or two letters, which are found in many words.`,
  }),
} as const satisfies Readonly<Record<string, (of: Case) => Said>>

/** The gravest first. */
const doubtKinds = Object.keys(words) as Doubt[]
