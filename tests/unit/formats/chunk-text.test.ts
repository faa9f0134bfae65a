import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { textLimits } from '../../../electron/engine/checkers/tencent/text-limits.ts'
import { chunkText } from '../../../electron/engine/formats/text/chunk-text.ts'
import type { TextLimit } from '../../../shared/limits.ts'

const v2: TextLimit = textLimits.v2
const sizeOf = (text: string, unit: TextLimit['unit']) => (unit === 'utf8' ? Buffer.byteLength(text) : text.length)

/** Texts that are hard to cut: flags, families, combining marks, lone surrogates, long runs without a sentence. */
const awkwardText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '限时优惠。',
        '你好！”',
        'Dr. Wu said so. ',
        '\r\n',
        '\n\n',
        '；',
        '😀',
        '👨‍👩‍👧‍👦',
        '🇨🇳',
        'e\u0301\u0323',
        '각',
        '！\uFE0F',
      ),
      fc.constantFrom('\ud83d', '\ude00', '  ', '1\uFE0F\u20E3', '葛\u{E0100}', '无标点的长句子'),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    ),
    { maxLength: 250 },
  )
  .map(parts => parts.join(''))

const limitAndOverlap = fc.oneof(
  fc.tuple(
    fc.record({ unit: fc.constant('utf16' as const), max: fc.integer({ min: 80, max: 400 }) }),
    fc.integer({ min: 0, max: 30 }),
  ),
  fc.tuple(
    fc.record({ unit: fc.constant('utf8' as const), max: fc.integer({ min: 200, max: 900 }) }),
    fc.integer({ min: 0, max: 30 }),
  ),
)

describe('cutting a text into chunks', () => {
  test('sends a text that fits as a whole', () => {
    expect(chunkText('限时优惠', v2)).toEqual([
      {
        kind: 'text',
        name: 'whole',
        rect: null,
        frame: null,
        range: [0, 4],
        line: 1,
        column: 1,
        text: '限时优惠',
      },
    ])
  })

  test('cuts at the end of a sentence, behind its closing quotation mark', () => {
    const sentence = `${'好'.repeat(1150)}！”`
    const [first] = chunkText(sentence.repeat(5), v2)
    expect(first?.text).toBe(sentence.repeat(2))
  })

  test('cuts at a line end where there is no other', () => {
    const [first] = chunkText(`${'优惠'.repeat(1200)}\n${'商品'.repeat(1000)}`, v2)
    expect(first?.range).toEqual([0, 2401])
  })

  test('numbers the chunks and says at which line and column they begin', () => {
    const text = '一二三四五六七八九十。\r\n'.repeat(400)
    const parts = chunkText(text, v2)
    expect(parts.map(part => part.name)).toEqual(parts.map((_, index) => `chunk ${index + 1}/${parts.length}`))
    for (const part of parts) {
      const before = text.slice(0, part.range?.[0]).split('\r\n')
      expect([part.line, part.column]).toEqual([before.length, (before.at(-1)?.length ?? 0) + 1])
    }
  })

  test('keeps every chunk within the limit and between graphemes, and loses nothing', () => {
    const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' })
    fc.assert(
      fc.property(awkwardText, limitAndOverlap, (given, [limit, overlap]) => {
        const text = given.toWellFormed()
        const boundaries = new Set([...segmenter.segment(text)].map(segment => segment.index).concat(text.length))
        const parts = chunkText(given, limit, overlap)
        const covered = new Uint8Array(text.length)
        for (const part of parts) {
          const [start, end] = part.range ?? [0, 0]
          expect(part.text).toBe(text.slice(start, end))
          expect(part.text.isWellFormed()).toBe(true)
          expect(sizeOf(part.text, limit.unit)).toBeLessThanOrEqual(limit.max)
          expect(part.text.trim()).not.toBe('')
          expect(boundaries.has(start) && boundaries.has(end)).toBe(true)
          covered.fill(1, start, end)
        }
        for (let index = 0; index < text.length; index++) {
          if (covered[index] === 0) expect(text[index]?.trim()).toBe('')
        }
      }),
      { numRuns: 400 },
    )
  })

  test('has every phrase up to the overlap whole in some chunk', () => {
    fc.assert(
      fc.property(awkwardText, limitAndOverlap, (given, [limit, overlap]) => {
        const text = given.toWellFormed()
        const parts = chunkText(given, limit, overlap)
        let next = 0
        for (let start = 0; start + overlap <= text.length; start++) {
          const phrase = text.slice(start, start + overlap)
          while (next < parts.length - 1 && (parts[next]?.range?.[1] ?? 0) < start + overlap) next++
          const [from, to] = parts[next]?.range ?? [0, 0]
          // A phrase that is white space on one side may be cut there: what is seen of it is whole.
          const seenStart = start + (phrase.length - phrase.trimStart().length)
          const seenEnd = start + phrase.trimEnd().length
          if (phrase.trim() !== '') expect(from <= seenStart && seenEnd <= to).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('cuts a "character" of thousands of marks rather than exceed the limit', () => {
    const text = `a${'\u0301'.repeat(9000)}`
    const parts = chunkText(text, v2)
    expect(parts.every(part => part.text.length <= v2.max)).toBe(true)
    expect(parts.at(-1)?.range?.[1]).toBe(text.length)
  })

  test('replaces lone surrogates, which no request can carry, and nothing else', () => {
    expect(chunkText('限\ud83d时 \u200b\u00a0', v2)[0]?.text).toBe('限\ufffd时 \u200b\u00a0')
  })

  test('leaves out chunks of white space and gives none for an empty text', () => {
    expect(chunkText('', v2)).toEqual([])
    expect(chunkText(' \n'.repeat(9000), v2)).toEqual([])
    const parts = chunkText(`开头。${'\n'.repeat(20_000)}结尾。`, v2)
    expect(parts.map(part => part.text.trim())).toEqual(['开头。', '结尾。'])
  })

  test('refuses a limit that cannot hold the overlap', () => {
    expect(() => chunkText('a', { unit: 'utf16', max: 100 }, 64)).toThrow(RangeError)
  })

  test.each([
    ['ordinary text', '限时优惠，先到先得。'],
    ['one endless line', '好'],
    ['nothing but white space', ' '],
    ['nothing but flags', '🇨🇳'],
    ['nothing but marks', '\u0301'],
  ])('takes time in proportion to the length of %s', (_, unit) => {
    const timeFor = (length: number) => {
      const text = unit.repeat(length / unit.length)
      const start = process.cpuUsage()
      chunkText(text, v2)
      return process.cpuUsage(start).user / 1000
    }
    timeFor(200_000)
    const small = timeFor(500_000)
    // Ten times as long; quadratic work would take a hundred times.
    expect(timeFor(5_000_000)).toBeLessThan(Math.max(small, 20) * 40)
  })
})
