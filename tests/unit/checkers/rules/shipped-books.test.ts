import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileBooks } from '../../../../electron/engine/checkers/rules/compile.ts'
import { compilePattern } from '../../../../electron/engine/checkers/rules/patterns.ts'
import { prepareBooks, readBook } from '../../../../electron/engine/checkers/rules/read-book.ts'
import { testBook } from '../../../../electron/engine/checkers/rules/test-book.ts'
import { corpora, markedLines, measure, shippedBookFiles, shippedBooks } from '../../../fixtures/rules/marked-lines.ts'

describe('a shipped rule book', () => {
  test.each(shippedBookFiles().map(file => [basename(file), file]))('%s reads without a problem', (_, file) => {
    expect(readBook(readFileSync(file)).problems).toEqual([])
  })

  test.each(shippedBooks().map(book => [book.id, book] as const))(
    '%s comes out on its own examples as they say',
    async (_, book) => {
      expect((await testBook(book)).map(({ rule, message }) => `${rule}: ${message.en}`)).toEqual([])
    },
  )
})

test('the books that are prepared when the program is built are those that it would read', async () => {
  const files = shippedBookFiles().map(file => readFileSync(file))
  const prepared = JSON.parse(JSON.stringify(await prepareBooks(files)))
  for (const file of files) {
    const read = readBook(file)
    expect(prepared.books[read.book?.version ?? '']).toEqual(read)
  }
  // Each of them is compiled by need, and must have been compiled before.
  const patterns = shippedBooks().flatMap(book => book.rules.flatMap(rule => rule.patterns))
  expect(patterns.filter(source => !Object.hasOwn(prepared.patterns, source))).toEqual([])
  for (const source of patterns) {
    const pattern = compilePattern(source)
    if ('problem' in pattern) throw new Error(pattern.problem.en)
    const { text, literals, longest } = pattern
    expect(prepared.patterns[source]).toEqual({ text, literals, longest })
  }
})

describe('the shipped rules', () => {
  const books = shippedBooks()
  const rules = books.flatMap(book => book.rules)

  test('say why, offer better words, and name the day on which somebody should look again', () => {
    const bare = rules.filter(({ text }) => text.why === null || text.suggestion === null || text.review === null)
    expect(bare.map(({ text }) => text.rule)).toEqual([])
  })

  test('have at least two examples of either kind each', () => {
    const poor = rules.filter(({ examples: { hit, miss } }) => hit.length < 2 || miss.length < 2)
    expect(poor.map(({ text }) => text.rule)).toEqual([])
  })

  test('go from the old Trademark Law to the new one over New Year 2027, without a gap and without both', async () => {
    const on = async (today: string) => {
      const matcher = await compileBooks(shippedBooks(), { scopes: null, today })
      const { hits } = matcher.find('中国驰名商标，匠心好锅')
      return hits.map(({ rule }) => rule.citation.article)
    }
    expect(await on('2026-12-31')).toEqual(['第十四条'])
    expect(await on('2027-01-01')).toEqual(['第六十四条'])
  })

  test.each(['tuning', 'tuning-2'])('find what is marked in %s, and leave ordinary copy alone', async corpus => {
    const tallies = await measure(books, markedLines(corpus), '2026-11-30')
    const sum = tallies.at(-1)
    if (sum === undefined) throw new Error('nothing was measured')
    expect(sum.found / sum.violations).toBeGreaterThanOrEqual(0.98)
    expect(sum.foundByAll / sum.violations).toBeGreaterThanOrEqual(0.98)
    expect(sum.flagged / sum.ordinary).toBeLessThanOrEqual(0.005)
    expect(sum.flaggedByAll / sum.ordinary).toBeLessThanOrEqual(0.005)
  })

  // What else was written while the rules were tuned; some of its lines say what no word says.
  const others = corpora().filter(corpus => corpus.startsWith('tuning-') && corpus !== 'tuning-2')
  test.each(others)('find what is marked in %s, and leave ordinary copy of its trade alone', async corpus => {
    const sum = (await measure(books, markedLines(corpus), '2026-11-30')).at(-1)
    if (sum === undefined) throw new Error('nothing was measured')
    // As a product: some corpora have ordinary lines only.
    expect(sum.found).toBeGreaterThanOrEqual((corpus === 'tuning-14' ? 0.96 : 0.98) * sum.violations)
    expect(sum.flagged / sum.ordinary).toBeLessThanOrEqual(0.005)
  })
})
