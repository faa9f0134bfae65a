import type { TextRange } from './domain.ts'
import type { Language } from './language.ts'
import { partName } from './part-names.ts'
import type { AssetPieces, PiecePlace, PieceRecord, Section } from './pieces.ts'

/** Where in a document something is, as people say it: `第 3 页`, `slide 2`, `sheet “Prices” B7`. */

/** Empty for a place that says nothing. */
export function piecePlaceText(place: PiecePlace, language: Language): string {
  const { page, slide, sheet, cell, layer, seconds, file } = place
  const isChinese = language === 'zh'
  const named = (zh: string, en: string, name: string) => (isChinese ? `${zh}「${name}」` : `${en} “${name}”`)
  return [
    file === undefined ? '' : named('文件', 'file', file),
    page === undefined ? '' : partName(`page ${page}`, language),
    slide === undefined ? '' : partName(`slide ${slide}`, language),
    sheet === undefined ? '' : named('工作表', 'sheet', sheet),
    cell ?? '',
    layer === undefined ? '' : named('图层', 'layer', layer),
    seconds === undefined ? '' : timeOf(seconds),
  ]
    .filter(said => said !== '')
    .join(' ')
}

/** `0:07`, `1:02:03`. */
function timeOf(seconds: number): string {
  const whole = Math.floor(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

/** Of a picture that is everywhere, as a logo is, the first places do. */
const namedPlaces = 3

/** A piece with the places that its name does not say already: `图 3（工作表「价格」 B7）`. */
export function pieceTitle({ name, places }: Pick<PieceRecord, 'name' | 'places'>, language: Language): string {
  const said = partName(name, language)
  const others = [...new Set(places.map(place => piecePlaceText(place, language)))].filter(
    place => place !== '' && !said.startsWith(place),
  )
  if (others.length === 0) return said
  const isChinese = language === 'zh'
  const more = others.length > namedPlaces ? (isChinese ? '等' : ', …') : ''
  const listed = others.slice(0, namedPlaces).join(isChinese ? '、' : ', ')
  return isChinese ? `${said}（${listed}${more}）` : `${said} (${listed}${more})`
}

/** Name of the piece that a part belongs to; null for the words, and for the parts of what is one piece. */
export function pieceOfPart(part: string, pieces: ReadonlySet<string>): string | null {
  let name = part
  while (!pieces.has(name)) {
    const end = name.lastIndexOf(' ')
    if (end === -1) return null
    name = name.slice(0, end)
  }
  return name
}

/** Where in the text an offset lies; null before the first section, and in a text without any. */
export function sectionAt(sections: readonly Section[], offset: number): Section | null {
  return sections.findLast(({ start }) => start <= offset) ?? null
}

/** Where a part is in its file: the places of its piece, or that of its words; none for what is nowhere in particular. */
export function partPlaces(
  part: { readonly part: string; readonly range: TextRange | null },
  pieces: AssetPieces | null,
): readonly PiecePlace[] {
  if (pieces === null) return []
  const own = pieceOfPart(part.part, new Set(pieces.pieces.map(({ name }) => name)))
  const record = pieces.pieces.find(({ name }) => name === own)
  if (record !== undefined) return record.places
  const section = part.range === null || part.part === 'whole' ? null : sectionAt(pieces.sections, part.range[0])
  return section === null ? [] : [section.place]
}

/** A part as people say it, with where it is in its file. */
export function partTitle(
  part: { readonly part: string; readonly range: TextRange | null },
  pieces: AssetPieces | null,
  language: Language,
): string {
  const said = partName(part.part, language)
  if (pieces === null) return said
  const own = pieceOfPart(part.part, new Set(pieces.pieces.map(({ name }) => name)))
  const record = pieces.pieces.find(({ name }) => name === own)
  if (record !== undefined) return pieceTitle({ name: part.part, places: record.places }, language)
  const section = part.range === null ? null : sectionAt(pieces.sections, part.range[0])
  const place = section === null ? '' : piecePlaceText(section.place, language)
  if (place === '') return said
  // All of a text is nowhere in particular but at its beginning.
  return part.part === 'whole' ? said : language === 'zh' ? `${place}，${said}` : `${place}, ${said}`
}
