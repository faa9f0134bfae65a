import type { TableColumn } from '../../../../shared/screening.ts'
import { headerWords, letterOf, type TableRow } from './table-row.ts'

/** What the first rows of a table show: its columns, and which of them are likely to hold texts and the addresses of pictures. */
export interface FirstLook {
  readonly columns: readonly TableColumn[]
  /** Keys of columns; null where none is likely. */
  readonly text: string | null
  readonly url: string | null
  /** One of the rows names the columns, and is no material. */
  readonly hasHeader: boolean
}

const samplesShown = 2
const sampleUnits = 60

/** `rows` are the first that are not blank, with the header among them where there is one. */
export function lookAtRows(rows: readonly TableRow[]): FirstLook {
  const at = rows.findIndex((row, index) => isHeaderRow(row, rows.slice(index + 1)))
  const header = at === -1 ? null : rows[at]
  const below = rows.slice(at + 1)
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length))
  const names = Array.from({ length: width }, (_, index) => header?.cells[index]?.trim() ?? '')
  const columns = names.flatMap((name, index): (TableColumn & { readonly values: readonly string[] })[] => {
    const values = below.map(({ cells }) => cells[index]?.trim() ?? '').filter(value => value !== '')
    if (name === '' && values.length === 0) return []
    const letter = letterOf(index)
    // By its name the header is no material; a name that two columns have, or that is another's letter, chooses neither.
    const isUnique = names.filter(other => other.toLowerCase() === name.toLowerCase()).length === 1
    const key = name !== '' && isUnique ? name : letter
    const samples = values.slice(0, samplesShown).map(value => value.slice(0, sampleUnits).toWellFormed())
    return [{ key, letter, name: name === '' ? null : name, samples, values }]
  })
  const best = (score: (name: string, values: readonly string[]) => number): string | null => {
    const scored = columns.map(column => ({ column, score: score((column.name ?? '').toLowerCase(), column.values) }))
    const [first] = scored.filter(each => each.score > 0).toSorted((a, b) => b.score - a.score)
    return first?.column.key ?? null
  }
  return {
    columns: columns.map(({ values: _, ...column }) => column),
    text: best(textScore),
    url: best(pictureScore),
    hasHeader: header !== null,
  }
}

/**
 * Sure enough to leave the row out of the material: one of its cells is the usual name of a column, or stands in words above what is
 * nothing but figures or addresses.
 */
function isHeaderRow({ cells }: TableRow, below: readonly TableRow[]): boolean {
  const words = cells.map(cell => cell?.trim().toLowerCase() ?? '')
  if (!words.every(word => word.length <= 30 && !isAddress(word) && (word === '' || !isFigure(word)))) return false
  return words.some((word, index) => {
    if (isHeaderWord(word)) return true
    const values = below.flatMap(row => row.cells[index]?.trim() || [])
    return word !== '' && values.length >= 2 && values.every(value => isFigure(value) || isAddress(value))
  })
}

const isHeaderWord = (word: string): boolean =>
  headerWords.has(word) ||
  (word.length <= 8 && [...headerWords].some(each => /\p{Script=Han}/u.test(each) && word.endsWith(each)))

const isAddress = (value: string): boolean => /^https?:\/\//i.test(value)
const isFigure = (value: string): boolean => /^[\p{Sc}\d\s.,:%/-]+(?:元|件|个|天)?$/u.test(value)

const textNames = [
  /文案|正文|内容|口播|text|copy|content|body/,
  /标题|卖点|描述|介绍|评论|简介|title|description|caption|message|comment/,
]

/** The longer its words, the likelier; a name that says so comes before any length. */
function textScore(name: string, values: readonly string[]): number {
  const wordy = values.filter(value => !isAddress(value) && !isFigure(value))
  if (wordy.length * 2 <= values.length) return 0
  const length = wordy.reduce((sum, value) => sum + Math.min(value.length, 200), 0) / values.length
  const named = textNames.findIndex(pattern => pattern.test(name))
  return (named === -1 ? 0 : 1_000 - named * 400) + (named !== -1 || length >= 4 ? length : 0)
}

/** Addresses that lead to pictures by their end or their column's name: any other link would be fetched for nothing. */
function pictureScore(name: string, values: readonly string[]): number {
  const addresses = values.filter(isAddress)
  if (addresses.length * 2 <= values.length) return 0
  const pictures = addresses.filter(value =>
    /\.(?:jpe?g|png|gif|webp|avif|bmp|tiff?|svg)(?:[?#]|$)/i.test(value),
  ).length
  const isNamed = /图|海报|封面|image|img|pic|photo|poster|cover/.test(name)
  return (isNamed ? 2 : 0) + (pictures * 2 > addresses.length ? 1 : 0)
}
