import FormData from 'form-data'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { qqPracticeApp } from '../../../electron/engine/checkers/qq/practice/apps.ts'
import { practiceMark } from '../../../electron/engine/sandbox/practice-mark.ts'
import { type Bench, formOf, ridShape, startBench } from './harness.ts'

const wechat = '/wxa/img_sec_check'
const qq = '/api/json/security/ImgSecCheck'
const plain = 'form-data; name="media"; filename="image.jpg"'

let bench: Bench
let clean: Buffer
let marked: Buffer
beforeAll(async () => {
  bench = await startBench()
  clean = await picture(300, 200).jpeg().toBuffer()
  const { sizePx, squarePx, framePx, colour, frameColour } = practiceMark
  const mark = `<svg width="${sizePx}" height="${sizePx}"><rect width="100%" height="100%" fill="${frameColour}"/>
    <rect x="${framePx}" y="${framePx}" width="${squarePx}" height="${squarePx}" fill="${colour}"/></svg>`
  marked = await picture(300, 200)
    .composite([{ input: Buffer.from(mark), left: 31, top: 57 }])
    .jpeg()
    .toBuffer()
})
afterAll(() => bench.sandbox.close())

function picture(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: '#87b0d0' } })
}

async function errcode(form: Buffer, contentType?: string): Promise<number> {
  return (await bench.postImage(wechat, form, contentType)).json.errcode
}

describe('img_sec_check', () => {
  test('answers ok or risky content, with nothing else', async () => {
    expect((await bench.postImage(wechat, formOf(clean))).text).toBe('{"errcode":0,"errmsg":"ok"}')
    expect((await bench.postImage(wechat, formOf(marked))).json).toEqual({
      errcode: 87014,
      errmsg: expect.stringMatching(/^risky content rid: /),
    })
  })

  test('judges the same bytes alike however often they come', async () => {
    for (let i = 0; i < 3; i += 1) expect(await errcode(formOf(marked))).toBe(87014)
  })

  test("takes curl's form: a boundary of dashes, no type but the file's", async () => {
    const boundary = '------------------------d74496d66958873e'
    const form = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="media"; filename="test.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
      ),
      clean,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ])
    expect(await errcode(form, `multipart/form-data; boundary=${boundary}`)).toBe(0)
  })

  test('takes what the form-data package writes', async () => {
    const form = new FormData()
    form.append('media', clean, { filename: '1.jpg', contentType: 'image/jpeg' })
    expect(await errcode(form.getBuffer(), String(form.getHeaders()['content-type']))).toBe(0)
  })

  test.each([
    ['no filename', 'form-data; name="media"'],
    ['an empty filename', 'form-data; name="media"; filename=""'],
    ['a filename of Chinese characters', 'form-data; name="media"; filename="图.jpg"'],
    ['filename* alone', 'form-data; name="media"; filename*=UTF-8\'\'a.jpg'],
    ['filename* beside a plain one', 'form-data; name="media"; filename="a.jpg"; filename*=UTF-8\'\'a.jpg'],
    ['an unquoted filename', 'form-data; name="media"; filename=a.jpg'],
    ['an unquoted name', 'form-data; name=media; filename="a.jpg"'],
    ['another name', 'form-data; name="file"; filename="a.jpg"'],
    ['the lenient name “buffer”', 'form-data; name="buffer"; filename="a.jpg"'],
    ['a filename that only claims the name', 'form-data; filename="x; name=media"'],
    ['no form-data', 'attachment; name="media"; filename="a.jpg"'],
  ])('refuses %s with 41005', async (_, disposition) => {
    expect((await bench.postImage(wechat, formOf(clean, disposition))).json).toEqual({
      errcode: 41005,
      errmsg: expect.stringMatching(/^media data missing rid: /),
    })
  })

  test.each([
    ['an empty part', ''],
    [
      'base64 instead of bytes',
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==',
    ],
    ['a path instead of bytes', '/home/someone/a.jpg'],
    ['a URL instead of bytes', 'https://example.com/a.jpg?x=1&y=2'],
  ])('refuses %s with 41005', async (_, content) => {
    expect(await errcode(formOf(Buffer.from(content), plain))).toBe(41005)
  })

  test.each([
    ['JSON', 'application/json'],
    ['raw bytes', 'application/octet-stream'],
    ['no boundary', 'multipart/form-data'],
    ['a quoted boundary', 'multipart/form-data; boundary="b1"'],
    ['another boundary than the body’s', 'multipart/form-data; boundary=b2'],
    ['multipart/mixed', 'multipart/mixed; boundary=b1'],
  ])('refuses %s with 47001', async (_, contentType) => {
    expect(await errcode(formOf(clean), contentType)).toBe(47001)
  })

  test.each([
    ['is cut before its last delimiter', (form: Buffer) => form.subarray(0, -10)],
    ['has bare line feeds', (form: Buffer) => Buffer.from(form.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')],
    ['is empty', () => Buffer.alloc(0)],
  ])('refuses a form that %s with 47001', async (_, damage) => {
    expect(await errcode(damage(formOf(clean)))).toBe(47001)
  })

  test('a file of more than a megabyte gets 40006', async () => {
    const padded = Buffer.concat([clean, Buffer.alloc(1_000_000 - clean.length)])
    expect(await errcode(formOf(padded))).toBe(0)
    expect(await errcode(formOf(Buffer.concat([padded, Buffer.alloc(1)])))).toBe(40006)
  })

  test('more than 750 × 1334 pixels get 40009, unless the limit is lifted', async () => {
    const lenient = await startBench({ pixelLimit: 'none' })
    for (const [width, height, expected] of [
      [750, 1334, 0],
      [751, 100, 40009],
      [100, 1335, 40009],
      [1334, 750, 40009],
    ] as const) {
      const form = formOf(await picture(width, height).png().toBuffer())
      expect(await errcode(form)).toBe(expected)
      expect((await lenient.postImage(wechat, form)).json.errcode).toBe(0)
    }
    await lenient.sandbox.close()
  })

  test('for benchmarks, images can all pass without being decoded; form, format and pixels still count', async () => {
    const cheap = await startBench({ imageVerdicts: 'all_pass' })
    const code = async (image: Buffer) => (await cheap.postImage(wechat, formOf(image))).json.errcode
    expect(await code(marked)).toBe(0)
    expect(await code(await picture(751, 10).png().toBuffer())).toBe(40009)
    expect(await code(Buffer.from('GIF89a and nothing'))).toBe(40137)
    await cheap.sandbox.close()
  })

  test.each(['png', 'jpeg', 'gif'] as const)('takes %s', async format => {
    expect(await errcode(formOf(await picture(90, 90).toFormat(format).toBuffer()))).toBe(0)
  })

  test('takes grey and transparent pictures', async () => {
    expect(await errcode(formOf(await picture(90, 90).toColourspace('b-w').png().toBuffer()))).toBe(0)
    expect(await errcode(formOf(await picture(90, 90).ensureAlpha(0.2).png().toBuffer()))).toBe(0)
  })

  test('goes by the bytes, not by name or type: WebP, SVG and damage get 40137', async () => {
    expect(await errcode(formOf(await picture(90, 90).webp().toBuffer()))).toBe(40137)
    expect(await errcode(formOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')))).toBe(40137)
    expect(await errcode(formOf(clean.subarray(0, clean.length >> 1)))).toBe(40137)
    expect(await errcode(formOf(Buffer.from('\x89PNG\r\n\x1a\nnothing', 'latin1')))).toBe(40137)
  })

  test('looks at the first frame of a GIF only', async () => {
    const frames = async (...images: Buffer[]) => {
      const raw = await Promise.all(images.map(image => sharp(image).ensureAlpha().raw().toBuffer()))
      return sharp(Buffer.concat(raw), { raw: { width: 300, height: 400, channels: 4, pageHeight: 200 } })
        .gif()
        .toBuffer()
    }
    expect(await errcode(formOf(await frames(clean, marked)))).toBe(0)
    expect(await errcode(formOf(await frames(marked, clean)))).toBe(87014)
  })
})

describe('ImgSecCheck of QQ', () => {
  const appidField = `--b1\r\nContent-Disposition: form-data; name="appid"\r\n\r\n${qqPracticeApp.appid}\r\n`

  test('wants the appid, as a field or in the query, and answers in camel case', async () => {
    expect((await bench.postImage(qq, formOf(clean))).json.errCode).toBe(40097)
    expect((await bench.postImage(`${qq}?appid=${qqPracticeApp.appid}`, formOf(clean))).json.errCode).toBe(0)
    const reply = await bench.postImage(qq, formOf(marked, plain, appidField))
    expect(reply.text).toBe('{"errCode":87014,"errMsg":"risky content"}')
  })

  test('is as strict about the form', async () => {
    expect((await bench.postImage(qq, formOf(clean, 'form-data; name="media"', appidField))).json.errCode).toBe(41005)
    expect((await bench.postImage(qq, formOf(clean), 'application/json')).json.errCode).toBe(47001)
  })

  test('refusals carry no rid, unlike WeChat’s', async () => {
    expect((await bench.postImage(qq, formOf(clean), 'application/json')).json.errMsg).not.toMatch(ridShape)
  })
})
