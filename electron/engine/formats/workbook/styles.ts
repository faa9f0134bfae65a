import { literalsOfFormat } from '../docx/office-vocabulary.ts'
import { attributeOf, childOf, type XmlElement } from '../xml/read-xml.ts'
import { builtInFormats } from './number-format.ts'
import { childrenOf, collectUnlisted } from './strings.ts'

export interface Styles {
  /** The number format of each cell style, by its index. */
  readonly formats: readonly string[]
  /** The formats of rules, by their index, that put words around what a cell shows. */
  readonly wordyRules: ReadonlySet<number>
  /** What else the styles say in words, such as the formats that rules put on cells. */
  readonly words: readonly string[]
}

export function readStyles(root: XmlElement): Styles {
  const own = new Map(
    childrenOf(childOf(root, 'numFmts'), 'numFmt').map(each => [
      Number(attributeOf(each, 'numFmtId')),
      attributeOf(each, 'formatCode') ?? '',
    ]),
  )
  const formats = childrenOf(childOf(root, 'cellXfs'), 'xf').map(xf => {
    const id = Number(attributeOf(xf, 'numFmtId') ?? 0)
    return own.get(id) ?? builtInFormats.get(id) ?? ''
  })
  const words: string[] = []
  for (const child of root.children) {
    // A cell's format is part of what the cell shows.
    if (child.kind === 'element' && child.local !== 'numFmts') collectUnlisted(child, words)
  }
  const rules = childrenOf(childOf(root, 'dxfs'), 'dxf').map(rule => {
    const own = childOf(rule, 'numFmt')
    return (own && attributeOf(own, 'formatCode')) ?? ''
  })
  const wordyRules = new Set(rules.flatMap((code, at) => (surroundsWords(code) ? [at] : [])))
  return { formats, words, wordyRules }
}

function surroundsWords(code: string): boolean {
  return /[@0#?]|General|G\/通用格式/i.test(code) && literalsOfFormat(code).length > 0
}
