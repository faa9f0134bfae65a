import { describe, expect, test } from 'vitest'
import { endOf } from '../../../electron/engine/checkers/local-checker.ts'
import { createRuleMatcher } from '../../../electron/engine/checkers/rules/rule-matcher.ts'
import { rules } from '../../../electron/engine/checkers/rules/rules.ts'
import type { Part } from '../../../shared/domain.ts'
import { UsageProblem } from '../../../shared/problems.ts'

const bookOf = (id: string, words: string, severity = 'forbidden') =>
  Buffer.from(`format: 1
book: ${id}
title: ${id}
lists:
  - {id: words, title: 词, severity: ${severity}, until: 2026-12-31, entries: [${words}]}
`)

const today = '2026-11-30'
const all = { scopes: null, today }

describe('a rule matcher', () => {
  test('finds in a thread of its own, several texts at once', async () => {
    const matcher = await createRuleMatcher({ books: [bookOf('house', '最佳, 国家级')], ...all })
    const found = await Promise.all(['本店最佳', '好', '國家級最佳'].map(text => matcher.find(text)))
    expect(found.map(({ hits }) => hits.map(({ matched }) => matched))).toEqual([['最佳'], [], ['國家級', '最佳']])
    // One text of a rule for all of its hits: who keeps them keeps it once.
    const { hits } = await matcher.find('最佳，最佳')
    expect(hits[0]?.rule).toBe(hits[1]?.rule)
    await matcher.close()
  })

  test('goes on with another thread after its own has ended', async () => {
    const matcher = await createRuleMatcher({ books: [bookOf('house', '最佳')], ...all })
    await matcher.close()
    expect((await matcher.find('最佳')).hits).toHaveLength(1)
    await matcher.close()
  })

  test('rejects what was asked for when its thread ends, and when it is aborted', async () => {
    const matcher = await createRuleMatcher({ books: [bookOf('house', '最佳')], ...all })
    const controller = new AbortController()
    const aborted = matcher.find('最佳', controller.signal)
    controller.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    // Long enough not to be answered before the thread is told to end.
    const broken = matcher.find('最佳'.repeat(200_000))
    await Promise.all([expect(broken).rejects.toThrow(/ended/), matcher.close()])
  })

  test.each([
    [
      'an error, with its line',
      [Buffer.from('format: 1\nbook: a\n')],
      /an error; nothing was checked. Line 1: title is missing/,
    ],
    ['an id that two have', [bookOf('a', '甲'), bookOf('a', '乙')], /Two rule books have the id "a"/],
    ['a format that comes later', [Buffer.from('format: 2\n')], /of a newer Prescreen/],
  ])('refuses books with %s', async (_, books, message) => {
    const made = createRuleMatcher({ books, ...all })
    await expect(made).rejects.toThrow(message)
    await expect(made).rejects.toBeInstanceOf(UsageProblem)
  })

  test('has another version for other books, other trades and other rules in force, and for nothing else', async () => {
    const versionOf = async (given: Partial<Parameters<typeof createRuleMatcher>[0]>) => {
      const matcher = await createRuleMatcher({ books: [bookOf('house', '最佳')], ...all, ...given })
      await matcher.close()
      return matcher.version
    }
    const version = await versionOf({})
    expect(await versionOf({ today: '2026-12-01' })).toBe(version)
    expect(await versionOf({ today: '2027-01-01' })).not.toBe(version)
    expect(await versionOf({ scopes: ['food'] })).not.toBe(version)
    expect(await versionOf({ books: [bookOf('house', '最佳, 好')] })).not.toBe(version)
  })
})

describe('the checker of rules', () => {
  const part = (text: string) => ({ kind: 'text', text }) as Part
  const opened = async (...books: Buffer[]) => {
    const context = { books: async () => books, today: () => today }
    const checker = await rules.openedFor?.({ books: [], scopes: null }, context)
    if (checker === undefined) throw new Error('not opened')
    const look = (text: string) =>
      checker.inspect(
        { endpoint: 'rules.text', part: part(text), text: { openids: [], scene: 1 } },
        new AbortController().signal,
      )
    return { checker, look }
  }

  test('holds up what its books forbid, and says nothing of the rest', async () => {
    const { checker, look } = await opened(bookOf('house', '最佳'))
    expect(endOf(await look('本店最佳')).verdict).toBe('risky')
    expect(endOf(await look('本店很好'))).toEqual({
      verdict: null,
      failure: { code: 'no_platform_verdict', detail: '' },
    })
    expect(checker.endpoints[0]).toMatchObject({
      version: expect.stringMatching(/^[0-9a-f]{64}$/),
      control: { testString: '最佳' },
    })
  })

  test('has no control where nothing that it goes by holds anything up', async () => {
    const { checker } = await opened(bookOf('house', '最佳', 'notice'))
    expect(checker.endpoints[0]?.control).toEqual({ testString: null })
  })

  test.each([
    ['of other trades', 'food', 'scopes: [medical]'],
    ['not in force yet', null, 'in-force: {from: 2026-12-01, until: null}'],
    ['in force no longer', null, 'in-force: {from: 2020-01-01, until: 2026-11-29}'],
  ] as const)('is not to be had where all rules are %s: nothing would be looked for', async (_, trade, field) => {
    const book = Buffer.from(`format: 1
book: house
title: house
sources: {own: {name: 手册, reading: official, read-at: 内网, read-on: 2026-11-01}}
rules:
  - id: best
    title: 最佳
    severity: forbidden
    words: [最佳]
    ${field}
    citation: {source: own, article: 一}
    examples: {hit: [最佳], miss: [好]}
`)
    const scopes = trade === null ? null : [trade]
    const opened = rules.openedFor?.({ books: [], scopes }, { books: async () => [book], today: () => today })
    await expect(opened).rejects.toThrow(/No rule of the chosen books applies/)
  })

  test('fails where it was given no books, and never says that nothing was found', async () => {
    const request = { endpoint: 'rules.text', part: part('好'), text: { openids: [], scene: 1 } } as const
    expect(await rules.inspect(request, new AbortController().signal)).toMatchObject({ kind: 'failure' })
  })
})
