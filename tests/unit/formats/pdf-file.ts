/** An object as it is written; a stream with its data. */
export type Written = string | { readonly dictionary: string; readonly data: string | Uint8Array }

/** A PDF of these objects, by number. The first is its catalogue. */
export function pdfOf(objects: Readonly<Record<number, Written>>, trailer = ''): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%âãÏÓ\n', 'latin1')]
  let length = parts[0]!.length
  const offsets = new Map<number, number>()
  const add = (text: string | Uint8Array) => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : Buffer.from(text)
    parts.push(bytes)
    length += bytes.length
  }
  for (const [number, written] of Object.entries(objects)) {
    offsets.set(Number(number), length)
    if (typeof written === 'string') add(`${number} 0 obj\n${written}\nendobj\n`)
    else {
      add(`${number} 0 obj\n<<${written.dictionary} /Length ${written.data.length}>>\nstream\n`)
      add(written.data)
      add('\nendstream\nendobj\n')
    }
  }
  const size = Math.max(...offsets.keys()) + 1
  const start = length
  add(`xref\n0 ${size}\n0000000000 65535 f \n`)
  for (let number = 1; number < size; number++) {
    const offset = offsets.get(number)
    add(offset === undefined ? '0000000000 00000 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`)
  }
  add(`trailer\n<</Size ${size} /Root 1 0 R ${trailer}>>\nstartxref\n${start}\n%%EOF\n`)
  return new Uint8Array(Buffer.concat(parts))
}

interface PageOptions {
  /** Entries of the catalogue, the page and its resources; more objects, from 10 on. */
  readonly catalog?: string
  readonly page?: string
  readonly resources?: string
  readonly objects?: Readonly<Record<number, Written>>
  readonly box?: string
  readonly trailer?: string
}

/** A document of one page that is drawn like this; `/F1` is Helvetica. */
export function pageOf(content: string, options: PageOptions = {}): Uint8Array {
  const { catalog = '', page = '', resources = '', objects = {}, box = '0 0 595 842', trailer = '' } = options
  return pdfOf(
    {
      1: `<</Type/Catalog/Pages 2 0 R ${catalog}>>`,
      2: '<</Type/Pages/Kids[3 0 R]/Count 1>>',
      3: `<</Type/Page/Parent 2 0 R/MediaBox[${box}]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>${resources}>>${page}>>`,
      4: { dictionary: '', data: content },
      5: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
      ...objects,
    },
    trailer,
  )
}

export const words = (text: string, size = 24) => `BT /F1 ${size} Tf 40 120 Td (${text}) Tj ET\n`
