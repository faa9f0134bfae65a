import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import { unpackEntry, type ZipEntry } from '../text/zip-archive.ts'

/** By row (from 1), the columns (from 0) of the cells that a sheet has but whose content it does not say. */
export type Valueless = ReadonlyMap<number, ReadonlySet<number>>

/**
 * By sheet, the cells that show something which the workbook does not store: a formula that was never calculated, an error such as
 * `#N/A`. The library that reads values takes them for blank, and with them their rows. Throws when the parts that every workbook has
 * are missing.
 */
export async function findValueless(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  maxBytes: number,
): Promise<ReadonlyMap<string, Valueless>> {
  const textOf = async (name: string): Promise<string> => {
    const entry = entries.find(each => each.name === name)
    const unpacked = entry === undefined ? null : await unpackEntry(bytes, entry, maxBytes)
    if (unpacked?.kind !== 'unpacked') throw new Error(`${name} is missing`)
    return new TextDecoder().decode(unpacked.bytes)
  }
  const { workbook } = workbookSchema.parse(parser.parse(await textOf('xl/workbook.xml')))
  const { Relationships } = relationsSchema.parse(parser.parse(await textOf('xl/_rels/workbook.xml.rels')))
  const targets = new Map(Relationships.Relationship.map(each => [each.Id, each.Target]))
  const found = new Map<string, Valueless>()
  for (const sheet of workbook.sheets.sheet) {
    const target = targets.get(sheet.id)
    if (target === undefined) continue
    found.set(sheet.name, scanSheet(await textOf(target.startsWith('/') ? target.slice(1) : `xl/${target}`)))
  }
  return found
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseAttributeValue: false,
  htmlEntities: true,
  isArray: name => name === 'sheet' || name === 'Relationship',
})
const workbookSchema = z.object({
  workbook: z.object({ sheets: z.object({ sheet: z.array(z.object({ name: z.string(), id: z.string() })) }) }),
})
const relationsSchema = z.object({
  Relationships: z.object({ Relationship: z.array(z.object({ Id: z.string(), Target: z.string() })) }),
})

const cellPattern = /<(?:\w+:)?c\s([^>]*?)(?:\/>|>(.*?)<\/(?:\w+:)?c>)/gs

function scanSheet(xml: string): Valueless {
  const valueless = new Map<number, Set<number>>()
  for (const [, attributes = '', content = ''] of xml.matchAll(cellPattern)) {
    if (!isValueless(attributes, content)) continue
    const [, letters = '', row = ''] = /\br=["']([A-Z]+)(\d+)["']/.exec(attributes) ?? []
    if (letters === '') continue
    const columns = valueless.get(Number(row)) ?? new Set()
    valueless.set(Number(row), columns.add(columnOf(letters)))
  }
  return valueless
}

function isValueless(attributes: string, content: string): boolean {
  const type = /\bt=["'](\w+)["']/.exec(attributes)?.[1] ?? 'n'
  if (type === 'e') return true
  // A stored result that is an empty text is a result.
  if (type === 'str') return !/<(?:\w+:)?v[\s/>]/.test(content)
  if (type === 'inlineStr') return !/<(?:\w+:)?is[\s/>]/.test(content)
  if (/<(?:\w+:)?v(?:\s[^>]*)?>[^<]/.test(content)) return false
  // A cell that has a style and nothing else is blank.
  return type === 's' || type === 'b' || /<(?:\w+:)?f[\s/>]/.test(content)
}

/** A is 0, Z is 25, AA is 26. */
function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}
