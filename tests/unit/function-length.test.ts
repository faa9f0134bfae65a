import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseSync } from 'vite'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
/** Beyond that nobody sees a function at once: it is split by table or by duty. */
const mostLines = 120

test('no function is longer than 120 lines', async () => {
  const files = globSync('{shared,electron,renderer,tests}/**/*.{ts,tsx}', { cwd: root })
  expect(files.length).toBeGreaterThan(500)
  const long = files.flatMap(file => longFunctions(file, readFileSync(resolve(root, file), 'utf8')))
  expect(long).toEqual([])
})

test('a long function would be found', () => {
  const body = '  call()\n'.repeat(mostLines)
  expect(
    longFunctions('a.ts', `function f() {\n${body}}\nconst g = () => {\n${body}}\ndescribe('h', () => {\n${body}})\n`),
  ).toEqual(['a.ts:1 has 122 lines', 'a.ts:123 has 122 lines'])
})

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** Where functions of too many lines begin. A `describe` is a list of tests, and no function to be read at once. */
function longFunctions(file: string, text: string): string[] {
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length
  const { program } = parseSync(file, text)
  const found: string[] = []
  const visit = (value: unknown, parent: Node | null): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each, parent)
      return
    }
    if (!isNode(value)) return
    const isGroup = parent?.type === 'CallExpression' && text.startsWith('describe', parent.start)
    if (/^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(value.type) && !isGroup) {
      const lines = lineOf(value.end) - lineOf(value.start) + 1
      if (lines > mostLines) found.push(`${file}:${lineOf(value.start)} has ${lines} lines`)
    }
    for (const child of Object.values(value)) if (typeof child === 'object') visit(child, value)
  }
  visit(program, null)
  return found
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}
