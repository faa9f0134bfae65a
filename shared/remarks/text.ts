import { counted, type RemarkTable } from './remark.ts'

/** Of texts, pages and data: what they show besides words, and why they cannot be read. */
export const textRemarks = {
  picture: { zh: ({ count }) => `${count} 张图片`, en: ({ count }) => counted(count, 'picture', 'pictures') },
  recording: {
    zh: ({ count }) => `${count} 段音频或视频`,
    en: ({ count }) => counted(count, 'recording', 'recordings'),
  },
  inner_page: {
    zh: ({ count }) => `${count} 个嵌入的页面`,
    en: ({ count }) => counted(count, 'page within the page', 'pages within the page'),
  },
  writing_script: {
    zh: ({ count }) => `${count} 段会写出文字的脚本`,
    en: ({ count }) => counted(count, 'script that writes text', 'scripts that write text'),
  },
  attribute_style: {
    zh: ({ count }) => `${count} 处会显示属性内容的样式`,
    en: ({ count }) => counted(count, 'style that shows attributes', 'styles that show attributes'),
  },
  adding_style: {
    zh: ({ count }) => `${count} 个可能添加文字的样式表`,
    en: ({ count }) => counted(count, 'style sheet that may add text', 'style sheets that may add text'),
  },
  deep_markup: {
    zh: ({ count }) => `${count} 处嵌套过深的标记`,
    en: ({ count }) => counted(count, 'value of markup that is too deep', 'values of markup that is too deep'),
  },
  embedded_file: {
    zh: ({ count }) => `${count} 个内嵌的图片或文件`,
    en: ({ count }) => counted(count, 'embedded picture or file', 'embedded pictures or files'),
  },
  embedded_picture: {
    zh: ({ count }) => `${count} 张内嵌图片`,
    en: ({ count }) => counted(count, 'embedded picture', 'embedded pictures'),
  },
  drawing: { zh: ({ count }) => `${count} 个图形`, en: ({ count }) => counted(count, 'drawing', 'drawings') },
  attached_file: {
    zh: ({ count }) => `${count} 个附带的文件`,
    en: ({ count }) => counted(count, 'attached file', 'attached files'),
  },
  escaped_characters: {
    zh: ({ count }) => `${count} 个以转义写成的字符（\\u…、&#x…）`,
    en: ({ count }) => `${counted(count, 'character', 'characters')} written as escapes (\\u…, &#x…)`,
  },
} as const satisfies RemarkTable
