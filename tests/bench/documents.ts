/** Files of the kinds that are read in pieces, made by seed, for benches. */

import { mkdir, open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { writePsd } from 'ag-psd'
import sharp from 'sharp'
import { coded, grid, heic } from '../integration/imaging/heic-files.ts'
import { pdfOf, type Written } from '../unit/formats/pdf-file.ts'
import { rowOf, workbookWith } from '../unit/formats/workbooks.ts'
import { docxOf, relationships, zipOf } from '../unit/formats/zip-file.ts'

/** Gradients, shapes and fine texture: compresses about as a photograph does. */
export function picture(width: number, height: number, seed: number, isCutOut = false): Buffer {
  const backdrop = isCutOut ? '' : '<rect width="100%" height="100%" fill="url(#sky)"/>'
  const shapes = Array.from({ length: 120 }, (_, index) => {
    const at = (factor: number, size: number) => ((index * factor + seed * 37) * 7919) % size
    return `<circle cx="${at(3, width)}" cy="${at(5, height)}" r="${20 + at(7, 90)}" fill="hsl(${at(11, 360)} 60% 55%)" fill-opacity=".5"/>`
  })
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="sky" x2="1" y2="1">` +
      '<stop stop-color="#0d6b53"/><stop offset="1" stop-color="#f4e3c1"/></linearGradient><filter id="grain">' +
      `<feTurbulence baseFrequency=".4" numOctaves="2" seed="${seed}"/><feComposite in2="SourceGraphic" operator="in"/></filter></defs>` +
      `${backdrop}${shapes.join('')}<rect width="60%" height="60%" fill="#fff" filter="url(#grain)" opacity=".35"/></svg>`,
  )
}

function photo(width: number, height: number, seed: number): Promise<Buffer> {
  return sharp(picture(width, height, seed))
    .flatten()
    .jpeg({ quality: 85 })
    .toBuffer()
}

/** A brochure: on each page a photograph, shapes, and two columns of words. */
export async function brochure(pages: number, seed: number): Promise<Uint8Array> {
  const objects: Record<number, Written> = {
    1: '<</Type/Catalog/Pages 2 0 R>>',
    3: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
  }
  const kids: string[] = []
  for (let page = 0; page < pages; page++) {
    const at = 10 + page * 3
    kids.push(`${at} 0 R`)
    const [width, height] = [1200, 800]
    objects[at] =
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${at + 1} 0 R/Resources<</Font<</F1 3 0 R>>/XObject<</I ${at + 2} 0 R>>>>>>`
    objects[at + 1] = { dictionary: '', data: pageContent(page, seed) }
    // A few photographs for many pages, each a stream of its own.
    objects[at + 2] = {
      dictionary: `/Type/XObject/Subtype/Image/Width ${width}/Height ${height}/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode`,
      data: await photoOnce(width, height, seed + (page % 5)),
    }
  }
  objects[2] = `<</Type/Pages/Kids[${kids.join(' ')}]/Count ${pages}>>`
  return pdfOf(objects)
}

const photos = new Map<string, Promise<Buffer>>()
function photoOnce(width: number, height: number, seed: number): Promise<Buffer> {
  const key = `${width} ${height} ${seed}`
  const known = photos.get(key) ?? photo(width, height, seed)
  photos.set(key, known)
  return known
}

const vocabulary =
  'autumn harvest tea leaf offer fresh roast weekend member gift box limited store branch taste quiet cup spring'.split(
    ' ',
  )

function line(length: number, seed: number): string {
  return Array.from(
    { length },
    (_, at) => vocabulary[(seed * 31 + at * 7 + ((at * seed) >> 2)) % vocabulary.length],
  ).join(' ')
}

function pageContent(page: number, seed: number): string {
  const shapes = Array.from(
    { length: 12 },
    (_, at) => `0.${(at * 7 + seed) % 10} 0.6 0.${(at * 3 + page) % 10} rg ${40 + at * 42} 790 36 24 re f`,
  )
  const columns = [40, 310].flatMap((x, column) =>
    Array.from(
      { length: 28 },
      (_, row) => `BT /F1 11 Tf ${x} ${420 - row * 14} Td (${line(6, page * 97 + column * 13 + row + seed)}) Tj ET`,
    ),
  )
  return [...shapes, 'q 515 0 0 343 40 440 cm /I Do Q', '0 g', ...columns].join('\n')
}

/** A poster with layers, as Photoshop saves it: its composite packed row by row. */
export async function layeredPoster(width: number, height: number, seed: number): Promise<Buffer> {
  const { data } = await sharp(picture(width, height, seed))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const imageData = { width, height, data: new Uint8ClampedArray(data) }
  const side = Math.min(width, height) >> 1
  const layer = await sharp(picture(side, side, seed + 1))
    .ensureAlpha()
    .raw()
    .toBuffer()
  const text = { name: 'title', text: { text: line(8, seed), transform: [1, 0, 0, 1, 0, 0] } }
  const drawn = {
    name: 'photo',
    left: 20,
    top: 20,
    imageData: { width: side, height: side, data: new Uint8ClampedArray(layer) },
  }
  return Buffer.from(writePsd({ width, height, imageData, children: [drawn, text] }))
}

/** A photograph as phones store it, of tiles, whose colours go by the seed: nothing here encodes HEVC. libheif takes fewer than 1,000. */
export function tiledPhoto(columns: number, rows: number, seed: number): Buffer {
  const kinds = [coded.red, coded.blue, coded.halves]
  const tiles = Array.from({ length: columns * rows }, (_, at) => ({
    type: 'hvc1',
    data: kinds[(at * 7 + seed) % kinds.length] ?? coded.red,
  }))
  const size = [columns * 64, rows * 64] as const
  const whole = {
    type: 'grid',
    data: grid(columns, rows, ...size),
    size,
    refers: ['dimg', ...tiles.map((_, at) => at + 2)] as const,
  }
  return heic([whole, ...tiles])
}

/** A deck: on each slide a photograph of its own and some lines. */
export async function deck(slides: number, seed: number): Promise<Buffer> {
  const main = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
  const drawn = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
  const links = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
  const numbers = Array.from({ length: slides }, (_, at) => at + 1)
  const files: Record<string, string | Uint8Array> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relationships(['officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml': `<p:presentation ${main} ${links}><p:sldIdLst>${numbers.map(at => `<p:sldId id="${255 + at}" r:id="r${at}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationships(...numbers.map(at => ['slide', `slides/slide${at}.xml`] as const)),
  }
  for (const at of numbers) {
    const shapes = Array.from(
      { length: 12 },
      (_, shape) =>
        `<p:sp><p:txBody><a:bodyPr/>${Array.from({ length: 4 }, (_, row) => `<a:p><a:r><a:rPr lang="en" sz="1800"/><a:t>${line(12, seed + at * 53 + shape * 5 + row)}</a:t></a:r></a:p>`).join('')}</p:txBody></p:sp>`,
    )
    files[`ppt/slides/slide${at}.xml`] =
      `<p:sld ${main} ${drawn} ${links}><p:cSld><p:spTree>${shapes.join('')}<p:pic><p:blipFill><a:blip r:embed="r1"/></p:blipFill></p:pic></p:spTree></p:cSld></p:sld>`
    files[`ppt/slides/_rels/slide${at}.xml.rels`] = relationships(['image', `../media/image${at}.jpg`])
    // The same photograph again with other bytes: no two are one piece.
    files[`ppt/media/image${at}.jpg`] = Buffer.concat([
      await photoOnce(1600, 1200, seed + (at % 5)),
      Buffer.from(`slide ${at}`),
    ])
  }
  return zipOf(files)
}

/** A folder as it grows on a team's share: mostly texts and pictures, some documents. No two files are equal. */
export async function mixedFolder(folder: string, files: number): Promise<void> {
  const small = await Promise.all(
    [0, 1, 2, 3].map(seed =>
      sharp(picture(600, 800, seed))
        .flatten()
        .jpeg()
        .toBuffer(),
    ),
  )
  const make = async (at: number): Promise<readonly [string, Uint8Array | string]> => {
    const words = `No. ${at}: ${line(12, at)}.`
    switch (at % 50) {
      case 1:
        return ['pdf', await brochureOnce(at)]
      case 2:
        return ['docx', docxOf([words])]
      case 3:
        return ['xlsx', workbookWith({ rows: rowOf(1, 'copy') + rowOf(2, words) })]
      case 4:
        return ['html', `<!doctype html><meta charset="utf-8"><p>${words}`]
      default:
        if (at % 5 > 1) return ['txt', words]
        return ['jpg', Buffer.concat([small[at % small.length] ?? Buffer.alloc(0), Buffer.from(words)])]
    }
  }
  for (let start = 0; start < files; start += 500) {
    const below = join(folder, `campaign ${start / 500}`)
    await mkdir(below, { recursive: true })
    const numbers = Array.from({ length: Math.min(500, files - start) }, (_, index) => start + index)
    await Promise.all(
      numbers.map(async at => {
        const [extension, bytes] = await make(at)
        await writeFile(join(below, `${at}.${extension}`), bytes)
      }),
    )
  }
}

let onePage: Promise<Uint8Array> | null = null
async function brochureOnce(seed: number): Promise<Uint8Array> {
  onePage ??= brochure(1, 0)
  return Buffer.concat([await onePage, Buffer.from(`% ${seed}\n`)])
}

/** The long fields of ZIP64, in the order in which they stand. */
const long = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 + values.length * 8)
  bytes.writeUInt16LE(1)
  bytes.writeUInt16LE(values.length * 8, 2)
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 4 + index * 8)
  return bytes
}

/** An archive of files as they are. Its pictures are small; `holes` of these many bytes of nothing make it large, and take no room on the disk. */
export async function largeArchive(path: string, pictures: number, holes: readonly number[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await using file = await open(path, 'w')
  const shown = await photoOnce(1600, 1200, 7)
  const directory: Buffer[] = []
  let offset = 0
  const add = async (name: string, crc: number, sizeBytes: number, bytes: Uint8Array | null) => {
    const entry = Buffer.from(name)
    const facts = Buffer.alloc(22)
    facts.writeUInt16LE(45, 0)
    facts.writeUInt16LE(0x800, 2)
    facts.writeUInt32LE(crc, 10)
    facts.fill(0xff, 14, 22)
    const extra = long(sizeBytes, sizeBytes)
    const lengths = Buffer.alloc(4)
    lengths.writeUInt16LE(entry.length, 0)
    lengths.writeUInt16LE(extra.length, 2)
    await file.write(Buffer.concat([Buffer.from('PK\x03\x04'), facts, lengths, entry, extra]), 0, undefined, offset)
    const start = offset + 30 + entry.length + extra.length
    if (bytes !== null) await file.write(bytes, 0, undefined, start)
    const central = long(sizeBytes, sizeBytes, offset)
    const rest = Buffer.alloc(18)
    rest.writeUInt16LE(entry.length, 0)
    rest.writeUInt16LE(central.length, 2)
    rest.fill(0xff, 14, 18)
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([45, 3]), facts, rest, entry, central)
    offset = start + sizeBytes
  }
  for (let at = 0; at < pictures; at++) {
    const bytes = Buffer.concat([shown, Buffer.from(`picture ${at}`)])
    await add(`posters/${at}.jpg`, crc32(bytes), bytes.length, bytes)
  }
  for (const [at, sizeBytes] of holes.entries()) await add(`raw/${at}.bin`, crcOfNothing(sizeBytes), sizeBytes, null)
  const central = Buffer.concat(directory)
  const entries = pictures + holes.length
  const end = Buffer.alloc(56 + 20 + 22)
  end.write('PK\x06\x06', 0, 'latin1')
  end.writeBigUInt64LE(44n, 4)
  end.writeUInt16LE(45, 12)
  end.writeUInt16LE(45, 14)
  end.writeBigUInt64LE(BigInt(entries), 24)
  end.writeBigUInt64LE(BigInt(entries), 32)
  end.writeBigUInt64LE(BigInt(central.length), 40)
  end.writeBigUInt64LE(BigInt(offset), 48)
  end.write('PK\x06\x07', 56, 'latin1')
  end.writeBigUInt64LE(BigInt(offset + central.length), 64)
  end.writeUInt32LE(1, 72)
  end.write('PK\x05\x06', 76, 'latin1')
  end.fill(0xff, 84, 96)
  await file.write(Buffer.concat([central, end]), 0, undefined, offset)
}

function crcOfNothing(sizeBytes: number): number {
  const block = Buffer.alloc(1 << 24)
  let sum = 0
  for (let left = sizeBytes; left > 0; left -= block.length)
    sum = crc32(block.subarray(0, Math.min(left, block.length)), sum)
  return sum
}
