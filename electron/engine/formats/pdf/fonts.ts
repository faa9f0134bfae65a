import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Pdfium } from './pdfium.ts'
import { charactersOf, findSystemFonts, fontKey, type SystemFont } from './system-fonts.ts'

/** What PDFium draws with where a document does not carry its fonts. */
export interface Fonts {
  /** Whether the font that stands for one that is not in the file, whose data have this length, has a shape for a character. */
  hasShape(dataBytes: number, point: number): boolean
}

let found: readonly SystemFont[] | null = null

/** Windows' numbers of character sets, with the bits by which fonts say that they cover them and families that people read well. */
const charsets: Readonly<Record<number, { readonly bit: number; readonly families: readonly string[] }>> = {
  134: {
    bit: 18,
    families: [
      'SimSun',
      'Microsoft YaHei',
      'PingFang SC',
      'Songti SC',
      'Heiti SC',
      'Noto Sans CJK SC',
      'Source Han Sans SC',
      'WenQuanYi Micro Hei',
    ],
  },
  136: {
    bit: 20,
    families: ['PMingLiU', 'Microsoft JhengHei', 'PingFang TC', 'Songti TC', 'Noto Sans CJK TC', 'Source Han Sans TC'],
  },
  128: {
    bit: 17,
    families: ['MS Mincho', 'MS Gothic', 'Yu Gothic', 'Hiragino Sans', 'Noto Sans CJK JP', 'Source Han Sans'],
  },
  129: {
    bit: 19,
    families: ['Batang', 'Malgun Gothic', 'Apple SD Gothic Neo', 'Noto Sans CJK KR', 'Source Han Sans K'],
  },
  161: { bit: 3, families: [] },
  163: { bit: 8, families: [] },
  177: { bit: 5, families: [] },
  178: { bit: 6, families: [] },
  204: { bit: 2, families: [] },
  222: { bit: 16, families: [] },
  238: { bit: 1, families: [] },
}

/** Gives PDFium the fonts of this computer, which are looked for when the first is asked for. */
export function lendFonts(pdfium: Pdfium): Fonts {
  const { runtime } = pdfium
  /** By the length of what was lent: the handle of a font is its place in the list, and 1. */
  const lent = new Map<number, SystemFont>()
  const fonts = () => {
    found ??= findSystemFonts()
    return found
  }
  const mapFont = (_: number, weight = 0, italic = 0, charset = 0, __ = 0, face = 0) => {
    const font = chooseFont(fonts(), faceName(runtime.HEAPU8, face), charset, weight >= 600, italic !== 0)
    return font === null ? 0 : fonts().indexOf(font) + 1
  }
  const fontData = (_: number, handle = 0, table = 0, buffer = 0, size = 0) => {
    const font = fonts()[handle - 1]
    if (font === undefined) return 0
    const handleOfFile = openSync(font.path, 'r')
    try {
      const whole = fstatSync(handleOfFile).size
      // Of a collection PDFium asks for the whole and for what follows the face's beginning, as Windows would give it.
      if (table !== 0 && (table !== collection || !font.isCollection)) return 0
      const start = table === collection ? 0 : font.offset
      lent.set(whole, font).set(whole - font.offset, font)
      const length = whole - start
      if (buffer !== 0 && size > 0) readSync(handleOfFile, runtime.HEAPU8, buffer, Math.min(size, length), start)
      return length
    } catch {
      return 0
    } finally {
      closeSync(handleOfFile)
    }
  }
  const callbacks = [
    runtime.addFunction(() => undefined, 'vi'),
    runtime.addFunction(() => undefined, 'vii'),
    runtime.addFunction(mapFont, 'iiiiiiii'),
    runtime.addFunction(() => 0, 'iii'),
    runtime.addFunction(fontData, 'iiiiii'),
    runtime.addFunction(() => 0, 'iiiii'),
    runtime.addFunction(() => 0, 'iii'),
    runtime.addFunction(() => undefined, 'vii'),
  ]
  // PDFium keeps it as long as it runs.
  const struct = runtime.wasmExports.malloc(4 + 4 * callbacks.length)
  const view = pdfium.view(struct, 4 + 4 * callbacks.length)
  for (const [index, value] of [1, ...callbacks].entries()) view.setInt32(4 * index, value, true)
  pdfium.FPDF_SetSystemFontInfo(struct)
  return { hasShape: createShapes(lent) }
}

const collection = Buffer.from('ttcf').readUInt32BE(0)

/** Names are in whatever encoding the program had that wrote them. */
function faceName(memory: Uint8Array, at: number): string {
  const bytes = memory.slice(at, memory.indexOf(0, at))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gbk').decode(bytes)
  }
}

/** The font of that name, else one for its characters; null leaves it to those that PDFium brings for Latin letters. */
function chooseFont(
  fonts: readonly SystemFont[],
  face: string,
  charset: number,
  isBold: boolean,
  isItalic: boolean,
): SystemFont | null {
  const best = (some: readonly SystemFont[]) =>
    some.find(font => font.isBold === isBold && font.isItalic === isItalic) ??
    some.find(font => font.isBold === isBold) ??
    some[0] ??
    null
  const key = fontKey(face)
  const named = best(fonts.filter(({ names }) => names.has(key)))
  if (named !== null) return named
  const wanted = charsets[charset]
  if (wanted === undefined) return null
  for (const family of wanted.families) {
    const font = best(fonts.filter(({ names }) => names.has(fontKey(family))))
    if (font !== null) return font
  }
  return best(fonts.filter(({ codePages }) => (codePages & (1 << wanted.bit)) !== 0))
}

/** PDFium's own fonts have what Windows' Latin code page has, and some of them the symbols of their name. */
const ownCharacters = new Set(
  Array.from({ length: 224 }, (_, index) =>
    new TextDecoder('windows-1252').decode(Uint8Array.of(index + 32)).charCodeAt(0),
  ),
)

function createShapes(lent: ReadonlyMap<number, SystemFont>): Fonts['hasShape'] {
  const known = new Map<SystemFont, (point: number) => boolean>()
  return (dataBytes, point) => {
    const font = lent.get(dataBytes)
    if (font === undefined) return ownCharacters.has(point)
    let has = known.get(font)
    if (has === undefined) {
      try {
        has = charactersOf(font)
      } catch {
        has = () => false
      }
      known.set(font, has)
    }
    return has(point)
  }
}
