import { counted, type RemarkTable } from './remark.ts'

/** Of what lies inside presentations, documents and books. */
export const packageRemarks = {
  picture_inside: {
    zh: ({ count, name }) => `${count} 张读不了的图片（${name}）：请换成 PNG 或 JPEG`,
    en: ({ count, name }) =>
      `${counted(count, 'picture', 'pictures')} in a format that cannot be read (${name}): put PNG or JPEG in its place`,
  },
  film_inside: {
    zh: ({ count, name }) => `${count} 段视频（${name}）：请截图后检查画面`,
    en: ({ count, name }) => `${counted(count, 'video', 'videos')} (${name}): screen pictures of its scenes`,
  },
  sound_inside: {
    zh: ({ count, name }) => `${count} 段平台不收的音频（${name}）：请转换为 MP3`,
    en: ({ count, name }) =>
      `${counted(count, 'recording', 'recordings')} in a format that the platforms do not take (${name}): convert to MP3`,
  },
  file_inside: {
    zh: ({ count, name }) => `${count} 个内嵌的文件${name === '' ? '' : `（${name}）`}：请单独送检`,
    en: ({ count, name }) =>
      `${counted(count, 'file', 'files')} inside it${name === '' ? '' : ` (${name})`}: screen them by themselves`,
  },
  large_inside: {
    zh: ({ count }) => `${count} 个内嵌的图片或文件，因总量太大没有读：请拆成几个文件`,
    en: ({ count }) =>
      `${counted(count, 'picture or file', 'pictures or files')} inside it, which holds too much to read them all: split it`,
  },
  protected_book: {
    zh: () => '加了版权保护的电子书，内容已加密：请换用没有加密的版本',
    en: () => 'a protected e-book, whose content is encrypted: use a version without protection',
  },
  // What no common viewer shows.
  picture_before_effects: {
    zh: ({ count }) => `${count} 张图片留有加效果之前的原图，一般不显示，没有送检`,
    en: ({ count }) =>
      `${counted(count, 'picture is', 'pictures are')} kept as before effects too, which is not shown and was not checked`,
  },
  hidden_slides: {
    zh: ({ count }) => `${count} 张隐藏的幻灯片，放映时不显示，也已送检`,
    en: ({ count }) =>
      `${counted(count, 'hidden slide', 'hidden slides')}, not shown in the show and checked all the same`,
  },
  unused_layouts: {
    zh: ({ count }) => `${count} 个没有用到的版式或母版，不显示，没有送检`,
    en: ({ count }) =>
      `${counted(count, 'layout or master', 'layouts or masters')} that no slide uses, not shown and not checked`,
  },
} as const satisfies RemarkTable
