import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRedactor, redact } from '../../../electron/engine/base/redact.ts'

describe('redact', () => {
  test.each([
    ['GET /wxa/x?access_token=abc-DEF_1&y=2', 'GET /wxa/x?access_token=***&y=2'],
    ['?appid=wx1&secret=0123456789abcdef', '?appid=wx1&secret=***'],
    ['?cloudbase_access_token=abc', '?cloudbase_access_token=***'],
    ['{"appid":"wx1","secret":"s","appsecret" : "t"}', '{"appid":"wx1","secret":"***","appsecret" : "***"}'],
    ['{"openid":"oAbc","scene":2}', '{"openid":"***","scene":2}'],
    ['"{\\"access_token\\":\\"abc\\"}"', '"{\\"access_token\\":\\"***\\"}"'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer ***'],
  ])('masks what is named as a secret: %s', (text, masked) => {
    expect(redact(text)).toBe(masked)
  })

  test.each([
    'invalid credential, access_token is invalid or not latest rid: 60ae120f-371d5872-7941a05b',
    'invalid appsecret, view more at http://t.cn/x',
    '{"errcode":40003,"errmsg":"invalid openid"}',
  ])('leaves the platform’s words alone: %s', text => {
    expect(redact(text, ['SECRET-VALUE'])).toBe(text)
  })

  test('masks a known value wherever and however it is written', () => {
    const secret = 'a+b/c d"é=='
    const spellings = [secret, encodeURIComponent(secret), new URLSearchParams({ s: secret }).toString().slice(2)]
    spellings.push(JSON.stringify(secret).slice(1, -1), JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'))
    for (const spelling of spellings) expect(redact(`<${spelling}>`, [secret])).toBe('<***>')
  })

  test('leaves nothing standing of a spelling that begins with another one', () => {
    expect(redact(JSON.stringify('ends with \\'), ['ends with \\'])).toBe('"***"')
  })

  test('masks any known value in any text', () => {
    const secret = fc.string({ minLength: 8, unit: 'grapheme' }).filter(value => !'***'.includes(value))
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        expect(redact(`${before}${value}${after}`, [value])).not.toContain(value)
      }),
    )
  })

  test('masks a short value as a word only', () => {
    expect(redact('openid o1 has no access to demo12', ['o1'])).toBe('openid *** has no access to demo12')
  })

  test('does nothing for an empty value', () => {
    expect(redact('plain', [''])).toBe('plain')
  })
})

describe('a redactor', () => {
  test('masks everything that it was told to remember', () => {
    const redactor = createRedactor()
    redactor.remember('first-secret')
    redactor.remember('second-secret')
    redactor.remember('')
    expect(redactor.redact('first-secret, second-secret, third')).toBe('***, ***, third')
  })
})
