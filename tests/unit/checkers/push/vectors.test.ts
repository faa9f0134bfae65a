import { describe, expect, test } from 'vitest'
import {
  decryptPush,
  encryptPush,
  readAesKey,
  signatureOf,
} from '../../../../electron/engine/checkers/wechat/push/cipher.ts'
import { verifyPlain, verifySecure, verifyUrl } from '../../../../electron/engine/checkers/wechat/push/verify.ts'

/** The platform's published vectors (spec §5.2–§5.5). */
const token = 'AAAAA'
const aesKey = readAesKey('A'.repeat(43)) ?? Buffer.alloc(0)
const appid = 'wxba5fad812f8e6fb9'
const encrypted =
  '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04='
const message =
  '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'

function at(seconds: number) {
  return { nowMs: seconds * 1000, toleranceMs: 300_000 }
}

describe("the platform's published vectors", () => {
  test('verify the address and echo verbatim', () => {
    const query = new URLSearchParams(
      'signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492&echostr=4375120948345356249',
    )
    expect(verifyUrl(query, { token }, at(1714036504))).toEqual({ kind: 'echo', echo: '4375120948345356249' })
  })

  test('verify a plain push', () => {
    const query = new URLSearchParams(
      'signature=899cf89e464efb63f54ddac96b0a0a235f53aa78&timestamp=1714037059&nonce=486452656',
    )
    const body = Buffer.from('{}')
    expect(verifyPlain(query, body, { token }, at(1714037059))).toMatchObject({ kind: 'message', message: body })
  })

  test.each([
    ['JSON', JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: encrypted })],
    ['XML', `<xml><ToUserName><![CDATA[gh_0]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`],
  ])('decrypt a secure push in %s, whose padding of 19 is larger than an AES block', (_form, body) => {
    const query = new URLSearchParams({
      signature: '6c5c811b55cc85e0e1b54100749188c20beb3f5d',
      timestamp: '1714112445',
      nonce: '415670741',
      openid: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
      encrypt_type: 'aes',
      msg_signature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
    })
    const verified = verifySecure(query, Buffer.from(body), { appid, token, aesKey }, at(1714112445))
    expect(verified).toEqual({ kind: 'message', message: Buffer.from(message), authenticity: 'encrypted' })
  })

  test('are reproduced byte for byte by the encryption', () => {
    const random = Buffer.from('a8eedb185eb2fecf', 'latin1')
    expect(encryptPush(message, { key: aesKey, appid, random })).toBe(encrypted)
    const reply = encryptPush('{"demo_resp":"good luck"}', {
      key: aesKey,
      appid,
      random: Buffer.from('707722b803182950', 'latin1'),
    })
    expect(reply).toBe('ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==')
    expect(signatureOf([token, '1713424427', '415670741', reply])).toBe('1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1')
  })

  test('sort by bytes, not by value', () => {
    expect(signatureOf(['10', '9', 'a', 'B'])).toBe(signatureOf(['109Ba']))
  })

  test('read a key whose spare bits are set like the one whose are not', () => {
    // `B` ends in the bits 01, `A` in 00: both are the same 256 bits.
    const loose = readAesKey(`${'A'.repeat(42)}B`)
    expect(loose).toEqual(readAesKey('A'.repeat(43)))
    const sealed = encryptPush(message, { key: aesKey, appid })
    expect(decryptPush(sealed, { key: loose ?? Buffer.alloc(0), appid })).toMatchObject({ kind: 'message' })
  })

  test.each(['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}=`, `${'A'.repeat(42)}-`])(
    'tell that %j is no EncodingAESKey',
    text => {
      expect(readAesKey(text)).toBeNull()
    },
  )
})
