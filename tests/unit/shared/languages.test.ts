import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { failureSentence } from '../../../electron/cli/words.ts'
import { faultName } from '../../../electron/engine/base/fault.ts'
import { issueWords } from '../../../electron/engine/base/issue-words.ts'
import { reportColumns, rowView } from '../../../electron/engine/reports/columns.ts'
import type { ReportRow } from '../../../electron/engine/store/records.ts'
import { type FailureCode, failureCodes, failureText } from '../../../shared/failures.ts'
import { encodeRemarks, remark, remarkCodes, remarkText } from '../../../shared/remarks/index.ts'

/**
 * Names that Chinese writes in Latin letters: of products, formats, protocols, fields and flags. Everything else that is written so in a
 * Chinese sentence is English that was forgotten.
 */
const properNames =
  /https?:\/\/\S*|--[a-z][a-z-]*|\.[a-z]{2,4}\b|docs\/\w+\.md|prescreen-check|\b(?:pass|result|isrisky|docx|fit|[A-Z][A-Za-z]*\d*(?:-\d+)?(?:\/[A-Z][A-Za-z0-9]*)*|appid|apps|media\.quotaMb|openid|http|https|mini|cloudbase_access_token|access_token|expires_in|errcode|errmsg|stable|classic|broker|quota|N-1|[a-z]+(?:[._][a-z0-9A-Z]+)+|iOS|iPhone|cgi-bin|sep|zip|rar|stable_token)\b/g

const english = (sentence: string): readonly string[] =>
  sentence
    .replace(/“[^”]*”|「[^」]*」|`[^`]*`/g, '')
    .replace(properNames, '')
    .match(/[A-Za-z]{2,}/g) ?? []

/** A row that ended with the reason, as reports read it. */
function rowWith(reason: FailureCode, detail: string): ReportRow {
  return {
    asset: {
      id: 1,
      batch: 'b_1',
      path: 'a.png',
      sha256: null,
      kind: 'image',
      bytes: 1,
      decision: null,
      decision_reason: null,
      note: null,
      reviewer: null,
      decided_at: null,
      reading: 'png 2',
      reader_notes: encodeRemarks([remark('picture', { count: 2 })]),
      rules: null,
    },
    result: {
      profile: 0,
      state: 'done',
      outcome: 'unchecked',
      reason,
      detail,
      labels: '[]',
      parts: 1,
      checked: 0,
      reused_from: null,
      reused_profile: null,
      screened_at: null,
      rules: null,
    },
    endpoints: null,
    rids: null,
    traceIds: null,
    rowHash: null,
    isOlderReading: false,
    hits: { open: [], fine: [] },
  }
}
const profile = { id: 'p', name: '甲', platform: 'wechat', appid: 'wx1', practice: false } as const
const detail = encodeRemarks([remark('picture', { count: 3, place: '价格表' })])

describe.each(failureCodes)('%s', code => {
  test('says in Chinese what happened and what to do, without English', () => {
    expect(english(failureText(code, 'zh'))).toEqual([])
    expect(failureText(code, 'zh')).toMatch(/。$/)
    expect(failureText(code, 'en')).not.toMatch(/\p{Script=Han}/u)
  })

  test.each(['zh', 'en'] as const)('is told with its details in %s, on the command line and in reports', language => {
    const said = { zh: '3 张图片（价格表）', en: '3 pictures (价格表)' }[language]
    expect(failureSentence(code, detail, language)).toBe(`${failureText(code, language)} (${said})`)
    const view = rowView({ row: rowWith(code, detail), profile, language, reasons: [], control: null })
    const cell = (name: string) => reportColumns.find(column => column.name === name)?.value(view)
    expect(cell('reason')).toBe(code)
    expect(cell('detail')).toBe(said)
    expect(cell('notes')).toBe(language === 'zh' ? '2 张图片' : '2 pictures')
  })
})

test.each(remarkCodes)('the remark %s has no English in Chinese', code => {
  const sentence = remarkText(remark(code, { count: 3, limit: 7, name: '名', place: '处' }), 'zh')
  expect(english(sentence)).toEqual([])
})

test.each([
  z.strictObject({ a: z.string() }),
  z.object({ a: z.int().min(3).max(7) }),
  z.object({ a: z.string().min(2).max(4) }),
  z.object({ a: z.array(z.int()).min(2).max(4) }),
  z.object({ a: z.enum(['fit', 'tile']) }),
  z.object({ a: z.url() }),
  z.object({ a: z.boolean() }),
  z.object({ a: z.object({}) }),
])('what a setting should be is said in words of our own, in both languages (%#)', schema => {
  for (const a of [undefined, null, 1, 9, '1', '12345', [1], [1, 2, 3, 4, 5], {}, true]) {
    for (const issue of schema.safeParse({ a, b: 1 }).error?.issues ?? []) {
      const { zh, en } = issueWords(issue)
      expect(en).toMatch(/^(?:is missing|has to |does not )/)
      expect(en).not.toMatch(/[Ii]nvalid|received|expected|Too /)
      expect(english(zh.replaceAll(/"[^"]*"|true|false/g, ''))).toEqual([])
    }
  }
})

test('a fault of the program is named by its kind and place, not in a library’s words', () => {
  const fault = catching(
    () => null as unknown as { a: string },
    value => value.a,
  )
  expect(fault).toMatch(/^TypeError, languages\.test\.ts:\d+:\d+$/)
  const file = catching(() => '/nowhere/prescreen', readFileSync)
  expect(file).toMatch(/^ENOENT\b/)
  expect(file).not.toContain('nowhere')
  expect(faultName('a text')).toBe('string')
})

function catching<T>(given: () => T, act: (value: T) => unknown): string {
  try {
    act(given())
    return ''
  } catch (error) {
    return faultName(error)
  }
}

/** The detail of a failure is data or a remark: a sentence in the source would be English in every language. */
const sentences = [
  /(?:failure|inputFailure|failed|new Problem)\(.*?,\s*(['`])[^'`]*[A-Za-z]{2,} [a-z]{2,}[^'`]*\1\)/g,
  /\bdetail: (['`])[^'`]*[A-Za-z]{2,} [a-z]{2,}[^'`]*\1/g,
  /(?:failure|inputFailure|failed|detailOf|new Problem)\(.*\berror\.message\b.*/g,
]

test('no failure of the engine is described in a sentence of its source, or in a library’s', () => {
  const folder = join(import.meta.dirname, '../../../electron/engine')
  // The sandbox speaks as the platforms do, and the relay’s log is its administrator’s.
  const files = globSync('**/*.ts', { cwd: folder }).filter(file => !/^(?:sandbox|relay)\b/.test(file))
  expect(files.length).toBeGreaterThan(200)
  const found = files.flatMap(file => {
    const source = readFileSync(join(folder, file), 'utf8')
    return sentences.flatMap(pattern => [...source.matchAll(pattern)].map(([text]) => `${file}: ${text}`))
  })
  expect(found).toEqual([])
})
