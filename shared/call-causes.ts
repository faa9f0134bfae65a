import type { Language } from './language.ts'

/** What calls are for; an image, page or picture is one call, and each tile or frame that it is cut into besides is another. */
export const callCauses = ['words', 'images', 'pages', 'pictures', 'frames', 'tiles', 'sound', 'controls'] as const
export type CallCause = (typeof callCauses)[number]
export type CallsByCause = Readonly<Record<CallCause, number>>

export const noCalls: CallsByCause = {
  words: 0,
  images: 0,
  pages: 0,
  pictures: 0,
  frames: 0,
  tiles: 0,
  sound: 0,
  controls: 0,
}

const names: Readonly<Record<CallCause, Readonly<Record<Language, string>>>> = {
  words: { zh: '文字', en: 'words' },
  images: { zh: '图片', en: 'images' },
  pages: { zh: '页面', en: 'pages' },
  pictures: { zh: '文档里的图片', en: 'pictures in documents' },
  frames: { zh: '视频帧', en: 'frames of films' },
  tiles: { zh: '分片和动画帧', en: 'tiles and animation frames' },
  sound: { zh: '声音', en: 'sound' },
  controls: { zh: '对照检查', en: 'control checks' },
}

/** `文字 880、图片 9,120、分片和动画帧 3,320`; '' for no calls. */
export function causesText(calls: CallsByCause, language: Language): string {
  const said = callCauses.flatMap(cause => {
    const count = calls[cause]
    return count === 0 ? [] : [`${names[cause][language]} ${count.toLocaleString(language === 'zh' ? 'zh-CN' : 'en')}`]
  })
  return said.join(language === 'zh' ? '、' : ', ')
}
