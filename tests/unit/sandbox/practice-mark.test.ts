import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createImageJudge } from '../../../electron/engine/sandbox/image-judge.ts'
import { practiceMark } from '../../../electron/engine/sandbox/practice-mark.ts'

const { sizePx, squarePx, framePx, colour, frameColour } = practiceMark
const judge = createImageJudge('none', 'by_mark')

async function isRisky(image: Buffer): Promise<boolean> {
  const finding = await judge(image)
  if (finding.kind !== 'judged') throw new Error(finding.kind)
  return finding.isRisky
}

function markAt(x: number, y: number): string {
  return `<rect x="${x}" y="${y}" width="${sizePx}" height="${sizePx}" fill="${frameColour}"/>
    <rect x="${x + framePx}" y="${y + framePx}" width="${squarePx}" height="${squarePx}" fill="${colour}"/>`
}

/** Any colour but a nearly black one, which could frame a magenta square by chance: by its brightness too, for a dark blue is as dark. */
const colourOf = fc
  .integer({ min: 0, max: 0xffffff })
  .filter(value => {
    const [red, green, blue] = [value >> 16, (value >> 8) & 255, value & 255]
    return Math.max(red, green, blue) > 120 && 0.299 * red + 0.587 * green + 0.114 * blue > 70
  })
  .map(value => `#${value.toString(16).padStart(6, '0')}`)
/** Pinks and magentas included, since those are what could be mistaken. */
const paint = fc.oneof(colourOf, fc.constantFrom(colour, '#FF1493', '#E60099', '#FFFFFF', '#C71585'))
const shape = fc.record({
  kind: fc.constantFrom('rect', 'circle', 'text', 'stroked'),
  x: fc.nat(400),
  y: fc.nat(600),
  size: fc.integer({ min: 8, max: 300 }),
  paint,
})
type Generated<A> = A extends fc.Arbitrary<infer T> ? T : never

function draw({ kind, x, y, size, paint: fill }: Generated<typeof shape>): string {
  switch (kind) {
    case 'rect':
      return `<rect x="${x}" y="${y}" width="${size}" height="${size}" fill="${fill}"/>`
    case 'circle':
      return `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="${fill}"/>`
    case 'text':
      return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}">SALE</text>`
    case 'stroked':
      // A thin black outline is no frame.
      return `<rect x="${x}" y="${y}" width="${size}" height="${size}" fill="${fill}" stroke="#000" stroke-width="2"/>`
  }
}

function poster(width: number, height: number, background: string, inside: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <rect width="100%" height="100%" fill="${background}"/>${inside}</svg>`,
  )
}

const markedPoster = fc.record({
  width: fc.integer({ min: 90, max: 700 }),
  height: fc.integer({ min: 90, max: 700 }),
  background: paint,
  shapes: fc.array(shape, { maxLength: 6 }),
  at: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  quality: fc.integer({ min: 70, max: 95 }),
})

function markedSvg({ width, height, background, shapes, at }: Generated<typeof markedPoster>): Buffer {
  const x = Math.floor(at[0] * (width - sizePx))
  const y = Math.floor(at[1] * (height - sizePx))
  return poster(width, height, background, shapes.map(draw).join('') + markAt(x, y))
}

test('for all places, colours around it and JPEG qualities from 70, the mark at native scale is risky', async () => {
  await fc.assert(
    fc.asyncProperty(markedPoster, async given => {
      const jpeg = await sharp(markedSvg(given)).jpeg({ quality: given.quality }).toBuffer()
      expect(await isRisky(jpeg)).toBe(true)
    }),
    { numRuns: 80 },
  )
})

test('for all scales down to 50 %, the mark survives shrinking and JPEG', async () => {
  await fc.assert(
    fc.asyncProperty(markedPoster, fc.double({ min: 0.5, max: 1, noNaN: true }), async (given, scale) => {
      const jpeg = await sharp(markedSvg(given))
        .resize(Math.ceil(given.width * scale))
        .jpeg({ quality: given.quality })
        .toBuffer()
      expect(await isRisky(jpeg)).toBe(true)
    }),
    { numRuns: 80 },
  )
})

test('for all scales up to 25 %, the mark is missed: that is what tiles are for', async () => {
  await fc.assert(
    fc.asyncProperty(markedPoster, fc.double({ min: 0.05, max: 0.25, noNaN: true }), async (given, scale) => {
      const png = await sharp(markedSvg({ ...given, shapes: [] }))
        .resize(Math.ceil(given.width * scale))
        .png()
        .toBuffer()
      expect(await isRisky(png)).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('for all drawings without a black frame, magenta or not, nothing is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      paint.filter(background => background !== '#000000'),
      fc.array(shape, { maxLength: 12 }),
      fc.integer({ min: 70, max: 95 }),
      async (background, shapes, quality) => {
        const jpeg = await sharp(poster(500, 700, background, shapes.map(draw).join('')))
          .jpeg({ quality })
          .toBuffer()
        expect(await isRisky(jpeg)).toBe(false)
      },
    ),
    { numRuns: 150 },
  )
})

test.each([
  ['a square without frame', `<rect x="60" y="60" width="48" height="48" fill="${colour}"/>`],
  [
    'another colour in the frame',
    '<rect x="40" y="40" width="72" height="72"/><rect x="52" y="52" width="48" height="48" fill="#00FF55"/>',
  ],
  [
    'a disc in a frame',
    `<rect x="40" y="40" width="72" height="72"/><circle cx="76" cy="76" r="24" fill="${colour}"/>`,
  ],
  ['a frame with one side open', `${markAt(40, 40)}<rect x="40" y="40" width="12" height="72" fill="#fff"/>`],
  ['a frame with a corner missing', `${markAt(40, 40)}<rect x="40" y="40" width="12" height="12" fill="#fff"/>`],
  ['a mark cut by the edge', markAt(-20, 60)],
  [
    'a long bar in a frame',
    `<rect x="40" y="40" width="172" height="72"/><rect x="52" y="52" width="148" height="48" fill="${colour}"/>`,
  ],
])('%s is no mark', async (_, inside) => {
  expect(
    await isRisky(
      await sharp(poster(300, 300, '#fff', inside))
        .png()
        .toBuffer(),
    ),
  ).toBe(false)
})

test('a poster all magenta is answered without delay and without finding', async () => {
  const png = await sharp(poster(3000, 3000, colour, ''))
    .png()
    .toBuffer()
  expect(await isRisky(png)).toBe(false)
})

test('noise is no mark', async () => {
  const noise = await sharp({
    create: {
      width: 700,
      height: 700,
      channels: 3,
      background: colour,
      noise: { type: 'gaussian', mean: 128, sigma: 80 },
    },
  })
    .jpeg()
    .toBuffer()
  expect(await isRisky(noise)).toBe(false)
})
