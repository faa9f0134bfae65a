import type { OfficePackage, Relationship } from '../docx/office-package.ts'
import { attributeOf, childOf, type XmlElement } from '../xml/read-xml.ts'
import { childrenOf, textOf } from './strings.ts'

/** Finds the part of a picture that stands in a cell; null where that cannot be told. */
export interface CellPictures {
  /** By the name in a formula of WPS: `=DISPIMG("ID_…",1)`. */
  named(formula: string): string | null
  /** By the number of a value of a richer kind, `vm` of the cell. */
  numbered(vm: string): string | null
  /** What programs read out in place of the pictures. */
  readonly words: readonly string[]
}

/** `relationships` are those of the workbook's main part. */
export async function readCellPictures(
  parts: OfficePackage,
  relationships: readonly Relationship[],
): Promise<CellPictures> {
  const words: string[] = []
  const partOf = (type: string) => {
    const part = relationships.find(each => each.type === type)?.part ?? null
    return part !== null && parts.has(part) ? part : null
  }
  const read = async (type: string) => {
    const part = partOf(type)
    return part === null ? null : await parts.read(part)
  }
  const byName = await readNamed(parts, partOf('cellImage'), words)
  const rich = await readRich(read, parts, partOf('richValueRel'), words)
  return {
    named: formula => {
      const id = /^=?(?:_xlfn\.)?DISPIMG\(\s*"([^"]+)"\s*,\s*\d+\s*\)$/i.exec(formula.trim())?.[1]
      return (id !== undefined && byName.get(id)) || null
    },
    numbered: vm => rich[Number(vm) - 1] ?? null,
    words,
  }
}

/** WPS keeps the pictures of formulae in one part, each under its name. */
async function readNamed(
  parts: OfficePackage,
  part: string | null,
  words: string[],
): Promise<ReadonlyMap<string, string>> {
  const byName = new Map<string, string>()
  if (part === null) return byName
  const targets = await imagesOf(parts, part)
  for (const image of elementsNamed(await parts.read(part), 'pic')) {
    const [properties] = elementsNamed(image, 'cNvPr')
    const [blip] = elementsNamed(image, 'blip')
    const target = targets.get((blip && attributeOf(blip, 'embed')) ?? '')
    const name = properties && attributeOf(properties, 'name')
    words.push((properties && attributeOf(properties, 'descr')) ?? '')
    if (name !== undefined && target !== undefined) byName.set(name, target)
  }
  return byName
}

/**
 * The parts that the values of a cell's metadata lead to, in their order ([MS-XLSX] 2.3.6): `vm` counts blocks of `valueMetadata`, whose
 * record names one of the values that are kept for its type, and that names a rich value. One of a picture says which it is by its place in a
 * list of relationships.
 */
async function readRich(
  read: (type: string) => Promise<XmlElement | null>,
  parts: OfficePackage,
  listPart: string | null,
  words: string[],
): Promise<readonly (string | null)[]> {
  const [metadata, values, structures] = [
    await read('sheetMetadata'),
    await read('rdRichValue'),
    await read('rdRichValueStructure'),
  ]
  if (metadata === null || values === null || structures === null || listPart === null) return []
  const targets = await imagesOf(parts, listPart)
  const list = childrenOf(await parts.read(listPart), 'rel').map(each => targets.get(attributeOf(each, 'id') ?? ''))
  const keys = childrenOf(structures, 's').map(each => childrenOf(each, 'k').map(key => attributeOf(key, 'n') ?? ''))
  const pictures = childrenOf(values, 'rv').map(value => {
    const own = keys[Number(attributeOf(value, 's') ?? '-1')] ?? []
    const fields = childrenOf(value, 'v').map(textOf)
    const at = own.indexOf('_rvRel:LocalImageIdentifier')
    if (at < 0) return null
    words.push(...own.flatMap((key, index) => (key === 'Text' ? (fields[index] ?? '') : [])))
    return list[Number(fields[at])] ?? null
  })
  const types = childrenOf(childOf(metadata, 'metadataTypes'), 'metadataType').map(each => attributeOf(each, 'name'))
  const indexes = childrenOf(metadata, 'futureMetadata')
    .filter(each => attributeOf(each, 'name') === 'XLRICHVALUE')
    .flatMap(each => childrenOf(each, 'bk'))
    .map(block => Number(elementsNamed(block, 'rvb').map(each => attributeOf(each, 'i'))[0] ?? '-1'))
  return childrenOf(childOf(metadata, 'valueMetadata'), 'bk').map(block => {
    const [record] = childrenOf(block, 'rc')
    if (record === undefined || types[Number(attributeOf(record, 't') ?? '0') - 1] !== 'XLRICHVALUE') return null
    return pictures[indexes[Number(attributeOf(record, 'v') ?? '-1')] ?? -1] ?? null
  })
}

async function imagesOf(parts: OfficePackage, part: string): Promise<ReadonlyMap<string, string>> {
  const own = await parts.relationshipsOf(part)
  return new Map(own.flatMap(({ id, type, part }) => (type === 'image' && part !== null ? [[id, part] as const] : [])))
}

function elementsNamed(element: XmlElement, local: string): readonly XmlElement[] {
  return element.children.flatMap(each =>
    each.kind === 'text' ? [] : each.local === local ? [each] : elementsNamed(each, local),
  )
}
