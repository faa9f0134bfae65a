import { format, isDateFormat } from 'numfmt'

/**
 * A number as its cell shows it in a Chinese spreadsheet program. Where the format cannot be understood, the stored number and the
 * format's own words; where it hides the number, the stored one.
 */
export function showNumber(value: number, code: string, is1904: boolean): string {
  // Programs fit "General" to the width of the column; nobody means to publish a cut number.
  if (plain.test(code)) return String(value)
  const pattern = inEnglish(code)
  try {
    const serial = is1904 && isDateFormat(pattern) ? value + daysTo1904 : value
    const shown = withoutGaps(format(pattern, serial, options).trim(), code)
    return shown === '' ? String(value) : shown
  } catch {
    return `${value}\n${code}`
  }
}

/** As `showNumber`, for text: formats may put words around it, or in its place; then both are sent. */
export function showText(value: string, code: string): string {
  if (plain.test(code)) return value
  const sections = sectionsOf(code)
  if (!code.includes('@') && sections.length < 4) return value
  try {
    const shown = withoutGaps(format(inEnglish(code), value, options), code)
    if (shown.trim() === '') return value
    return (sections[3] ?? '@').includes('@') ? shown : `${shown}\n${value}`
  } catch {
    return `${value}\n${code}`
  }
}

/** The parts of a format for positive and negative numbers, zero and text. */
function sectionsOf(code: string): readonly string[] {
  return code.replaceAll(/"[^"]*"|\[[^\]]*\]|[\\!*_]./gu, part => part.replaceAll(';', ' ')).split(';')
}

/** A gap as wide as some character may be no gap for the eye. */
function withoutGaps(shown: string, code: string): string {
  if (!code.includes('_')) return shown
  const joined = shown.replaceAll(/(?<=\p{Script=Han}) +(?=\p{Script=Han})/gu, '')
  return joined === shown ? shown : `${shown}\n${joined}`
}

const options = { locale: 'zh-CN', throws: true, nbsp: false, dateErrorNumber: true } as const
const plain = /^(?:general|@|G\/通用格式)?$/i
const daysTo1904 = 1462

/** Chinese programs write some words of formats in their own language, outside quotation marks. */
function inEnglish(code: string): string {
  return (
    code
      .slice(0, 1000)
      // A letter that fills the cell is shown at least once.
      .replaceAll(/\*(?=\p{L})|(?:"[^"]*"|[\\!_].)/gu, part =>
        part === '*' || part.startsWith('!') ? `\\${part.slice(1)}` : part,
      )
      .replaceAll(/"[^"]*"|G\/通用格式|上午\/下午|\[(?:黑色|蓝色|青色|绿色|洋红|红色|白色|黄色|颜色\s?\d+)\]/g, part =>
        part.startsWith('"') ? part : part === '上午/下午' ? 'AM/PM' : part.startsWith('[') ? '' : 'General',
      )
      .replace(/\[\$-F800\][^;]*/i, 'yyyy"年"m"月"d"日"')
      .replace(/\[\$-F400\][^;]*/i, 'h:mm:ss')
  )
}

/** The formats that a workbook need not define (ECMA-376 part 1, 18.8.30), as Chinese programs show them. */
export const builtInFormats: ReadonlyMap<number, string> = new Map([
  [1, '0'],
  [2, '0.00'],
  [3, '#,##0'],
  [4, '#,##0.00'],
  [5, '"¥"#,##0;"¥"-#,##0'],
  [6, '"¥"#,##0;"¥"-#,##0'],
  [7, '"¥"#,##0.00;"¥"-#,##0.00'],
  [8, '"¥"#,##0.00;"¥"-#,##0.00'],
  [9, '0%'],
  [10, '0.00%'],
  [11, '0.00E+00'],
  [12, '# ?/?'],
  [13, '# ??/??'],
  [14, 'yyyy/m/d'],
  [15, 'd-mmm-yy'],
  [16, 'd-mmm'],
  [17, 'mmm-yy'],
  [18, 'h:mm AM/PM'],
  [19, 'h:mm:ss AM/PM'],
  [20, 'h:mm'],
  [21, 'h:mm:ss'],
  [22, 'yyyy/m/d h:mm'],
  ...[27, 36, 50, 52, 57].map(id => [id, 'yyyy"年"m"月"'] as const),
  ...[28, 29, 51, 53, 54, 58].map(id => [id, 'm"月"d"日"'] as const),
  [30, 'm/d/yy'],
  [31, 'yyyy"年"m"月"d"日"'],
  [32, 'h"时"mm"分"'],
  [33, 'h"时"mm"分"ss"秒"'],
  ...[34, 55].map(id => [id, 'AM/PMh"时"mm"分"'] as const),
  ...[35, 56].map(id => [id, 'AM/PMh"时"mm"分"ss"秒"'] as const),
  [37, '#,##0;-#,##0'],
  [38, '#,##0;-#,##0'],
  [39, '#,##0.00;-#,##0.00'],
  [40, '#,##0.00;-#,##0.00'],
  [41, '#,##0;-#,##0;"-"'],
  [42, '"¥"#,##0;"¥"-#,##0;"¥""-"'],
  [43, '#,##0.00;-#,##0.00;"-"'],
  [44, '"¥"#,##0.00;"¥"-#,##0.00;"¥""-"'],
  [45, 'mm:ss'],
  [46, '[h]:mm:ss'],
  [47, 'mm:ss.0'],
  [48, '##0.0E+0'],
  [49, '@'],
])
