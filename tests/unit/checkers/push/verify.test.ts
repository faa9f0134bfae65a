import { createCipheriv } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decryptPush, encryptPush } from '../../../../electron/engine/checkers/wechat/push/cipher.ts'
import { verifyPush, verifyUrl } from '../../../../electron/engine/checkers/wechat/push/verify.ts'
import { jsonOf, key, nowMs, plainQuery, sealed, secrets, time, v2 } from './pushes.ts'

const plainSecrets = { ...secrets, aesKey: null }
const seconds = nowMs / 1000

describe('a push in secure mode', () => {
  test('is opened whatever its length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const opened = decryptPush(encryptPush(bytes, { key, appid: secrets.appid }), { key, appid: secrets.appid })
        expect(opened).toEqual({ kind: 'message', message: Buffer.from(bytes) })
      }),
    )
  })

  test('is refused when signed with another Token', () => {
    const { query, body } = sealed(jsonOf(v2), { token: 'another_token' })
    expect(verifyPush(query, body, secrets, time)).toMatchObject({ kind: 'refused', code: 'signature_wrong' })
  })

  test('is refused when only `signature` fits, which does not cover the body', () => {
    const { query, body } = sealed(jsonOf(v2))
    query.set('msg_signature', query.get('signature') ?? '')
    expect(verifyPush(query, body, secrets, time)).toMatchObject({ code: 'signature_wrong' })
    query.delete('msg_signature')
    expect(verifyPush(query, body, secrets, time)).toMatchObject({ code: 'signature_missing' })
  })

  test('is refused without encryption, also beside readable fields that are signed', () => {
    const query = plainQuery()
    query.set('msg_signature', query.get('signature') ?? '')
    expect(verifyPush(query, jsonOf(v2), secrets, time)).toMatchObject({ code: 'not_encrypted' })
  })

  test('takes what is encrypted in compatible mode and not what stands beside it', () => {
    const { query, body } = sealed(jsonOf(v2))
    const both = jsonOf({ ...JSON.parse(body.toString()), ...v2, result: { suggest: 'risky' } })
    expect(verifyPush(query, both, secrets, time)).toMatchObject({ kind: 'message', message: jsonOf(v2) })
  })

  test('is refused when it was encrypted for another appid', () => {
    const { query, body } = sealed(jsonOf(v2), { appid: 'wx_practice0000002' })
    expect(verifyPush(query, body, secrets, time)).toMatchObject({ code: 'wrong_appid' })
  })

  test('is refused when it was encrypted with another key', () => {
    const { query, body } = sealed(jsonOf(v2), { key: Buffer.alloc(32, 7) })
    expect(verifyPush(query, body, secrets, time)).toMatchObject({ kind: 'refused' })
  })

  test('is refused when its stated length is beyond its end, or when it is not whole', () => {
    const opened = (length: number) => {
      const stated = Buffer.alloc(4)
      stated.writeUInt32BE(length)
      return decryptPush(seal(Buffer.concat([Buffer.alloc(16), stated, Buffer.from('wx')])), { key, appid: 'wx' })
    }
    expect(opened(0)).toEqual({ kind: 'message', message: Buffer.alloc(0) })
    expect([1, 2].map(opened)).toMatchObject([{ code: 'wrong_appid' }, { code: 'wrong_appid' }])
    expect([3, 0x7fffffff, 0xffffffff].map(opened)).toMatchObject(Array(3).fill({ code: 'cannot_decrypt' }))
    expect(decryptPush(seal(Buffer.alloc(19)), { key, appid: 'wx' })).toMatchObject({ code: 'cannot_decrypt' })
    for (const text of ['', 'AAAA', '*'.repeat(24), `${'A'.repeat(22)}=`]) {
      expect(decryptPush(text, { key, appid: 'wx' })).toMatchObject({ code: 'cannot_decrypt' })
    }
  })

  test('is refused when its padding is none: zero, over 32, or uneven', () => {
    // A whole message for `wx` of 22 bytes, then ten of padding.
    const ended = (...end: number[]) => {
      const bytes = Buffer.alloc(32, 10)
      bytes.set([...Array(20).fill(0), ...Buffer.from('wx')])
      bytes.set(end, 32 - end.length)
      return decryptPush(encrypted(bytes), { key, appid: 'wx' })
    }
    expect(ended()).toMatchObject({ kind: 'message' })
    for (const end of [[0], [33], [11, 10], [9, ...Array(9).fill(10)]]) {
      expect(ended(...end)).toMatchObject({ code: 'cannot_decrypt' })
    }
  })

  test('is refused after any change to its body', () => {
    const { query, body } = sealed(jsonOf(v2))
    const start = body.indexOf('"Encrypt":"') + 11
    fc.assert(
      fc.property(fc.integer({ min: start, max: body.length - 3 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(body)
        changed[at] = (changed[at] ?? 0) ^ flip
        expect(verifyPush(query, changed, secrets, time).kind).toBe('refused')
      }),
    )
  })
})

describe('a signature', () => {
  test('is good for five minutes on either side of the clock, and no longer', () => {
    const outcome = (timestamp: number) => {
      const verified = verifyPush(plainQuery({ timestamp: String(timestamp) }), jsonOf(v2), plainSecrets, time)
      return verified.kind === 'refused' ? verified.code : verified.authenticity
    }
    expect([seconds - 300, seconds + 300].map(outcome)).toEqual(['signed', 'signed'])
    expect([seconds - 301, seconds + 301].map(outcome)).toEqual(['timestamp_out_of_bounds', 'timestamp_out_of_bounds'])
  })

  test('does not serve for a timestamp with a digit of the nonce, although both join to the same text', () => {
    const query = plainQuery({ nonce: '1' })
    query.set('timestamp', `1${seconds}`)
    query.set('nonce', '')
    const unbounded = { nowMs, toleranceMs: Number.POSITIVE_INFINITY }
    expect(verifyPush(query, jsonOf(v2), plainSecrets, unbounded)).toMatchObject({ code: 'timestamp_out_of_bounds' })
  })

  test.each(['signature', 'timestamp', 'nonce'])('is none without %s, or with two', name => {
    const without = plainQuery()
    without.delete(name)
    const twice = plainQuery()
    twice.append(name, twice.get(name) ?? '')
    for (const query of [without, twice]) {
      expect(verifyPush(query, jsonOf(v2), plainSecrets, time)).toMatchObject({ code: 'signature_missing' })
      expect(verifyUrl(query, plainSecrets, time)).toMatchObject({ code: 'signature_missing' })
    }
  })

  test('is compared exactly: other cases, lengths and letters are refused', () => {
    const good = plainQuery().get('signature') ?? ''
    for (const signature of [
      good.toUpperCase(),
      good.slice(1),
      `${good}0`,
      '',
      'é'.repeat(40),
      good.replace(/./, 'x'),
    ]) {
      const query = plainQuery()
      query.set('signature', signature)
      expect(verifyPush(query, jsonOf(v2), plainSecrets, time)).toMatchObject({ code: 'signature_wrong' })
    }
  })
})

/** The bytes as they are, so that what is wrong inside stays wrong. */
function encrypted(bytes: Buffer): string {
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64')
}

function seal(bytes: Buffer): string {
  const count = 32 - (bytes.length % 32)
  return encrypted(Buffer.concat([bytes, Buffer.alloc(count, count)]))
}
