import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { DocumentSurvey, OpenDocument } from '../../../electron/engine/formats/documents/document.ts'
import { mostPages, openPdf } from '../../../electron/engine/formats/pdf/open-pdf.ts'
import { sniff } from '../../../electron/engine/formats/sniff.ts'
import type { Failure } from '../../../shared/conclusion.ts'
import { detailText, type Remark, remarksText, sumRemarks } from '../../../shared/remarks/index.ts'
import { mutationsOf } from './mutations.ts'
import { pageOf, pdfOf, type Written, words } from './pdf-file.ts'

async function open(bytes: Uint8Array): Promise<OpenDocument | Failure> {
  return openPdf({
    sizeBytes: bytes.length,
    read: (offset, length) => bytes.slice(offset, offset + length),
    whole: () => {
      throw new Error('it is read piece by piece')
    },
  })
}

async function surveyed(bytes: Uint8Array): Promise<DocumentSurvey> {
  const document = await open(bytes)
  if (document.kind === 'failure') throw new Error(document.detail)
  const survey = await document.survey()
  if (survey.kind === 'failure') throw new Error(survey.detail)
  return survey
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const document = await open(bytes)
  const survey = document.kind === 'failure' ? document : await document.survey()
  return survey.kind === 'failure' ? `${survey.code}: ${detailText(survey.detail, 'en')}` : 'read'
}

async function drawn(bytes: Uint8Array): Promise<Uint8Array> {
  const document = await open(bytes)
  if (document.kind === 'failure') throw new Error(document.detail)
  const loaded = await document.load('1')
  if ('kind' in loaded) throw new Error(loaded.detail)
  return loaded
}

/** The share of the picture that is not white. */
async function inkOf(bytes: Uint8Array): Promise<number> {
  const { channels } = await sharp(await drawn(bytes)).stats()
  return 255 - Math.min(...channels.map(({ mean }) => mean))
}

const said = (remarks: readonly Remark[]) => remarksText(sumRemarks(remarks), 'en')

describe('a PDF', () => {
  test('is words and a picture for each page', async () => {
    const bytes = pdfOf({
      1: '<</Type/Catalog/Pages 2 0 R>>',
      2: '<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2/Resources<</Font<</F1 5 0 R>>>>/MediaBox[0 0 595 842]>>',
      3: '<</Type/Page/Parent 2 0 R/Contents 4 0 R>>',
      4: { dictionary: '', data: words('Spring sale') },
      5: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
      6: '<</Type/Page/Parent 2 0 R/Contents 7 0 R>>',
      7: { dictionary: '', data: words('Only today') },
    })
    expect(await sniff(bytes)).toMatchObject({ kind: 'format', format: { name: 'pdf' } })
    const survey = await surveyed(bytes)
    expect(survey).toMatchObject({
      text: 'Spring sale\n\nOnly today',
      sections: [
        { start: 0, place: { page: 1 } },
        { start: 13, place: { page: 2 } },
      ],
      omitted: [],
      notes: [],
    })
    expect(survey.pieces).toMatchObject([
      { kind: 'picture', name: 'page 1', places: [{ page: 1 }], isReadableWhole: true },
      { kind: 'picture', name: 'page 2', places: [{ page: 2 }], isReadableWhole: true },
    ])
    expect(await sharp(await drawn(bytes)).metadata()).toMatchObject({ format: 'png', width: 1413, height: 2000 })
    expect(await inkOf(bytes)).toBeGreaterThan(0.1)
  })

  test('is cut into tiles where its print is too small for one call, or may be in a picture', async () => {
    const whole = async (bytes: Uint8Array) => (await surveyed(bytes)).pieces[0]?.isReadableWhole
    expect(await whole(pageOf(words('large', 10)))).toBe(true)
    expect(await whole(pageOf(words('large', 10) + words('small', 9)))).toBe(false)
    // Twice as large as it says.
    expect(await whole(pageOf(`2 0 0 2 0 0 cm ${words('doubled', 5)}`))).toBe(true)
    const picture = {
      dictionary: '/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray',
      data: 'a',
    }
    const scan = { resources: '/XObject<</I 10 0 R>>', objects: { 10: picture } }
    expect(await whole(pageOf('595 0 0 842 0 0 cm /I Do', scan))).toBe(false)
    expect(await whole(pageOf('9 0 0 9 0 0 cm /I Do', scan))).toBe(true)
  })

  test('that is long, as for phones, stays wide enough to be read', async () => {
    const { width, height } = await sharp(await drawn(pageOf(words('a'), { box: '0 0 375 8000' }))).metadata()
    expect(width).toBeGreaterThanOrEqual(750)
    expect(height! / width!).toBeCloseTo(8000 / 375, 1)
  })

  test('is turned, cropped and scaled as it says', async () => {
    const page = '/Rotate 90/CropBox[0 0 300 600]'
    expect(await sharp(await drawn(pageOf(words('a'), { page }))).metadata()).toMatchObject({
      width: 2000,
      height: 1000,
    })
  })

  test('says words that nobody sees, as behind a scan', async () => {
    const bytes = pageOf(`3 Tr ${words('recognised')}`)
    expect((await surveyed(bytes)).text).toBe('recognised')
    expect(await inkOf(bytes)).toBe(0)
  })

  test('says what viewers show beside the page', async () => {
    const { text, omitted } = await surveyed(
      pageOf(words('page'), {
        catalog: '/Outlines 10 0 R/AcroForm<</Fields[13 0 R]>>/PageLabels<</Nums[0<</P(label)>>]>>',
        page: '/Annots[12 0 R 13 0 R]',
        trailer: '/Info 11 0 R',
        objects: {
          10: '<</Type/Outlines/First 14 0 R/Last 14 0 R/Count 1>>',
          11: '<</Title(title)/Producer(program)/Keywords <FEFF4F1860E0>>>',
          12: '<</Type/Annot/Subtype/Text/Rect[0 0 20 20]/Contents(comment)/T(author)/RC(<body><p>rich &amp; bold</p></body>)>>',
          13: '<</Type/Annot/Subtype/Widget/FT/Tx/T(internal)/TU(tooltip)/V(value)/Rect[0 0 99 20]/DA(/F1 9 Tf 0 g)>>',
          14: '<</Title(chapter)/Parent 10 0 R>>',
        },
      }),
    )
    expect(omitted).toEqual([])
    for (const word of [
      'title',
      '优惠',
      'chapter',
      'label',
      'page',
      'comment',
      'author',
      'rich & bold',
      'tooltip',
      'value',
    ])
      expect(text).toContain(word)
    expect(text).not.toMatch(/internal|program/)
  })

  test('is drawn with the fields of its form and its annotations', async () => {
    const look = { dictionary: '/Subtype/Form/BBox[0 0 200 200]', data: '1 0 0 rg 0 0 200 200 re f' }
    for (const annotation of ['/Subtype/Stamp', '/Subtype/Widget/FT/Btn/Ff 65536/T(a)']) {
      const page = `/Annots[<</Type/Annot${annotation}/F 4/Rect[0 0 400 400]/AP<</N 10 0 R>>>>]`
      expect(await inkOf(pageOf('', { page, objects: { 10: look } })), annotation).toBeGreaterThan(20)
    }
  })

  test.each<[string, string, Parameters<typeof pageOf>[1]]>([
    [
      'an attachment',
      '1 attached file (a.txt)',
      {
        catalog: '/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a.txt)/EF<</F 10 0 R>>>>]>>>>',
        objects: { 10: { dictionary: '', data: 'x' } },
      },
    ],
    ['a film', '1 recording, film or 3D model', { page: '/Annots[<</Subtype/Movie/Rect[0 0 9 9]>>]' }],
    ['a script', '1 script', { catalog: '/OpenAction<</S/JavaScript/JS(app.alert\\("x"\\))>>' }],
    ['an XFA form', 'XFA form', { catalog: '/AcroForm<</Fields[]/XFA(x)>>' }],
    ['a portfolio', 'portfolio', { catalog: '/Collection<<>>' }],
    ['a stamp without a look', '1 annotation', { page: '/Annots[<</Subtype/Stamp/Rect[0 0 99 99]>>]' }],
    ['a page of a template', '1 hidden page', { catalog: '/Names<</Templates<</Names[(a) 3 0 R]>>>>' }],
    [
      'a picture that is packed in no known way',
      '1 part of an unknown kind',
      {
        resources: '/XObject<</I 10 0 R>>',
        objects: { 10: { dictionary: '/Subtype/Image/Filter/NewDecode', data: 'x' } },
      },
    ],
    [
      'a picture in another file',
      '1 linked',
      {
        resources: '/XObject<</I 10 0 R>>',
        objects: { 10: { dictionary: '/Subtype/Image/F(a.jpg)', data: '' } },
      },
    ],
    [
      'a picture that is cut',
      '1 picture or drawing with data missing',
      {
        resources: '/XObject<</I 10 0 R>>',
        objects: {
          10: {
            dictionary: '/Subtype/Image/Filter/FlateDecode',
            data: deflateSync(Buffer.alloc(9999, 'ab')).subarray(0, 20),
          },
        },
      },
    ],
    ...(
      [
        ['JPEG 2000', '/JPXDecode', [0xff, 0x4f, 0xff, 0x51, 1, 2, 3]],
        ['JBIG2', '/JBIG2Decode', [0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19, 0, 0, 0, 9]],
        ['fax', '/CCITTFaxDecode/DecodeParms<</K -1/Columns 9/Rows 9>>', [0x26, 0xa0]],
      ] as const
    ).map(([name, filter, data]): [string, string, NonNullable<Parameters<typeof pageOf>[1]>] => [
      `${name} that is cut`,
      '1 picture or drawing with data missing',
      {
        resources: '/XObject<</I 10 0 R>>',
        objects: { 10: { dictionary: `/Subtype/Image/Filter${filter}`, data: Uint8Array.from(data) } },
      },
    ]),
    ['a picture that is not there', '1 picture or drawing with data missing', { resources: '/XObject<</I 99 0 R>>' }],
  ])('leaves out %s', async (_, what, options) => {
    const { omitted } = await surveyed(pageOf(words('a'), options))
    expect(said(omitted)).toContain(what)
  })

  test.each([
    ['JPEG 2000', '/JPXDecode', [0xff, 0x4f, 0xff, 0x51, 1, 2, 3, 0xff, 0xd9]],
    ['JBIG2', '/JBIG2Decode', [0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 3, 0, 0, 9, 0, 0, 0, 1, 49, 0, 1, 0, 0, 0, 0]],
    ['fax', '/CCITTFaxDecode/DecodeParms<</K -1/Columns 9/Rows 9>>', [0x26, 0xa0, 0x01, 0x00, 0x10]],
    ['fax without an end', '/CCITTFaxDecode/DecodeParms<</K -1/Columns 9/Rows 9/EndOfBlock false>>', [0x26]],
  ])('takes %s that is whole for that', async (_, filter, data) => {
    const objects = { 10: { dictionary: `/Subtype/Image/Filter${filter}`, data: Uint8Array.from(data) } }
    const { omitted } = await surveyed(pageOf(words('a'), { resources: '/XObject<</I 10 0 R>>', objects }))
    expect(said(omitted)).not.toContain('data missing')
  })

  test('notes a layer that is hidden, and leaves it out where something can show it', async () => {
    const layers = '/OCProperties<</OCGs[10 0 R]/D<</OFF[10 0 R]>>>>'
    const objects = { 10: '<</Type/OCG/Name(prices)>>' }
    const hidden = await surveyed(pageOf(words('a'), { catalog: layers, objects }))
    expect(hidden.omitted).toEqual([])
    expect(said(hidden.notes)).toContain('prices')
    expect(hidden.text).toContain('prices')
    const action = '/OpenAction<</S/SetOCGState/State[/ON 10 0 R]>>'
    expect(said((await surveyed(pageOf(words('a'), { catalog: layers + action, objects }))).omitted)).toContain(
      'prices',
    )
  })

  test('leaves out a page with letters for which there is no font', async () => {
    const toUnicode = '1 beginbfchar <0041> <E0FF> endbfchar'
    const font =
      '<</Type/Font/Subtype/Type0/BaseFont/Nowhere/Encoding/Identity-H/DescendantFonts[11 0 R]/ToUnicode 12 0 R>>'
    const cid =
      '<</Type/Font/Subtype/CIDFontType2/BaseFont/Nowhere/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 13 0 R>>'
    const { omitted } = await surveyed(
      pageOf('BT /F2 20 Tf 40 120 Td <0041> Tj ET', {
        resources: '/Font<</F2 10 0 R>>',
        objects: {
          10: font,
          11: cid,
          12: { dictionary: '', data: toUnicode },
          13: '<</Type/FontDescriptor/FontName/Nowhere/Flags 4/FontBBox[0 0 1 1]/ItalicAngle 0/Ascent 0/Descent 0/StemV 0>>',
        },
      }),
    )
    expect(said(omitted)).toMatch(/font \(Nowhere\).*page 1/)
  })

  test('is never complete with something in it that nobody knows', async () => {
    const stream: Written = { dictionary: '/Subtype/Image', data: 'x' }
    const places: readonly ((entry: string) => Uint8Array)[] = [
      entry => pageOf(words('a'), { catalog: entry, objects: { 20: stream } }),
      entry => pageOf(words('a'), { page: entry, objects: { 20: stream } }),
      entry => pageOf(words('a'), { resources: entry, objects: { 20: stream } }),
      entry =>
        pageOf(words('a'), { page: `/Annots[<</Subtype/Text/Rect[0 0 9 9]${entry}>>]`, objects: { 20: stream } }),
      entry =>
        pageOf(words('a'), { catalog: `/AcroForm<</Fields[<</FT/Tx/T(a)${entry}>>]>>`, objects: { 20: stream } }),
      entry => pageOf(words('a'), { catalog: `/Names<<${entry}>>`, objects: { 20: stream } }),
      entry =>
        pageOf(words('a'), { catalog: `/OpenAction<</S${entry.replace(/ .*/s, '')}>>`, objects: { 20: stream } }),
      entry =>
        pageOf(words('a'), {
          resources: '/XObject<</I 10 0 R>>',
          objects: {
            10: { dictionary: `/Subtype/Form/BBox[0 0 9 9]${entry}`, data: '' },
            20: stream,
          },
        }),
      entry =>
        pageOf(words('a'), {
          resources: `/XObject<</I 10 0 R>>`,
          objects: { 10: { dictionary: `/Subtype${entry.replace(/ .*/s, '')}`, data: 'x' } },
        }),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.stringMatching(/^[A-Z][a-z]{4,9}Xq$/),
        fc.constantFrom('(words)', '<FEFF4F18>', '20 0 R', '[1 (words)]', '<</A<</B(words)>>>>'),
        async (place, name, value) => {
          const { omitted } = await surveyed(place(`/${name} ${value}`))
          expect(omitted).not.toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is refused with a true reason', async () => {
    const secret = `/Encrypt<</Filter/Standard/V 1/R 2/P -4/O <${'41'.repeat(32)}>/U <${'42'.repeat(32)}>>>/ID[<61><61>]`
    expect(await refusal(pageOf(words('a'), { trailer: secret }))).toContain('password')
    expect(await refusal(Buffer.from('%PDF-1.7\n'))).toContain('damaged_document')
    expect(await refusal(pdfOf({ 1: '<</Type/Catalog/Pages 2 0 R>>', 2: '<</Type/Pages/Kids[]/Count 0>>' }))).toMatch(
      /no pages|damaged/,
    )
    const adobe = 'This is an Adobe Illustrator File that was saved without PDF Content.'
    expect(await refusal(pageOf(words(adobe)))).toContain('Create PDF Compatible File')
    const many: Record<number, Written> = { 1: '<</Type/Catalog/Pages 2 0 R>>' }
    const kids = Array.from({ length: mostPages + 1 }, (_, index) => index + 3)
    many[2] = `<</Type/Pages/Count ${kids.length}/MediaBox[0 0 9 9]/Kids[${kids.map(kid => `${kid} 0 R`).join(' ')}]>>`
    for (const kid of kids) many[kid] = '<</Type/Page/Parent 2 0 R>>'
    expect(await refusal(pdfOf(many))).toContain(`${mostPages + 1} pages and at most ${mostPages} are read`)
  })

  test('never reads as whole what its tree of pages and its count tell differently', async () => {
    const bytes = pdfOf({
      1: '<</Type/Catalog/Pages 2 0 R>>',
      2: '<</Type/Pages/Kids[3 0 R 4 0 R 9 0 R]/Count 1/MediaBox[0 0 99 99]>>',
      3: '<</Type/Page/Parent 2 0 R>>',
      4: '<</Type/Page/Parent 2 0 R>>',
    })
    expect((await surveyed(bytes)).omitted).not.toEqual([])
  })

  test('ends with words or a reason however it is damaged', async () => {
    const whole = pageOf(`${words('Spring sale')}/I Do`, {
      catalog: '/Outlines<</First<</Title(chapter)>>>>',
      page: '/Annots[<</Subtype/Text/Rect[0 0 9 9]/Contents(note)>>]',
      resources: '/XObject<</I 10 0 R>>',
      objects: {
        10: {
          dictionary: '/Subtype/Form/BBox[0 0 9 9]/Filter/FlateDecode',
          data: deflateSync(Buffer.from('0 0 9 9 re f')),
        },
      },
    })
    for (const { seed, mutated } of mutationsOf(whole)) {
      const document = await open(mutated)
      const survey = document.kind === 'failure' ? document : await document.survey()
      expect(['extracted', 'failure'], `seed ${seed}`).toContain(survey.kind)
      if (document.kind === 'document' && survey.kind === 'extracted' && survey.pieces.length > 0) {
        const loaded = await document.load('1')
        expect('kind' in loaded ? loaded.kind : 'picture', `seed ${seed}`).toMatch(/failure|picture/)
      }
    }
  }, 60_000)
})
