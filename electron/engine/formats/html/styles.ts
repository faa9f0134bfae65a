import type { DefaultTreeAdapterTypes } from 'parse5'
import { windowsAround } from '../text/passages.ts'
import { type PlacedRule, readStyle } from './css.ts'
import type { Hiding, Placement } from './css-hiding.ts'
import { type Placing, readMoved } from './moved.ts'
import { attributeOf, codeOf, type HtmlElement, isElement, isText, sheetOf } from './page.ts'

type Node = DefaultTreeAdapterTypes.ChildNode

/** What the style sheets in a page do to its elements, as far as the last name of a rule's selector tells: it may be more than is so. */
export interface Styles {
  /** Whether some sheet may put side by side what stands on lines of its own without it. */
  readonly movesElements: boolean
  /** Words that sheets put together from variables. */
  readonly resolved: ReadonlySet<string>
  /** Whether there are more rules than are looked at. */
  readonly isCrowded: boolean
  /** Whether an element's words may not stand where it does, and in which way. */
  hidingOf(element: HtmlElement): Hiding | null
  /** What meets where an element's children may stand elsewhere than they are written. */
  readMoved(element: HtmlElement): readonly string[]
  /** What sheets put into an element, before or behind its own words: one of them, where several rules say so. */
  generatedIn(element: HtmlElement): { readonly before: readonly string[]; readonly after: readonly string[] }
  /** Whether it shows its children in another order than they are in. */
  isReordered(element: HtmlElement): boolean
  /** What meets where an element's children, and theirs, are shown in another order. */
  readReordered(element: HtmlElement): readonly string[]
  /** Whether the order in which it shows its children cannot be told. */
  isOrderUnknown(element: HtmlElement): boolean
}

/** Before anything is read, for a sheet at the end of a page moves its beginning as well. */
export function readStyles(document: DefaultTreeAdapterTypes.Document): Styles {
  const collected = collectRules(document)
  const { rules, placings, inline, resolved, movesElements } = collected
  const placingsOf = (element: HtmlElement) => [...placings.of(element), ...(inline.get(element) ?? [])]
  const placing: Placing = {
    isMoved: element => placingsOf(element).some(({ kind }) => kind === 'moved' || kind === 'cell'),
    isTurned: element => placingsOf(element).some(({ kind }) => kind === 'turned'),
    cellOf(element) {
      const cells = placingsOf(element).filter(({ kind }) => kind === 'cell')
      return cells.length === 0 ? null : [...new Set(cells.map(({ value }) => Number(value)))].reduce((a, b) => a + b)
    },
  }
  return {
    resolved,
    movesElements,
    isCrowded: rules.isCrowded(),
    readMoved: element => readMoved(element, childrenOf(element), placing),
    hidingOf(element) {
      if (attributeOf(element, 'hidden') !== undefined) return 'gone'
      const kinds = placingsOf(element).map(({ kind }) => kind)
      return hidingKinds.find(kind => kinds.includes(kind)) ?? null
    },
    generatedIn(element) {
      const own = rules.of(element).filter(({ kind }) => kind === 'content')
      const on = (...sides: readonly string[]) => [
        ...new Set(own.filter(({ side }) => sides.includes(side)).map(({ value }) => value)),
      ]
      return { before: on('marker', 'before'), after: on('after') }
    },
    ...createOrder(collected),
  }
}

/** All rules of a page that put words somewhere or say where they are shown. */
interface CollectedRules extends Pick<Styles, 'movesElements' | 'resolved'> {
  readonly rules: ReturnType<typeof createRules>
  readonly placings: ReturnType<typeof createRules>
  /** What elements say of themselves. */
  readonly inline: ReadonlyMap<HtmlElement, readonly PlacedRule[]>
  /** Whether some rule shows elements in another order. */
  readonly reorders: boolean
}

function collectRules(document: DefaultTreeAdapterTypes.Document): CollectedRules {
  const rules = createRules()
  const placings = createRules()
  let movesElements = false
  const variables = new Map<string, Set<string>>()
  /** Rules whose words have variables in them, which any sheet may give a value. */
  const unresolved: PlacedRule[] = []
  const addWords = (rule: PlacedRule) => {
    if (rule.kind === 'variable')
      variables.set(rule.selector, (variables.get(rule.selector) ?? new Set()).add(rule.value))
    else if (rule.value.includes('\0--') && rule.kind === 'content') unresolved.push(rule)
    else rules.add({ ...rule, value: rule.value.replaceAll('\0/', '') })
  }
  const inline = new Map<HtmlElement, readonly PlacedRule[]>()
  let reorders = false
  const stack: Node[] = [...document.childNodes]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!isElement(node)) continue
    const own = attributeOf(node, 'style')
    if (own !== undefined) {
      const style = readStyle(own, 'declarations')
      movesElements ||= style.movesElements
      const said = style.placed.filter(({ selector }) => selector !== '')
      for (const rule of said) addWords(rule)
      if (style.placed.length > said.length) inline.set(node, style.placed)
    }
    const sheet = node.tagName === 'style' ? codeOf(node) : sheetOf(node)
    if (sheet !== null) {
      const style = readStyle(sheet, 'sheet')
      movesElements ||= style.movesElements
      for (const rule of style.placed) {
        const isOfPlace = isPlacing(rule.kind)
        if (isOfPlace) placings.add(rule)
        else addWords(rule)
        reorders ||= !isOfPlace && rule.kind !== 'content' && rule.kind !== 'variable'
      }
    }
    if (node.tagName === 'link' && /\bstylesheet\b/i.test(attributeOf(node, 'rel') ?? '')) movesElements = true
    for (const child of childrenOf(node)) stack.push(child)
  }

  const resolved = new Set<string>()
  for (const rule of unresolved) {
    for (const value of valuesWith(variables, rule.value)) {
      rules.add({ ...rule, value })
      resolved.add(value)
    }
  }
  reorders ||= inline.values().some(own => own.some(({ kind }) => !isPlacing(kind)))
  return { rules, placings, inline, reorders, resolved, movesElements }
}

/** The order in which elements show their children. */
function createOrder({
  rules,
  inline,
  reorders,
}: CollectedRules): Pick<Styles, 'isReordered' | 'isOrderUnknown' | 'readReordered'> {
  const valuesOf = (element: HtmlElement, kind: PlacedRule['kind']) =>
    [...rules.of(element), ...(inline.get(element) ?? [])].filter(rule => rule.kind === kind).map(({ value }) => value)
  const orderOf = (node: Node) => (isElement(node) ? Number(valuesOf(node, 'order').at(-1) ?? 0) : 0)
  const inShownOrder = (element: HtmlElement): readonly Node[] => {
    const children = childrenOf(element)
    if (!reorders) return children
    const ordered = children
      .map(child => ({ child, order: orderOf(child) }))
      .toSorted((a, b) => a.order - b.order)
      .map(({ child }) => child)
    return valuesOf(element, 'direction').some(value => /(?<!wrap-)reverse/.test(value)) ? ordered.reverse() : ordered
  }
  return {
    isReordered(element) {
      if (!reorders) return false
      const children = childrenOf(element)
      return inShownOrder(element).some((child, index) => child !== children[index])
    },
    isOrderUnknown(element) {
      if (!reorders) return false
      const orders = new Set(valuesOf(element, 'order'))
      const directions = [...valuesOf(element, 'direction'), ...valuesOf(element, 'wrap')]
      return (
        orders.size > 1 || Number.isNaN(orderOf(element)) || directions.some(value => /wrap-reverse|\(/.test(value))
      )
    },
    readReordered: element => windowsOfOrder(textsOf(element, childrenOf), textsOf(element, inShownOrder)),
  }
}

/** What meets where texts are shown in another order than they are written in. */
function windowsOfOrder(
  written: readonly DefaultTreeAdapterTypes.TextNode[],
  shown: readonly DefaultTreeAdapterTypes.TextNode[],
): readonly string[] {
  const places = new Map(written.map((node, index) => [node, index]))
  const pieces: string[] = []
  let length = 0
  let last = -1
  const seams: { start: number; end: number }[] = []
  for (const node of shown) {
    const place = places.get(node) ?? 0
    const isMoved = place !== last + 1
    if (isMoved) {
      const before = pieces.pop() ?? ''
      pieces.push(before.trimEnd())
      length -= before.length - before.trimEnd().length
      seams.push({ start: length, end: length })
    }
    const text = isMoved ? node.value.trimStart() : node.value
    pieces.push(text)
    length += text.length
    last = place
  }
  const joined = pieces.join('')
  return windowsAround(seams, length).map(({ start, end }) => joined.slice(start, end).toWellFormed())
}

/** The values that words with variables have: where these have several, the first of each, the second of each and so on. */
function valuesWith(variables: ReadonlyMap<string, ReadonlySet<string>>, words: string): readonly string[] {
  const values = [0, 1, 2, 3].map(variant => {
    let value = words
    // Variables of variables; nobody nests them deeper.
    for (let level = 0; level < 4 && value.includes('\0--'); level++) {
      value = value
        .replace(/\0(--[^\0]*)\0/g, (_, name: string) => {
          const given = [...(variables.get(name) ?? [])].slice(0, 4)
          return given[Math.min(variant, given.length - 1)] ?? ''
        })
        .slice(0, 1000)
    }
    return value.replace(/\0(?:\/|--[^\0]*\0?)/g, '')
  })
  return [...new Set(values)].filter(value => value !== '')
}

/** The first that some rule says, for which rule wins is not known. */
const hidingKinds: readonly Hiding[] = ['gone', 'blank', 'aside', 'seen', 'displayed']
const placements: readonly Placement[] = ['moved', 'turned', 'cell']

/** Whether it says where words are shown: of these there are many, and they give second readings only. */
function isPlacing(kind: PlacedRule['kind']): kind is Hiding | Placement {
  return [...hidingKinds, ...placements].some(each => each === kind)
}

function childrenOf(element: HtmlElement): readonly Node[] {
  return 'content' in element ? element.content.childNodes : element.childNodes
}

/** The words of an element, without those of code and the blanks between elements. */
function textsOf(
  element: HtmlElement,
  children: (element: HtmlElement) => readonly Node[],
): readonly DefaultTreeAdapterTypes.TextNode[] {
  const texts: DefaultTreeAdapterTypes.TextNode[] = []
  const stack = children(element).toReversed()
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isText(node)) {
      if (node.value.trim() !== '') texts.push(node)
    } else if (isElement(node) && node.tagName !== 'script' && node.tagName !== 'style') {
      stack.push(...children(node).toReversed())
    }
  }
  return texts
}

interface Rule {
  readonly kind: PlacedRule['kind']
  readonly value: string
  readonly side: string
  /** Classes and identifiers, with their marks, and the name of the element: all of them are there. */
  readonly names: readonly string[]
}

/** No page has as many rules for one name that put words or change an order. */
const maxOfName = 100

/** Rules by the first name of their last compound, so that not every one is tried at every element. */
function createRules() {
  const byName = new Map<string, readonly Rule[]>()
  let isCrowded = false
  return {
    isCrowded: () => isCrowded,
    add({ selector, kind, value }: PlacedRule) {
      for (const each of withoutArguments(selector).split(',')) {
        const [, whole = '', side = ''] = /^(.*?)(?:::?(before|after|marker))?\s*$/is.exec(each) ?? []
        if (kind === 'content' ? side === '' : isPlacing(kind) && (side !== '' || /::[\w-]+\s*$/.test(whole))) continue
        const compound = whole.split(/[\s>+~]+/).at(-1) ?? ''
        const written = compound.replace(/::?[\w-]+/g, '').match(/[.#[]?[\w\u0080-\uffff-]+/g) ?? []
        // What is added joins words wherever it may be, whatever attributes an element is given.
        const names = [
          ...new Set(
            written.filter(name => kind !== 'content' || !name.startsWith('[')).map(name => name.toLowerCase()),
          ),
        ]
        const [first = '*'] = names
        const bucket = byName.get(first) ?? []
        const rule = { kind, value, side: side.toLowerCase(), names }
        if (isPlacing(kind)) {
          if (
            bucket.some(
              each => each.kind === kind && each.value === value && each.names.every(name => names.includes(name)),
            )
          )
            continue
          // With very many rules the conditions are taken to hold: one more second reading does no harm.
          byName.set(first, [...bucket, bucket.length < maxOfName ? rule : { ...rule, names: names.slice(0, 1) }])
          continue
        }
        if (bucket.length < maxOfName) byName.set(first, [...bucket, rule])
        else isCrowded = true
      }
    },
    of(element: HtmlElement): readonly Rule[] {
      if (byName.size === 0) return []
      const own = namesOf(element)
      return ['*', ...own].flatMap(
        name => byName.get(name)?.filter(rule => rule.names.every(each => own.has(each))) ?? [],
      )
    },
  }
}

function namesOf(element: HtmlElement): ReadonlySet<string> {
  const classes = (attributeOf(element, 'class') ?? '').split(/\s+/).filter(name => name !== '')
  const id = attributeOf(element, 'id')
  return new Set(
    [
      element.tagName,
      ...(id === undefined ? [] : [`#${id}`]),
      ...classes.map(name => `.${name.replace(/[^\w\u0080-\uffff-]/g, '_')}`),
      ...element.attrs.map(({ name }) => `[${name}`),
    ].map(name => name.toLowerCase()),
  )
}

/** A selector without the conditions in brackets, which are taken to hold; of those on attributes, their names stay. */
function withoutArguments(selector: string): string {
  let shorter = selector.replace(/\[\s*(?!\s)([\w-]*)(?![\w-])(?:"[^"]*"|'[^']*'|[^[\]"'])*\]/g, '[$1')
  for (let longer = ''; longer !== shorter; ) {
    longer = shorter
    shorter = longer.replace(/\([^()]*\)/g, '')
  }
  return shorter
}
