/**
 * What the shipped rule books find in marked lines of marketing copy, by trade: recall (violations with a hit of any severity) and false
 * alarms (ordinary lines with one), with the rules of the trade and with all of them. The rules were written against the corpora that are
 * called `tuning`; `measuring` only measures.
 *
 *     node tests/bench/rules.ts [--lines]      `--lines` names each line that came out otherwise
 */
import { compileBooks } from '../../electron/engine/checkers/rules/compile.ts'
import { corpora, markedLines, measure, shippedBooks } from '../fixtures/rules/marked-lines.ts'

const today = new Date().toISOString().slice(0, 10)
const books = shippedBooks()
const percent = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`)
process.stdout.write(`${books.reduce((sum, book) => sum + book.rules.length, 0)} rules in ${books.length} books\n`)

for (const corpus of corpora()) {
  const lines = markedLines(corpus)
  process.stdout.write(`\n${corpus}: ${lines.length} lines\n`)
  process.stdout.write('trade          recall  false alarms   all rules: recall  false alarms\n')
  for (const tally of await measure(books, lines, today)) {
    const cells = [
      percent(tally.found, tally.violations).padStart(8),
      percent(tally.flagged, tally.ordinary).padStart(14),
      percent(tally.foundByAll, tally.violations).padStart(20),
      percent(tally.flaggedByAll, tally.ordinary).padStart(14),
    ]
    process.stdout.write(`${tally.trade.padEnd(13)}${cells.join('')}\n`)
  }
  if (!process.argv.includes('--lines')) continue
  const matcher = await compileBooks(books, { scopes: null, today })
  for (const { trade, violates, basis, text } of lines) {
    const { hits } = matcher.find(text)
    if (violates === hits.length > 0) continue
    const found = hits.map(({ book, rule, matched }) => `${book}/${rule.rule} ${matched}`).join('; ')
    process.stdout.write(`${violates ? 'missed' : 'flagged'} ${trade} ${basis}: ${text} ${found}\n`)
  }
}
