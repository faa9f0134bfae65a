import { describe, expect, test } from 'vitest'
import { openMail } from '../../../electron/engine/formats/mail/extract-mail.ts'
import { sniff } from '../../../electron/engine/formats/sniff.ts'
import { decodeRemarks } from '../../../shared/remarks/index.ts'
import {
  campaignMail,
  letterFields,
  type MailPart,
  mailOf,
  packed,
  savedPage,
  several,
} from '../../fixtures/formats/mails.ts'
import { png } from '../intake/harness.ts'
import { mutationsOf } from './mutations.ts'

async function readIn(bytes: Uint8Array) {
  const document = openMail({ whole: () => bytes })
  if (document.kind === 'failure') throw new Error(document.detail)
  const survey = await document.survey()
  if (survey.kind === 'failure') throw new Error(survey.detail)
  return { ...survey, load: document.load }
}

const codes = (remarks: readonly { readonly code: string }[]) => remarks.map(({ code }) => code)
const plain = (words: string): MailPart => ({ header: ['Content-Type: text/plain; charset=utf-8'], body: words })
const letter = (part: MailPart, ...fields: readonly string[]) => readIn(mailOf(part, ...letterFields, ...fields))

describe('a mail', () => {
  test('is its header’s words, its text and its pictures, each once', async () => {
    const mail = await readIn(campaignMail('全场八折', png))
    expect(mail.text.trim().split('\n')).toEqual([
      '新品上市',
      '市场部 <market@example.com>',
      'team@example.com',
      'banner.png',
      '文案.txt',
      '全场八折',
    ])
    expect(mail.omitted).toEqual([])
    expect(codes(mail.notes)).toEqual(['mail_attachments'])
    expect(mail.pieces).toMatchObject([{ kind: 'picture', name: 'picture 1', places: [{ file: 'banner.png' }] }])
    expect(await mail.load('1.2.2')).toEqual(Buffer.from(png))
  })

  test('has both readings of what stands in two', async () => {
    const page = { header: ['Content-Type: text/html; charset=utf-8'], body: '<p>网页里的话</p>' }
    const { text } = await letter(several('alternative', 'b', plain('文本里的话'), page))
    expect(text).toContain('文本里的话')
    expect(text).toContain('网页里的话')
  })

  test('is recognised by its first fields, whatever its name', async () => {
    const isMail = async (head: string) => {
      const sniffed = await sniff(Buffer.from(head))
      return sniffed.kind === 'format' && sniffed.format.name === 'mail'
    }
    expect(await isMail('MIME-Version: 1.0\nContent-Type: multipart/related; boundary=a\n\n')).toBe(true)
    expect(await isMail('From a@b Tue Dec 1\nReceived: from x\n\tby y\nSubject: 促销\n\n')).toBe(true)
    expect(await isMail('From: 张三\nDate: 12/1\nSubject: 促销\n\n正文')).toBe(true)
    expect(await isMail('From: 张三\nTo: 李四\nSubject: 促销\n\n正文')).toBe(false)
    expect(await isMail('标题: 促销\n正文: 全场五折\n\n')).toBe(false)
    expect(await isMail('Subject: 促销\n\n正文')).toBe(false)
  })

  test('is read in the encodings that Chinese programs write', async () => {
    const gbk = Buffer.from('c8abb3a1cee5d5db', 'hex')
    const raw = Buffer.concat([Buffer.from('Subject: '), gbk, Buffer.from('\r\nMIME-Version: 1.0\r\n\r\n')])
    expect((await readIn(raw)).text).toContain('全场五折')
    expect((await letter({ header: ['Content-Type: text/plain; charset="GB2312"'], body: gbk })).text).toContain(
      '全场五折',
    )
    // A character begins in one word and ends in the next.
    const halves = [gbk.subarray(0, 3), gbk.subarray(3)].map(half => `=?gbk?B?${half.toString('base64')}?=`)
    expect((await letter(plain('a'), `Subject: ${halves.join('\r\n ')}`)).text).toContain('全场五折')
    const quoted = {
      header: ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable'],
      body: '=E5=85=\r\n=A8场',
    }
    expect((await letter(quoted)).text).toContain('全场')
    const name = "Content-Disposition: inline; filename*0*=gbk''%C8%AB; filename*1*=%B3%A1"
    expect((await letter({ ...plain('a'), header: [name] })).text).toContain('全场')
  })
})

describe('words of a mail that programs show in their own way', () => {
  const inMail = async (part: MailPart, ...fields: readonly string[]) => (await letter(part, ...fields)).text

  test('are those of lines that go on, where the space at their end is not shown', async () => {
    const header = ['Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes']
    const text = await inMail({ header, body: '> one zib \r\n> ble \r\nfrond\r\n-- \r\nA \r\nB' })
    expect(text.split('\n').slice(-4)).toEqual(['> one zibble ', 'frond', '-- ', 'AB'])
  })

  test('are without controls, and without the marks before quoted letters', async () => {
    expect(await inMail(plain('全\0场\u0001五折'), 'Subject: 最\0低价')).toMatch(/最低价[\s\S]*全场五折/)
    expect(await inMail(plain('x'), 'Reply-To: "zib\\ble" <a@b.c>')).toContain('"zibble"')
  })

  test('are every name of a file, and what stands in the place of a time', async () => {
    const names = `Content-Disposition: inline; filename="one.txt"; filename*=utf-8''two.txt`
    const text = await inMail(
      { header: ['Content-Type: text/plain; name="three.txt"', names], body: 'x' },
      'Date: soon',
    )
    for (const name of ['one.txt', 'two.txt', 'three.txt', 'soon']) expect(text).toContain(name)
    expect(text).not.toContain('+0800')
  })

  test('are of files that come under the type of a signature, and not of signatures', async () => {
    const signature = (body: string) =>
      letter(several('signed', 'b', plain('x'), { header: ['Content-Type: application/pgp-signature'], body }))
    const armour = '-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n=abcd\r\n-----END PGP SIGNATURE-----\r\n'
    expect(codes((await signature(armour)).notes)).toEqual([])
    expect(codes((await signature('全场五折')).notes)).toEqual(['mail_attachments'])
  })

  test('are those of a style sheet that no page has', async () => {
    const sheet = { header: ['Content-Type: text/css', 'Content-ID: <c@x>'], body: 'p { color: red } /* 全场五折 */' }
    expect(await inMail(several('mixed', 'b', plain('x'), sheet))).toContain('全场五折')
    const page = (rel: string) => ({
      header: ['Content-Type: text/html'],
      body: `<link rel=${rel} href="cid:c@x"><p>正文`,
    })
    expect(await inMail(several('related', 'b', page('stylesheet'), sheet))).not.toContain('全场五折')
    expect(await inMail(several('related', 'b', page('"alternate stylesheet"'), sheet))).toContain('全场五折')
    const unfit = { ...sheet, body: '/* <!-- */ p::after { content: "全场" "五折" }' }
    expect(codes((await letter(several('related', 'b', page('stylesheet'), unfit))).omitted)).toContain('adding_style')
  })

  test('are those of a mail that begins with its parts', async () => {
    const sniffed = await sniff(mailOf(several('mixed', 'b', plain('x')), 'Subject: a'))
    expect(sniffed.kind === 'format' && sniffed.format.name).toBe('mail')
  })
})

describe('a saved page', () => {
  test('is its words and its pictures, with the style sheet beside it', async () => {
    const page = await readIn(savedPage('全场八折', png))
    expect(page.text).toContain('全场八折')
    expect({ omitted: page.omitted, notes: page.notes, pieces: page.pieces.length }).toEqual({
      omitted: [],
      notes: [],
      pieces: 1,
    })
  })

  test('leaves out what is not in the file', async () => {
    const page = packed(
      ['Content-Type: text/html; charset=utf-8'],
      '<img src="https://example.com/a.png"><img src="beside.png">好',
    )
    expect(codes((await letter(several('related', 'b', page))).omitted)).toEqual(['picture'])
  })
})

describe('what nobody can see in a mail', () => {
  test.each<[string, MailPart, string]>([
    [
      'an end that is missing',
      { header: ['Content-Type: multipart/mixed; boundary=b'], body: '--b\r\n\r\n好\r\n' },
      'cut_mail',
    ],
    [
      'a boundary that is not named',
      { header: ['Content-Type: multipart/mixed'], body: '--b\r\n\r\n好\r\n--b--' },
      'cut_mail',
    ],
    [
      'a type that is none',
      { header: ['Content-Type: multipart/mixed boundary=b'], body: '--b\r\n\r\n好\r\n--b--' },
      'doubtful_mail',
    ],
    ['UTF-7', { header: ['Content-Type: text/plain; charset=utf-7'], body: 'a +AHoAaQ-' }, 'mail_charset'],
    [
      'base64 with words behind it',
      {
        header: ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64'],
        body: '5aW95aW9\r\n-- \r\nlist',
      },
      'damaged_mail_part',
    ],
    ['two types', { header: ['Content-Type: text/plain', 'Content-Type: text/html'], body: '好' }, 'doubtful_mail'],
    [
      'base64 with other characters',
      { header: ['Content-Type: text/plain', 'Content-Transfer-Encoding: base64'], body: '5aW9*' },
      'damaged_mail_part',
    ],
    [
      'a transfer encoding of its own',
      { header: ['Content-Type: text/plain', 'Content-Transfer-Encoding: x-own'], body: '好' },
      'unread_mail_part',
    ],
    [
      'a part that lies elsewhere',
      { header: ['Content-Type: message/external-body; access-type=URL'], body: '好' },
      'unread_mail_part',
    ],
    [
      'an encoding of seven bits',
      { header: ['Content-Type: text/plain; charset=utf-7'], body: Buffer.from('c8abb3a1', 'hex') },
      'mail_charset',
    ],
    ['PGP', several('encrypted; protocol="application/pgp-encrypted"', 'b', plain('Version: 1')), 'encrypted_mail'],
    ['S/MIME', packed(['Content-Type: application/pkcs7-mime; smime-type=enveloped-data'], 'x'), 'encrypted_mail'],
  ])('is left out: %s', async (_, part, code) => {
    expect(codes((await letter(part)).omitted)).toContain(code)
  })

  test('is sent where it has words: fields, preambles and ends that no list knows', async () => {
    const { header, body } = several('mixed', 'b', plain('正文'))
    const { text } = await letter({
      header: [...header, 'Slogan: 全场五折', 'X-Own: =?utf-8?B?5pyA5L2O5Lu3?='],
      body: `前言\r\n${body}\r\n后记`,
    })
    for (const words of ['全场五折', '最低价', '前言', '后记', '正文']) expect(text).toContain(words)
  })

  test('is refused as a whole mailbox, however long its first mail is', () => {
    const line = Buffer.from('From a@b.c Tue Dec  1 09:00:00 2026\r\n')
    const mail = mailOf(plain(`${'x'.repeat(20_000)}\r\n\r\nFrom here on, in 2026\r\n`), ...letterFields)
    expect(openMail({ whole: () => Buffer.concat([line, mail]) }).kind).toBe('document')
    const refused = openMail({ whole: () => Buffer.concat([line, mail, Buffer.from('\r\n'), line, mail]) })
    expect(decodeRemarks(refused.kind === 'failure' ? refused.detail : '')?.[0]?.code).toBe('mailbox')
  })

  test('takes a time that grows with the mail', { timeout: 30_000 }, async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index} ${index % 7} words`)
    const page = { header: ['Content-Type: text/html'], body: `<p>${lines.toReversed().join('</p><p>')}</p>` }
    const files = Array.from({ length: 9000 }, () => ({ header: ['Content-Type: x/y; name=a.txt'], body: 'x' }))
    const { text, notes } = await letter(several('mixed', 'b', plain(lines.join('\r\n')), page, ...files))
    expect(text).toContain('29999 4 words')
    expect(notes).toMatchObject([{ code: 'mail_attachments', count: 9000 }])
  })

  test('is refused in parts without end', () => {
    let part = plain('好')
    for (let depth = 0; depth < 40; depth++) part = several('mixed', `b${depth}`, part)
    const refused = openMail({ whole: () => mailOf(part, ...letterFields) })
    expect(decodeRemarks(refused.kind === 'failure' ? refused.detail : '')?.[0]?.code).toBe('mail_parts')
  })
})

test('a damaged mail is read or refused, and nothing is thrown', async () => {
  for (const { seed, mutated } of mutationsOf(campaignMail('全场八折', png))) {
    const document = openMail({ whole: () => mutated })
    if (document.kind === 'document')
      expect((await document.survey()).kind, `seed ${seed}`).toMatch(/extracted|failure/)
  }
})
