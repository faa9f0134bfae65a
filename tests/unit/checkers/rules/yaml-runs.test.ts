import { describe, expect, test } from 'vitest'
import { isCollection, isNode, parseDocument, visit } from 'yaml'
import { readBook } from '../../../../electron/engine/checkers/rules/read-book.ts'
import { putRuns, takeRuns } from '../../../../electron/engine/checkers/rules/yaml-runs.ts'

const options = { schema: 'core', uniqueKeys: false, prettyErrors: false } as const

/** Everything that is read of a document: values, how they are written, and where. */
function seen(document: ReturnType<typeof parseDocument>): unknown {
  const nodes: unknown[] = []
  visit(document, (_, node) => {
    if (!isNode(node)) return
    const { range } = node as { range?: readonly number[] | null }
    const { type, source, tag } = node as { type?: string; source?: string; tag?: string }
    nodes.push([isCollection(node) ? node.constructor.name : node.toJSON(), range?.[0], type, source, tag])
  })
  return { nodes, errors: document.errors.map(({ code, pos, message }) => [code, pos[0], message]) }
}

let seed = 7
const random = (below: number) => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return Math.floor((seed / 2 ** 32) * below)
}
const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T

const lines = [
  '- "亲"',
  '- 最佳',
  '- {word: "亲", note: "在 # 里: 的", variants: ["亲亲", 哦豁]}',
  '- Best',
  '- "a: b"',
]
const strangers = [
  '- null',
  '- "a\\u200bb"',
  '- "not closed',
  'ends"',
  '- [a, b',
  '- a: b',
  '- |',
  '  - "within"',
  '# note',
  '',
  '- !tag x',
  '- &a x',
  '- - 亲',
  'nonsense: [',
  '- {word: "亲"',
  '- 亲 # 注',
  '-\t"亲"',
  '- "亲"\r',
]

describe('runs of plain items', () => {
  test('are read as they are by a parser of all that YAML is', () => {
    let taken = 0
    for (let round = 0; round < 120; round++) {
      const indent = '    '.slice(random(5))
      const body: string[] = []
      for (let part = 0; part < 3; part++) {
        for (let count = random(160); count > 0; count--) body.push(`${indent}${pick(lines)}`)
        if (random(2) === 0) body.push(`${pick(['', indent])}${pick(strangers)}`)
      }
      const text = `format: 1\nlists:\n${body.join(pick(['\n', '\r\n']))}${pick(['', '\n', `\n${indent}  more`])}`
      const { shortened, runs } = takeRuns(text)
      expect(shortened).toHaveLength(text.length)
      const document = parseDocument(shortened, options)
      if (runs.size === 0 || !putRuns(document, runs)) continue
      taken += 1
      expect(seen(document)).toEqual(seen(parseDocument(text, options)))
    }
    expect(taken).toBeGreaterThan(30)
  })

  test('within a text are no items', () => {
    const text = `format: 1\nbook: x\ntitle: |\n${'  - 亲\n'.repeat(200)}`
    const { runs, shortened } = takeRuns(text)
    expect(runs.size).toBe(1)
    expect(putRuns(parseDocument(shortened, options), runs)).toBe(false)
    expect(readBook(text).problems).not.toEqual([])
  })

  test('have the lines of their items', () => {
    const words = Array.from({ length: 300 }, (_, at) => `      - "词${String.fromCharCode(0xac00 + at)}"\n`)
    words[200] = '      - {word: "亲亲", wordd: "哦豁"}\n'
    const head = 'format: 1\nbook: x\ntitle: x\nlists:\n  - id: x\n    title: x\n    severity: notice\n    entries:\n'
    const { problems } = readBook(head + words.join(''))
    expect(problems).toMatchObject([{ level: 'error', line: 209, column: 22, rule: 'x' }])
    const { book } = readBook(head + words.toSpliced(200, 1).join(''))
    expect(book?.rules.map(({ line }) => line)).toEqual(Array.from({ length: 299 }, (_, at) => at + 9))
  })
})
