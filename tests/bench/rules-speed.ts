/**
 * How fast rules are tried: 100,000 words on a million characters, beside looking for each word of a hundredth of them with `indexOf`; and
 * the books that are shipped on as much copy of the marked corpus, which is made of what they look for.
 *
 *     node tests/bench/rules-speed.ts
 */
import { compileBooks } from '../../electron/engine/checkers/rules/compile.ts'
import { normalise } from '../../electron/engine/checkers/rules/normalise.ts'
import { readBook } from '../../electron/engine/checkers/rules/read-book.ts'
import { squeeze } from '../../electron/engine/checkers/rules/squeeze.ts'
import { corpora, markedLines, shippedBooks } from '../fixtures/rules/marked-lines.ts'

const size = 1_000_000
const everything = { scopes: null, today: null }
const say = (name: string, value: string) => process.stdout.write(`${name.padEnd(58)}${value}\n`)

/** The least of several runs, in milliseconds of this thread's processor time: other work on the machine only adds to it. */
function leastMs(action: () => unknown, runs = 7): number {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < runs; run++) {
    const before = process.threadCpuUsage()
    action()
    least = Math.min(least, msSince(before))
  }
  return least
}

function msSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

let seed = 1
/** The same numbers in each run. */
const random = (below: number) => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return Math.floor((seed / 2 ** 32) * below)
}
const characters = Array.from({ length: 3500 }, (_, at) => String.fromCharCode(0x4e00 + at * 5))
const frequent = () => characters[Math.floor(3500 ** (random(1e6) / 1e6)) - 1] ?? ''
const even = () => characters[random(3500)] ?? ''

const words = new Set<string>()
while (words.size < 100_000) words.add(Array.from({ length: 2 + random(4) }, even).join(''))
let text = ''
while (text.length < size) {
  text += Array.from({ length: 4 + random(14) }, frequent).join('') + ('，。！“”、 '[random(7)] ?? '')
}

const entries = [...words].map(word => `      - ${word}\n`).join('')
const yaml = `format: 1\nbook: big\ntitle: big\nlists:\n  - id: x\n    title: x\n    severity: forbidden\n    entries:\n${entries}`
const { book } = readBook(yaml)
if (book === null) throw new Error('the book cannot be read')
say('reading a book of 100,000 words', `${leastMs(() => readBook(yaml), 2).toFixed(0)} ms`)
const compiling: number[] = []
for (let run = 0; run < 3; run++) {
  const before = process.threadCpuUsage()
  await compileBooks([book], everything)
  compiling.push(msSince(before))
}
say('compiling it', `${Math.min(...compiling).toFixed(0)} ms`)
const matcher = await compileBooks([book], everything)
const normalising = leastMs(() => squeeze(normalise(text)))
const finding = leastMs(() => matcher.find(text))
const { hits, more } = matcher.find(text)
say('normalising a million characters, both views', `${normalising.toFixed(0)} ms`)
say(`100,000 words on them, ${hits.length + more} hits, after normalising`, `${(finding - normalising).toFixed(0)} ms`)
const some = [...words].slice(0, 1000)
const naive = leastMs(() => some.map(word => text.indexOf(word)), 2) * 100
say(
  'by indexOf, one word after the other (from 1,000 words)',
  `${naive.toFixed(0)} ms, ${(naive / (finding - normalising)).toFixed(0)} times`,
)

const shipped = await compileBooks(shippedBooks(), everything)
const lines = corpora().flatMap(corpus => markedLines(corpus).map(line => line.text))
const copy: string[] = []
for (let length = 0; length < size / 10; length += copy.at(-1)?.length ?? 0)
  copy.push(lines[copy.length % lines.length] ?? '')
const each = leastMs(() => copy.map(line => shipped.find(line)), 3)
say(
  `the shipped books on ${copy.length} lines of marked copy, each alone`,
  `${each.toFixed(0)} ms, ${((1000 * each) / copy.length).toFixed(0)} µs a line`,
)
