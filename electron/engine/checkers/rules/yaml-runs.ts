import { type Document, isScalar, Pair, Scalar, visit, YAMLMap, YAMLSeq } from 'yaml'

/** Items of a sequence that are a line each, by where the first of them begins. */
export type Runs = ReadonlyMap<number, readonly (Scalar | YAMLMap)[]>

/** Shorter runs are not worth it. */
const shortest = 50

/**
 * A list of a hundred thousand words is a run of lines of one form, as `- "亲"` or `- {word: "亲", note: "…"}`. Each run is replaced by one
 * item with a comment of the same length behind it, so that all else stands where it stood: the state of a parser before the run depends on
 * what is before it only, and if it takes the stand-in for an item, it would take each line of the run for one.
 *
 * The first and the last line of a run stay: an item may go on in the line behind it.
 */
export function takeRuns(text: string): { readonly shortened: string; readonly runs: Runs } {
  const runs = new Map<number, (Scalar | YAMLMap)[]>()
  const pieces: string[] = []
  let done = 0
  let run: Run | null = null
  const end = () => {
    if (run !== null && run.items.length >= shortest) {
      // All but the first and the last.
      const [start, stop] = [run.starts[1] as number, run.starts.at(-1) as number]
      const items = run.items.slice(1, -1)
      runs.set(start + run.indent + 2, items)
      const head = `${' '.repeat(run.indent)}- "" #`
      // As long as what it stands for, the end of its last line included.
      pieces.push(text.slice(done, start), head.padEnd(stop - start - 1, '#'), '\n')
      done = stop
    }
    run = null
  }
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const stop = newline < 0 ? text.length : newline
    const item = itemAt(text, at, text[stop - 1] === '\r' ? stop - 1 : stop)
    if (item === null || (run !== null && run.indent !== item.indent)) end()
    if (item !== null) {
      run ??= { indent: item.indent, starts: [], items: [] }
      run.starts.push(at)
      run.items.push(item.node)
    }
    at = stop + 1
  }
  end()
  pieces.push(text.slice(done))
  return { shortened: runs.size === 0 ? text : pieces.join(''), runs }
}

interface Run {
  readonly indent: number
  readonly starts: number[]
  readonly items: (Scalar | YAMLMap)[]
}

/**
 * Puts the items where their stand-ins are; false where one of these was not taken for an item, as in a text of several lines, and where
 * there are errors: what is said of them may depend on what stands there.
 */
export function putRuns(document: Document.Parsed, runs: Runs): boolean {
  if (document.errors.length > 0) return false
  let found = 0
  visit(document, {
    Seq: (_, seq) => {
      if (seq.flow === true) return
      const own = seq.items.map(item => (isScalar(item) ? runs.get(item.range?.[0] ?? -1) : undefined))
      if (own.every(items => items === undefined)) return
      found += own.filter(items => items !== undefined).length
      seq.items = seq.items.flatMap((item, at): unknown[] => [...(own[at] ?? [item])])
      // There is no sequence in what was put there that has a stand-in.
      return visit.SKIP
    },
  })
  return found === runs.size
}

/** Of a line; null where it is anything but an item whose parts are texts without escapes, or words that cannot be anything else. */
function itemAt(text: string, from: number, to: number): { indent: number; node: Scalar | YAMLMap } | null {
  let at = from
  while (text.charCodeAt(at) === 32) at += 1
  if (text.charCodeAt(at) !== 45 || text.charCodeAt(at + 1) !== 32) return null
  const indent = at - from
  at += 2
  const reading: Place = { text, at, to }
  const node = text.charCodeAt(at) === 123 ? readMap(reading) : readScalar(reading)
  return node !== null && reading.at === to ? { indent, node } : null
}

interface Place {
  readonly text: string
  at: number
  readonly to: number
}

/** Without escapes, and without line ends and tabs. */
const quoted = /"([^"\\\p{Cc}\ufeff\u2028\u2029]*)"/uy
const bare = /\p{L}[\p{L}\p{N}]*/uy
const constant = /^(?:null|true|false)$/i

function readScalar(place: Place): Scalar | null {
  const start = place.at
  const isQuoted = place.text.charCodeAt(start) === 34
  const form = isQuoted ? quoted : bare
  form.lastIndex = start
  const found = form.exec(place.text)
  if (found === null || form.lastIndex > place.to) return null
  const value = isQuoted ? (found[1] ?? '') : found[0]
  if (!isQuoted && constant.test(value)) return null
  place.at = form.lastIndex
  const scalar = new Scalar(value)
  scalar.type = isQuoted ? 'QUOTE_DOUBLE' : 'PLAIN'
  scalar.source = value
  scalar.range = [start, place.at, place.at]
  return scalar
}

function readMap(place: Place): YAMLMap | null {
  const map = new YAMLMap()
  map.flow = true
  const start = place.at
  place.at += 1
  do {
    const key = readScalar(place)
    if (key === null || key.type !== 'PLAIN' || !take(place, ': ')) return null
    const value = place.text.charCodeAt(place.at) === 91 ? readSeq(place) : readScalar(place)
    if (value === null) return null
    map.items.push(new Pair(key, value))
  } while (take(place, ', '))
  return take(place, '}') ? ranged(map, start, place) : null
}

function readSeq(place: Place): YAMLSeq | null {
  const seq = new YAMLSeq()
  seq.flow = true
  const start = place.at
  place.at += 1
  do {
    const item = readScalar(place)
    if (item === null) return null
    seq.items.push(item)
  } while (take(place, ', '))
  return take(place, ']') ? ranged(seq, start, place) : null
}

function ranged<Node extends YAMLMap | YAMLSeq>(node: Node, start: number, { at }: Place): Node {
  node.range = [start, at, at]
  return node
}

function take(place: Place, what: string): boolean {
  if (!place.text.startsWith(what, place.at)) return false
  place.at += what.length
  return true
}
