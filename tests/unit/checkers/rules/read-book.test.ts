import { describe, expect, test } from 'vitest'
import { readBook } from '../../../../electron/engine/checkers/rules/read-book.ts'

const head = `format: 1
book: house
title: {zh: 内部规则, en: House rules}
sources:
  law: {name: 广告法, reading: official, read-at: 公开转录本, read-on: 2026-11-29}
  report: {name: 指引, reading: secondary, read-at: 报道, read-on: 2026-11-29}
`
const rule = `rules:
  - id: best
    title: 最佳
    severity: forbidden
    words: [最佳]
    citation: {source: law, article: 第九条}
    examples: {hit: [最佳], miss: [好]}
`

/** Where problems are and what they say, in English. */
function problemsOf(yaml: string | Uint8Array): string[] {
  return readBook(yaml).problems.map(({ line, column, level, message }) => `${line}:${column} ${level} ${message.en}`)
}

describe('a rule book', () => {
  test('is read with all that its rules say', () => {
    const { book, problems } = readBook(`${head}${rule}`)
    expect(problems).toEqual([])
    expect(book).toMatchObject({ id: 'house', title: { zh: '内部规则', en: 'House rules' }, entries: 1 })
    expect(book?.rules[0]).toMatchObject({
      line: 8,
      column: 5,
      words: ['最佳'],
      variants: ['symbols'],
      text: { book: 'house', rule: 'best', scopes: ['general'], state: 'draft', citation: { reading: 'official' } },
    })
  })

  test('is known by its bytes', () => {
    const [one, same, other] = [`${head}${rule}`, `${head}${rule}`, `${head}${rule}\n`].map(
      yaml => readBook(yaml).book?.version,
    )
    expect(one).toBe(same)
    expect(one).not.toBe(other)
  })

  test.each([
    [
      'a field that is not known, with the nearest',
      `${head}${rule.replace('severity', 'severty')}`,
      '10:5 error A rule has no field "severty". Do you mean "severity"?',
    ],
    [
      'an id that no file can have on Windows',
      `${head.replace(/^book: .*$/m, 'book: com1')}${rule}`,
      '2:7 error "com1" is the name of a device of Windows, where no file can have it. Take another id, for example com1-words.',
    ],
    [
      'a value that is not known',
      `${head}${rule.replace('forbidden', 'forbiden')}`,
      '10:15 error "forbiden" is not known here. Do you mean "forbidden"?',
    ],
    [
      'a pattern that looks ahead',
      `${head}${rule.replace('words: [最佳]', "patterns: ['最(?=佳)']")}`,
      '11:16 error The pattern looks ahead',
    ],
    [
      'a source that is not there',
      `${head}${rule.replace('source: law', 'source: laws')}`,
      '12:24 error The source "laws" is not among sources. Do you mean "law"?',
    ],
    [
      'a severity that its source does not allow',
      `${head}${rule.replace('source: law', 'source: report')}`,
      '10:15 error The source was not read in an official copy',
    ],
    [
      'a rule without examples of both kinds',
      `${head}${rule.replace(', miss: [好]', '')}`,
      '13:15 error A rule has examples of both kinds',
    ],
    [
      'a key that is there twice',
      `${head}${rule}    title: 又\n`,
      '14:5 error "title" is there twice (first in line 9)',
    ],
    [
      'an id that is there twice',
      `${head}${rule}${rule.replace('rules:\n', '')}`,
      '14:9 error The id "best" is taken (line 8)',
    ],
    ['a day that there is not', `${head}${rule}    review: 2026-02-30\n`, '14:13 error "2026-02-30" is not a day'],
    [
      'a tag',
      `${head}${rule.replace('[最佳]', '!!set [最佳]')}`,
      '11:18 error Tags (tag:yaml.org,2002:set) are not allowed',
    ],
    ['an anchor', `${head}${rule.replace('[最佳]', '&a [最佳]')}`, '11:15 error Anchors and aliases'],
    ['an alias', `${head}${rule.replace('[最佳]', '*a')}`, '11:12 error'],
    ['a tab', `${head}rules:\n\t- id: x\n`, '8:1 error A tab is used'],
    ['another format', `format: 2\n`, '1:9 error This book has format 2, of a newer Prescreen'],
    ['no format', `book: a\n`, '1:1 error The first field should be format: 1.'],
    ['two documents', `${head}${rule}---\na: 1\n`, '14:1 error A file is one rule book.'],
    ['an empty file', '', '1:1 error'],
    [
      'a rule that is checked by nobody',
      `${head}${rule}    state: checked\n`,
      '14:12 error A rule that is checked says by whom',
    ],
    ['an empty word', `${head}${rule.replace('[最佳]', "['\u200b']")}`, '11:13 error This word is empty'],
  ])('is refused for %s, with the place', (_, yaml, problem) => {
    const { book } = readBook(yaml)
    expect(book).toBeNull()
    expect(problemsOf(yaml).join('\n')).toContain(problem)
  })

  test('is told of all that is wrong at once, in the order of the file', () => {
    const yaml = `${head}${rule.replace('severity', 'severty').replace('source: law', 'source: x')}    review: soon\n`
    expect(problemsOf(yaml).map(problem => problem.split(' ')[0])).toEqual(['8:5', '10:5', '12:24', '14:13'])
  })

  test('has texts in both languages, or one for both', () => {
    const { book } = readBook(`${head}${rule}    why: {zh: 因为}\n    suggest: 好\n`)
    expect(book?.rules[0]?.text).toMatchObject({ why: { zh: '因为', en: '因为' }, suggestion: { zh: '好', en: '好' } })
  })
})

describe('a list', () => {
  const list = `lists:
  - id: banned
    title: 禁用词
    severity: forbidden
    owner: 品牌部
    until: 2027-01-01
    entries:
      - {word: 亲, variants: [亲亲], severity: notice, except: [亲子]}
      - 全网最低
      - {word: ''}
      - {word: 全網最低, suggest: 划算}
      - {word: buy now}
      - 100
`

  test('has a rule for each word, and warns of what does not count', () => {
    const { book, problems } = readBook(`${head}${list}`)
    expect(book?.rules.map(({ text }) => [text.rule, text.severity, text.owner, text.inForce.until])).toEqual([
      ['banned/亲', 'notice', '品牌部', '2027-01-01'],
      ['banned/全网最低', 'forbidden', '品牌部', '2027-01-01'],
      ['banned/buy_now', 'forbidden', '品牌部', '2027-01-01'],
      ['banned/100', 'forbidden', '品牌部', '2027-01-01'],
    ])
    expect(problems.map(({ line, level, message }) => `${line} ${level} ${message.en}`)).toEqual([
      '14 warning "亲" is a single character and will be found within many words. Make sure that it is meant, or write a longer word.',
      '16 warning This entry has no word and does not count.',
      '17 warning "全網最低" is there already, in line 15; this entry does not count.',
    ])
  })
})
