import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentRemarks } from '../../../shared/remarks/documents.ts'
import { filmRemarks } from '../../../shared/remarks/films.ts'
import { imageRemarks } from '../../../shared/remarks/images.ts'
import {
  decodeRemarks,
  detailText,
  encodeRemarks,
  type RemarkCode,
  remark,
  remarkCodes,
  remarkText,
  sumRemarks,
} from '../../../shared/remarks/index.ts'
import { intakeRemarks } from '../../../shared/remarks/intake.ts'
import { packageRemarks } from '../../../shared/remarks/packages.ts'
import { pdfRemarks } from '../../../shared/remarks/pdf.ts'
import { problemRemarks } from '../../../shared/remarks/problems.ts'
import { ruleRemarks } from '../../../shared/remarks/rules.ts'
import { runRemarks } from '../../../shared/remarks/run.ts'
import { remarksSchema } from '../../../shared/remarks/schema.ts'
import { textRemarks } from '../../../shared/remarks/text.ts'
import { wireRemarks } from '../../../shared/remarks/wire.ts'

describe('remarks', () => {
  test('have each code in one room', () => {
    const rooms = [
      documentRemarks,
      filmRemarks,
      imageRemarks,
      intakeRemarks,
      packageRemarks,
      pdfRemarks,
      problemRemarks,
      ruleRemarks,
      runRemarks,
      textRemarks,
      wireRemarks,
    ]
    expect(rooms.flatMap(room => Object.keys(room)).length).toBe(remarkCodes.length)
  })

  test.each(remarkCodes)('say %s in both languages, one and several', code => {
    for (const count of [1, 3]) {
      const each = remark(code, { count, limit: 7, name: 'N-1' })
      expect(remarkText(each, 'zh')).toMatch(/\p{Script=Han}/u)
      const english = remarkText(each, 'en')
      expect(english).not.toMatch(/\p{Script=Han}|undefined|NaN|\[object/u)
      expect(english.trim()).not.toBe('')
    }
  })

  test('add up what says the same of the same place', () => {
    const sums = sumRemarks([
      remark('picture', { place: '价格表' }),
      remark('recording'),
      remark('picture', { count: 2, place: '价格表' }),
      remark('picture'),
    ])
    expect(sums.map(each => remarkText(each, 'en'))).toEqual(['3 pictures (价格表)', '1 recording', '1 picture'])
    expect(remarkText(remark('picture', { count: 3, place: '价格表' }), 'zh')).toBe('3 张图片（价格表）')
  })

  test('come back from storage as they were', () => {
    const remarks = [remark('picture', { count: 2 }), remark('drawing', { place: 'a"b' })]
    expect(decodeRemarks(encodeRemarks(remarks))).toEqual(remarks)
    expect(detailText(encodeRemarks(remarks), 'zh')).toBe('2 张图片；1 个图形（a"b）')
  })

  test.each(['87014 risky content hint: [x]', '[{"code":', '[{"code":5}]', '/tmp/a b.png', ''])(
    "leave a platform's words, or a path, as they are: %s",
    detail => {
      expect(detailText(detail, 'zh')).toBe(detail)
    },
  )

  test('name what a newer version stored by its code', () => {
    expect(remarkText({ code: 'not_yet' as RemarkCode, place: 'p' }, 'en')).toBe('not_yet (p)')
  })

  test('keep names in one line', () => {
    expect(encodeRemarks([remark('picture', { name: 'a\u2028b\r\nc' })])).toContain('"a b c"')
  })

  test('cut names that are too long to be shown', () => {
    expect(encodeRemarks([remark('picture', { place: '长'.repeat(5000) })]).length).toBeLessThan(300)
  })
})

test('A stored text is taken for remarks by hand exactly where their schema takes it.', () => {
  const fact = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.constant(null), fc.boolean(), fc.constant([]))
  const names = fc.constantFrom('count', 'limit', 'place', 'name', 'more', '__proto__', 'code')
  const facts = fc.array(fc.tuple(names, fact), { maxLength: 3 })
  const likely = fc.record(
    { count: fc.nat(), limit: fc.nat(), place: fc.string(), name: fc.string() },
    { requiredKeys: [] },
  )
  const one = fc.oneof(
    likely.map(each => ({ code: 'tiles_too_many', ...each })),
    facts.map(each => ({ code: 'tiles_too_many', ...Object.fromEntries(each) })),
    fact,
  )
  const stored = fc.oneof(
    fc.array(one, { minLength: 1, maxLength: 3 }).map(each => JSON.stringify(each)),
    fc.constantFrom(
      '[{"code":"a","count":1e999}]',
      '[{"code":"a"}',
      '[{"code":"a"}] ',
      '[{"code":"a","__proto__":1}]',
      '[]',
    ),
  )
  fc.assert(
    fc.property(stored, text => {
      const read = decodeRemarks(text)
      if (!text.startsWith('[{"code":')) expect(read).toBeNull()
      else expect(read).toEqual(asSchemaSays(text))
    }),
  )
})

function asSchemaSays(text: string): unknown {
  try {
    const parsed = remarksSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
