import { describe, expect, test } from 'vitest'
import { compilePattern } from '../../../../electron/engine/checkers/rules/patterns.ts'
import { readPattern } from '../../../../electron/engine/checkers/rules/read-pattern.ts'

describe('a pattern', () => {
  test.each([
    ['最(?:强|优)效果', '最(?:强|优)效果', ['最强效果', '最优效果'], 4],
    ['（免費）？', '\\(免费\\)\\?', ['(免费)?'], 5],
    ['NO\\.?１', 'no\\.?1', ['no1', 'no.1'], 4],
    ['销量[^，。\\n]{0,8}第一', '销量[^,。\n]{0,8}第一', ['销量'], 20],
    ['\\d+天(?:见效|治愈)', '\\d+天(?:见效|治愈)', ['天见效', '天治愈'], null],
    ['\\btop\\b', '\\btop\\b', ['top'], null],
    ['[\\p{Han}]{2}第一', '[\\p{Han}]{2}第一', ['第一'], 6],
  ])('%s is normalised, needs some words, and has a greatest length', (source, text, literals, longest) => {
    expect(readPattern(source)).toMatchObject({ text, literals, longest })
  })

  test.each([
    ['a(?=b)', /looks ahead or behind/],
    ['(?<!a)b', /looks ahead or behind/],
    ['(a)\\1', /refers back/],
    ['a**', /nested repetition/],
    ['[㎡]', /cannot stand in brackets/],
    ['a*', /nothing at all/],
    ['(?:a|)', /nothing at all/],
    ['[一-龥]{1,900}[一-龥]{1,900}', /too large|repeat count/],
    ['((((((((((a{2}){2}){2}){2}){2}){2}){2}){2}){2}){2}){2}', /repeat count|too large/],
    ['('.repeat(500), /missing closing/],
    ['最'.repeat(501), /at most 500/],
  ])('%s is refused', (source, message) => {
    const compiled = compilePattern(source)
    expect('problem' in compiled ? compiled.problem.en : '').toMatch(message)
  })
})
