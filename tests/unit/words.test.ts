import { describe, expect, test } from 'vitest'
import { collect, collectFrom } from '../words/collect.ts'

const han = /\p{Script=Han}/u
const pairs = collect()
const window = pairs.filter(({ file }) => /^renderer\/.*words\.ts$/.test(file))
const told = (found: typeof pairs) => found.map(({ file, key, zh, en }) => `${file} ${key}: ${zh} / ${en}`)

/** Names that a thing had beside the one of docs/glossary.md. */
const otherNames = [
  /裁决/,
  /切片(?!器)/,
  /分段/,
  /新增/,
  /连续审阅/,
  /审计账本/,
  /令牌中控/,
  /中转|回调/,
  /限额/,
  /这台机器/,
  /复核日期/,
  /取消批次/,
]
const otherEnglishNames = [/embedded sandbox/, /\bthis machine\b/i, /noted while reading/i, /machine verdict/i]

describe('all that the product says', () => {
  test('is found in every form that it is written in', () => {
    const source = [
      "const words = { zh: { a: { b: '甲' } }, en: { a: { b: 'one' } } }",
      'usage(`乙 $' + '{n}`, `two $' + '{n}`)',
      "language === 'zh' ? '丙' : 'three'",
    ].join('\n')
    expect(collectFrom('x.ts', source).map(({ key, zh, en }) => [key, zh, en])).toEqual([
      ['words.a.b', '甲', 'one'],
      ['', '乙 {{n}}', 'two {{n}}'],
      ['', '丙', 'three'],
    ])
    expect(pairs.length).toBeGreaterThan(2000)
  })

  test('calls a thing by one name', () => {
    expect(told(pairs.filter(({ zh }) => otherNames.some(name => name.test(zh))))).toEqual([])
    expect(told(pairs.filter(({ en }) => otherEnglishNames.some(name => name.test(en))))).toEqual([])
  })

  test('has one character for what goes on', () => {
    expect(told(pairs.filter(({ zh, en }) => /……|\.\.\./.test(zh + en)))).toEqual([])
  })

  test('is in the language of the window', () => {
    expect(told(window.filter(({ key, en }) => han.test(en) && key !== 'words.zh'))).toEqual([])
  })

  test('ends as a sentence where it is more than one', () => {
    expect(told(window.filter(({ zh }) => /。./.test(zh) && !/[。？！：…}”）]$/.test(zh)))).toEqual([])
  })
})
