import { counted, type RemarkTable } from './remark.ts'

/** Of documents, tables and archives. */
export const documentRemarks = {
  embedded_object: {
    zh: ({ count }) => `${count} 个内嵌的图片或对象`,
    en: ({ count }) => counted(count, 'embedded picture or object', 'embedded pictures or objects'),
  },
  linked_file: {
    zh: ({ count }) => `${count} 个链接的图片或文件`,
    en: ({ count }) => counted(count, 'linked picture or file', 'linked pictures or files'),
  },
  symbol_character: {
    zh: ({ count }) => `${count} 个符号字体的字符`,
    en: ({ count }) => counted(count, 'character of a symbol font', 'characters of symbol fonts'),
  },
  drawn_field: {
    zh: ({ count }) => `${count} 个以图形显示的域`,
    en: ({ count }) => counted(count, 'field that is drawn', 'fields that are drawn'),
  },
  unknown_part: {
    zh: ({ count }) => `${count} 个种类不明的部分`,
    en: ({ count }) => counted(count, 'part of an unknown kind', 'parts of an unknown kind'),
  },
} as const satisfies RemarkTable
