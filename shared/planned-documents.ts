import type { Language } from './language.ts'
import { detailText } from './remarks/index.ts'

/** What a plan found in one file of several pieces, and what sending it costs over all profiles. */
export interface PlannedDocument {
  readonly path: string
  readonly found: FoundInDocument
  readonly calls: { readonly text: number; readonly image: number; readonly media: number }
  /** What is in it and would not be sent, as a failure's detail; '' for nothing. */
  readonly leftOut: string
}

/** Units in which the file counts itself, and what is in them; pages that are sent as pictures are pages only. */
export interface FoundInDocument {
  /** UTF-16 units. */
  readonly characters: number
  readonly pages: number
  readonly slides: number
  readonly sheets: number
  readonly layers: number
  readonly pictures: number
  /** Tracks of moving pictures. */
  readonly films: number
  readonly recordings: number
}

type Counted = keyof FoundInDocument

const order = [
  'pages',
  'slides',
  'sheets',
  'layers',
  'characters',
  'pictures',
  'films',
  'recordings',
] as const satisfies Counted[]

const zh: Readonly<Record<Counted, (count: string) => string>> = {
  pages: count => `${count} 页`,
  slides: count => `${count} 张幻灯片`,
  sheets: count => `${count} 个工作表`,
  layers: count => `${count} 个图层`,
  characters: count => `${count} 字`,
  pictures: count => `${count} 张图片`,
  films: count => `${count} 段画面`,
  recordings: count => `${count} 段声音`,
}

const en: Readonly<Record<Counted, readonly [one: string, other: string]>> = {
  pages: ['page', 'pages'],
  slides: ['slide', 'slides'],
  sheets: ['sheet', 'sheets'],
  layers: ['layer', 'layers'],
  characters: ['character', 'characters'],
  pictures: ['picture', 'pictures'],
  films: ['film', 'films'],
  recordings: ['recording', 'recordings'],
}

/** `24 张幻灯片、61 张图片`. */
export function foundText(found: FoundInDocument, language: Language): string {
  const said = order.flatMap(what => {
    const count = found[what]
    if (count === 0) return []
    const shown = count.toLocaleString(language === 'zh' ? 'zh-CN' : 'en')
    return [language === 'zh' ? zh[what](shown) : `${shown} ${en[what][count === 1 ? 0 : 1]}`]
  })
  return said.join(language === 'zh' ? '、' : ', ')
}

/** `调用 64 次（文字 3、图片 61）`. A picture or page that is cut into tiles is several calls. */
export function callsText({ calls, found }: Pick<PlannedDocument, 'calls' | 'found'>, language: Language): string {
  const isChinese = language === 'zh'
  const shown = (count: number) => count.toLocaleString(isChinese ? 'zh-CN' : 'en')
  const pictures =
    found.pages > 0 && found.pictures === 0 ? (isChinese ? '页面' : 'pages') : isChinese ? '图片' : 'pictures'
  const causes = [
    [isChinese ? '文字' : 'words', calls.text],
    [pictures, calls.image],
    [isChinese ? '声音' : 'sound', calls.media],
  ] as const
  const said = causes.flatMap(([name, count]) => (count === 0 ? [] : [`${name} ${shown(count)}`]))
  const all = calls.text + calls.image + calls.media
  const by = said.length === 0 ? '' : isChinese ? `（${said.join('、')}）` : ` (${said.join(', ')})`
  return isChinese ? `调用 ${shown(all)} 次${by}` : `${shown(all)} ${all === 1 ? 'call' : 'calls'}${by}`
}

/** What is left out of it; '' for nothing. */
export function leftOutText({ leftOut }: Pick<PlannedDocument, 'leftOut'>, language: Language): string {
  if (leftOut === '') return ''
  return `${language === 'zh' ? '未读：' : 'left out: '}${detailText(leftOut, language)}`
}
