import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseSync } from 'vite'

/** One thing that the product says, in both languages. */
export interface Pair {
  readonly file: string
  readonly line: number
  /** The names around it: `words.drop.here`, `texts.disk_full`. */
  readonly key: string
  readonly zh: string
  readonly en: string
}

const root = resolve(import.meta.dirname, '../..')
const han = /\p{Script=Han}/u

/** All that the window, the engine and the command line say. It is read from the sources, so that no room can be forgotten. */
export function collect(): readonly Pair[] {
  return globSync('{shared,electron,renderer}/**/*.{ts,tsx}', { cwd: root })
    .map(file => file.replaceAll('\\', '/'))
    .sort()
    .flatMap(file => collectFrom(file, readFileSync(resolve(root, file), 'utf8')))
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/**
 * What stands in two languages is an object with `zh` and `en`, a call whose first argument is Chinese and whose second is not, or a
 * choice by the language. What is below them is paired by its keys.
 */
export function collectFrom(file: string, text: string): readonly Pair[] {
  if (!han.test(text)) return []
  const pairs: Pair[] = []
  const lineOf = (node: Node) => text.slice(0, node.start).split('\n').length

  const pairUp = (zh: Node | undefined, en: Node | undefined, names: readonly string[]): void => {
    const [one, other] = [zh && bare(zh), en && bare(en)]
    const at = one ?? other
    if (at === undefined) return
    const below = one?.type === other?.type ? childrenOf(one) : null
    if (below !== null) {
      const others = childrenOf(other) ?? new Map<string, Node>()
      for (const name of new Set([...below.keys(), ...others.keys()]))
        pairUp(below.get(name), others.get(name), [...names, name])
      return
    }
    const said = { zh: one === undefined ? '' : saidBy(one, text), en: other === undefined ? '' : saidBy(other, text) }
    if (isSaid(one) || isSaid(other)) pairs.push({ file, line: lineOf(at), key: names.join('.'), ...said })
  }

  const visit = (value: unknown, names: readonly string[]): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each, names)
      return
    }
    if (!isNode(value)) return
    const inner = nameOf(value) === null ? names : [...names, nameOf(value) ?? '']
    const [zh, en] = languagesOf(value)
    if (zh !== undefined && en !== undefined) {
      pairUp(zh, en, inner)
      for (const part of partsBeside(value, zh, en)) visit(part, inner)
      return
    }
    for (const child of Object.values(value)) if (typeof child === 'object') visit(child, inner)
  }
  visit(parseSync(file, text).program, [])
  return pairs
}

function languagesOf(node: Node): readonly [zh: Node | undefined, en: Node | undefined] | readonly [] {
  if (node.type === 'ObjectExpression') {
    const children = childrenOf(node)
    return [children?.get('zh'), children?.get('en')]
  }
  if (node.type === 'CallExpression') {
    const [zh, en] = (node.arguments as readonly Node[]).map(bare)
    return isSaid(zh) && isSaid(en) && han.test(wordsIn(zh)) && !han.test(wordsIn(en)) ? [zh, en] : []
  }
  if (node.type === 'ConditionalExpression') {
    const test = node.test as Node
    const language = test.type === 'BinaryExpression' ? (bare(test.right as Node).value ?? null) : null
    const [yes, no] = [node.consequent as Node, node.alternate as Node]
    const isChoice = han.test(wordsIn(yes)) || han.test(wordsIn(no))
    if (isChoice && language === 'zh') return [yes, no]
    if (isChoice && language === 'en') return [no, yes]
  }
  return []
}

/** What else an object or call with both languages holds, which may have words of its own. */
function partsBeside(node: Node, zh: Node, en: Node): readonly unknown[] {
  if (node.type === 'ObjectExpression')
    return (node.properties as readonly Node[]).filter(({ value }) => value !== zh && value !== en)
  if (node.type === 'CallExpression') return [node.callee, ...(node.arguments as readonly unknown[]).slice(2)]
  return []
}

function childrenOf(node: Node | undefined): Map<string, Node> | null {
  if (node?.type === 'ObjectExpression') {
    const named = (node.properties as readonly Node[]).flatMap(property => {
      const name = property.type === 'Property' ? nameOf(property) : null
      return name === null ? [] : [[name, property.value as Node] as const]
    })
    return new Map(named)
  }
  if (node?.type === 'ArrayExpression')
    return new Map((node.elements as readonly Node[]).map((each, index) => [String(index), each]))
  return null
}

function nameOf(node: Node): string | null {
  const named = node.type === 'VariableDeclarator' ? node.id : node.type === 'Property' ? node.key : null
  if (!isNode(named)) return null
  return named.type === 'Identifier' ? String(named.name) : named.type === 'Literal' ? String(named.value) : null
}

function bare(node: Node): Node {
  return /^(?:TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|ParenthesizedExpression)$/.test(node.type)
    ? bare(node.expression as Node)
    : node
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}

function isSaid(node: Node | undefined): node is Node {
  if (node === undefined) return false
  if (node.type === 'Literal') return typeof node.value === 'string'
  return /^(?:TemplateLiteral|ArrowFunctionExpression|ConditionalExpression|BinaryExpression)$/.test(node.type)
    ? wordsIn(node) !== ''
    : false
}

/** The literal words somewhere in an expression. */
function wordsIn(node: Node): string {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : ''
  if (node.type === 'TemplateElement') return (node.value as { readonly cooked: string }).cooked
  return Object.values(node).flat().filter(isNode).map(wordsIn).join('')
}

/** A text as it is said, with `{{…}}` where a value comes. */
function saidBy(node: Node, text: string): string {
  switch (node.type) {
    case 'Literal':
      return String(node.value)
    case 'TemplateLiteral': {
      const values = node.expressions as readonly Node[]
      return (node.quasis as readonly Node[])
        .map((quasi, index) => wordsIn(quasi) + (values[index] === undefined ? '' : hole(values[index], text)))
        .join('')
    }
    case 'ConditionalExpression':
      return `${saidBy(bare(node.consequent as Node), text)} | ${saidBy(bare(node.alternate as Node), text)}`
    case 'BinaryExpression':
      return saidBy(bare(node.left as Node), text) + saidBy(bare(node.right as Node), text)
    case 'ArrowFunctionExpression':
      return isSaid(bare(node.body as Node)) ? saidBy(bare(node.body as Node), text) : wordsIn(node.body as Node)
    default:
      return hole(node, text)
  }
}

const hole = (node: Node, text: string): string => {
  const value = bare(node)
  return isSaid(value) ? `{{${saidBy(value, text)}}}` : `{{${text.slice(node.start, node.end)}}}`
}
