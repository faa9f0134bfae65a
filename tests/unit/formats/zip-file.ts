import { crc32, deflateRawSync } from 'node:zlib'
import { unpackEntry, type ZipEntry } from '../../../electron/engine/formats/archives/zip-archive.ts'

/** The beginnings of an archive's entries, as who tells archives apart asks for them. */
export const peekIn = (archive: Uint8Array) => async (entry: ZipEntry) => {
  const unpacked = await unpackEntry(archive, entry, 1e6)
  return unpacked.kind === 'unpacked' ? unpacked.bytes : new Uint8Array(0)
}

/** Builds a small archive by hand, so that tests can also build ones that no writer would. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>, claimedBytes?: number): Buffer {
  return zipOfEntries(Object.entries(files), claimedBytes)
}

export function zipOfEntries(
  files: readonly (readonly [string, string | Uint8Array])[],
  claimedBytes?: number,
): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of files) {
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const nameBytes = Buffer.from(name)
    const header = Buffer.alloc(30)
    header.writeUInt32LE(0x04034b50, 0)
    header.writeUInt16LE(20, 4)
    header.writeUInt16LE(8, 8)
    header.writeUInt32LE(crc32(bytes), 14)
    header.writeUInt32LE(packed.length, 18)
    header.writeUInt32LE(claimedBytes ?? bytes.length, 22)
    header.writeUInt16LE(nameBytes.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(20, 4)
    entry.writeUInt16LE(20, 6)
    header.copy(entry, 10, 8, 28)
    entry.writeUInt32LE(offset, 42)
    bodies.push(header, nameBytes, packed)
    directory.push(entry, nameBytes)
    offset += 30 + nameBytes.length + packed.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, central, end])
}

const contentTypes =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

/** What a part leads to: the last word of the type, and the target. */
export const relationships = (...all: (readonly [type: string, target: string, mode?: string])[]) =>
  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all
    .map(
      ([type, target, mode = 'Internal'], index) =>
        `<Relationship Id="r${index + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" TargetMode="${mode}"/>`,
    )
    .join('')}</Relationships>`

export const wordParagraphs = (...texts: string[]) =>
  texts.map(text => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`).join('')

/** A Word document with these paragraphs and parts beside them. */
export function docxOf(
  paragraphs: readonly string[],
  beside: Readonly<Record<string, string | Uint8Array>> = {},
): Buffer {
  return zipOf({
    '[Content_Types].xml': contentTypes,
    '_rels/.rels':
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<?xml version="1.0"?><w:document ${word}><w:body>${wordParagraphs(...paragraphs)}</w:body></w:document>`,
    ...beside,
  })
}

export const wordMarkup = (root: string, inside: string) =>
  `<?xml version="1.0"?><w:${root} ${word}>${inside}</w:${root}>`

export const wordBody = (inside: string) => wordMarkup('document', `<w:body>${inside}</w:body>`)

export const wordPart = (root: string, ...texts: string[]) => wordMarkup(root, wordParagraphs(...texts))

/** A workbook with one sheet of these rows, as XML. */
export function workbookOf(rows: string): Buffer {
  return workbookOfSheets({ Sheet1: rows })
}

/** A workbook with these sheets of text cells. */
export function xlsxOf(sheets: Readonly<Record<string, readonly (readonly string[])[]>>): Buffer {
  const row = (cells: readonly string[], index: number) =>
    `<row r="${index + 1}">${cells
      .map((cell, column) =>
        cell === ''
          ? ''
          : `<c r="${String.fromCharCode(65 + column)}${index + 1}" t="inlineStr"><is><t xml:space="preserve">${cell}</t></is></c>`,
      )
      .join('')}</row>`
  return workbookOfSheets(
    Object.fromEntries(Object.entries(sheets).map(([name, rows]) => [name, rows.map(row).join('')])),
  )
}

function workbookOfSheets(sheets: Readonly<Record<string, string>>): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const names = Object.keys(sheets)
  return zipOf({
    '[Content_Types].xml': contentTypes,
    '_rels/.rels': `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${names
      .map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="s${index + 1}"/>`)
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${names
      .map(
        (_, index) =>
          `<Relationship Id="s${index + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
      )
      .join('')}</Relationships>`,
    ...Object.fromEntries(
      names.map((name, index) => [
        `xl/worksheets/sheet${index + 1}.xml`,
        `<?xml version="1.0"?><worksheet xmlns="${main}"><sheetData>${sheets[name] ?? ''}</sheetData></worksheet>`,
      ]),
    ),
  })
}
