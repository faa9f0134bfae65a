import type { Language } from './language.ts'

/**
 * Parts are stored under English names, whatever language the window speaks: `whole`, `frame 3/8 tile 1/2`, `slide 2 picture 1 tile 1/2`.
 * A word and the number behind it are said together.
 */
const words: Readonly<
  Record<string, { readonly zh: (number: string) => string; readonly en: (number: string) => string }>
> = {
  whole: { zh: () => '整体', en: () => 'whole' },
  original: { zh: () => '原文件', en: () => 'original' },
  chunk: { zh: number => `分片 ${number}`, en: number => `chunk ${number}` },
  tile: { zh: number => `分片 ${number}`, en: number => `tile ${number}` },
  film: { zh: number => `视频 ${number}`, en: number => `film ${number}` },
  frame: { zh: number => `帧 ${number}`, en: number => `frame ${number}` },
  look: { zh: number => `显示方式 ${number}`, en: number => `look ${number}` },
  title: { zh: () => '标题', en: () => 'title' },
  nickname: { zh: () => '昵称', en: () => 'nickname' },
  signature: { zh: () => '签名', en: () => 'signature' },
  page: { zh: number => `第 ${number} 页`, en: number => `page ${number}` },
  slide: { zh: number => `第 ${number} 张幻灯片`, en: number => `slide ${number}` },
  sheet: { zh: number => `第 ${number} 个工作表`, en: number => `sheet ${number}` },
  layer: { zh: number => `图层 ${number}`, en: number => `layer ${number}` },
  view: { zh: number => `画面 ${number}`, en: number => `view ${number}` },
  picture: { zh: number => `图 ${number}`, en: number => `picture ${number}` },
  sound: { zh: number => `声音 ${number}`, en: number => `sound ${number}` },
  attachment: { zh: number => `附件 ${number}`, en: number => `attachment ${number}` },
}

/** A part's name, or a piece's, as people say it; what is no such name stays as it is. */
export function partName(name: string, language: Language): string {
  return name
    .replaceAll(/([a-z]+)(?: (\d+(?:\/\d+)?))?/g, (said, word: string, number: string | undefined) =>
      Object.hasOwn(words, word) ? (words[word]?.[language](number ?? '') ?? said).trim() : said,
    )
    .trim()
}

/** Whether a text is the name of a piece, and no data out of a file. */
export function isPieceName(text: string): boolean {
  const match = /^([a-z]+) \d+(?: ([a-z]+) \d+)*$/.exec(text)
  return match !== null && text.split(' ').every((word, index) => index % 2 === 1 || Object.hasOwn(words, word))
}
