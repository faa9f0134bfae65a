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
    zh: ({ count }) => `${count} 处文字用 HZ、UTF-7 等编码写成，不能确定会怎样显示：请另存为 UTF-8`,
    en: ({ count }) =>
      `${counted(count, 'passage', 'passages')} in an encoding such as HZ or UTF-7, which may be shown as written or decoded: save the text as UTF-8`,
  },
  page_script: {
    zh: ({ count }) => `页面内容由文件之外的 ${count} 个脚本写出：请在浏览器中打开，另存网页或截图后再检`,
    en: ({ count }) =>
      `the page is written by ${counted(count, 'script', 'scripts')} outside of the file: open it in a browser, save the page or a screenshot and screen that`,
  },
  page_too_long: {
    zh: ({ limit }) => `页面太大（高过 ${limit} 像素或宽过 4000 像素），没有画出来，只检查了文字和图片`,
    en: ({ limit }) =>
      `the page is too large to be drawn (over ${limit} pixels high or 4000 wide): only its words and pictures were checked`,
  },
  page_undrawn: {
    zh: () => '浏览器没能画出这个页面，只检查了文字和图片',
    en: () => 'the browser could not draw the page: only its words and pictures were checked',
  },
  redirect: {
    zh: ({ count }) => `${count} 处自动跳转到别的页面`,
    en: ({ count }) => counted(count, 'redirect to another page', 'redirects to another page'),
  },
  unknown_style: {
    zh: ({ count }) => `样式中 ${count} 处不认识的写法`,
    en: ({ count }) => counted(count, 'unknown function in a style', 'unknown functions in styles'),
  },
  own_font: {
    zh: ({ count }) => `${count} 个自带的字体，画出的字可能和文字不同`,
    en: ({ count }) =>
      counted(count, 'font of its own, which may draw other letters', 'fonts of its own, which may draw other letters'),
  },
  reordering_style: {
    zh: ({ count }) => `${count} 处会颠倒文字顺序的样式`,
    en: ({ count }) =>
      counted(count, 'style that reverses the order of letters', 'styles that reverse the order of letters'),
  },
  outer_script: {
    zh: ({ count }) => `引用了文件之外的 ${count} 个脚本，它们可能改动页面`,
    en: ({ count }) =>
      count === 1
        ? '1 script outside of the file, which may change the page'
        : `${count} scripts outside of the file, which may change the page`,
  },
  outer_style: {
    zh: ({ count }) => `引用了文件之外的 ${count} 个样式表，它们可能带有图片或文字`,
    en: ({ count }) =>
      count === 1
        ? '1 style sheet outside of the file, which may hold pictures or words'
        : `${count} style sheets outside of the file, which may hold pictures or words`,
  },
  misleading_link: {
    zh: ({ count }) => `${count} 个链接显示的网址和实际指向的不同`,
    en: ({ count }) =>
      counted(count, 'link shows another address than it leads to', 'links show other addresses than they lead to'),
  },
  only_address: {
    zh: () => '内容只有网址，没有检查它指向的页面',
    en: () => 'it holds only an address, and what that leads to was not looked at',
  },
  picture_address: {
    zh: ({ count }) => `${count} 个图片网址，没有检查它们指向的图片`,
    en: ({ count }) =>
      counted(
        count,
        'address of a picture, which was not looked at',
        'addresses of pictures, which were not looked at',
      ),
  },
  deep_page: {
    zh: ({ limit }) => `页面的元素嵌套超过 ${limit} 层`,
    en: ({ limit }) => `the page nests more than ${limit} elements into one another`,
  },
  deep_json: {
    zh: ({ limit }) => `JSON 嵌套超过 ${limit} 层`,
    en: ({ limit }) => `the JSON nests more than ${limit} levels`,
  },
  invalid_json: {
    zh: () => '不是合法的 JSON，请按所标的行、列改正',
    en: () => 'it is not valid JSON; mend it at the line and column given',
  },
  invalid_xml: {
    zh: () => '不是合法的 XML，请按所标的行、列改正',
    en: () => 'it is not valid XML; mend it at the line and column given',
  },
  mail: {
    zh: () => '其中有邮件或网页存档（MIME）的片段，正文经过编码：请打开后把正文和附件另存',
    en: () =>
      'it has parts of a mail or a web archive (MIME), whose text is encoded: open it and save its text and attachments',
  },
  late_svg: {
    zh: () => '文件里的 SVG 图形开始得太晚：请导出为 PNG',
    en: () => 'an SVG drawing that begins too late in its file: export it as PNG',
  },
  invalid_encoding: {
    zh: ({ name }) => `文件开头标明是 ${name}，内容却不是合法的 ${name}`,
    en: ({ name }) => `it begins with the mark of ${name} but is not valid ${name}`,
  },
  two_encodings: {
    zh: ({ name }) => `按 UTF-8 和 ${name} 都读得通，无法确定`,
    en: ({ name }) => `it can be read as UTF-8 and as ${name}`,
  },
  uncertain_encoding: {
    zh: ({ name }) => `不是 UTF-8，可能是 ${name}，但都不能确定`,
    en: ({ name }) => `not UTF-8; it may be ${name}, and nothing makes one of them certain`,
  },
  stated_encoding: {
    zh: ({ name }) => `您指定的编码 ${name} 读不通：请换一种`,
    en: ({ name }) => `it is not valid in ${name}, the encoding that was stated: state another`,
  },
  unknown_encoding: {
    zh: () => '按已知的编码都读不通',
    en: () => 'it is valid in no known encoding',
  },
  control_character: {
    zh: ({ name }) => `含有控制字符 ${name}，不是纯文本`,
    en: ({ name }) => `it contains the control character ${name}, so it is not plain text`,
  },
  binary_data: { zh: () => '是二进制数据', en: () => 'it is binary data' },
} as const satisfies RemarkTable
