import { counted, type RemarkTable } from './remark.ts'

/** Of PDF documents. */
export const pdfRemarks = {
  // What is left out.
  missing_font: {
    zh: ({ name }) =>
      `字体${name === '' ? '' : `“${name}”`}没有嵌入文件，这台电脑上也没有能代替它的：请嵌入字体后重新导出，或在这台电脑上装好字体再检`,
    en: ({ name }) =>
      `a font${name === '' ? '' : ` (${name})`} that is not in the file, and no other on this computer has its characters: export it again with its fonts embedded, or install the font and check again`,
  },
  unread_page: {
    zh: ({ count }) => `${count} 页读不出来`,
    en: ({ count }) => counted(count, 'page that cannot be read', 'pages that cannot be read'),
  },
  damaged_drawing: {
    zh: ({ count }) => `${count} 处图片或图形的数据不完整，可能显示不全：请重新导出`,
    en: ({ count }) =>
      `${counted(count, 'picture or drawing', 'pictures or drawings')} with data missing, which may be shown in part: export the document again`,
  },
  embedded_media: {
    zh: ({ count }) => `${count} 段声音、视频或三维模型：请单独送检`,
    en: ({ count }) =>
      `${counted(count, 'recording, film or 3D model', 'recordings, films or 3D models')}: check them by themselves`,
  },
  undrawn_annotation: {
    zh: ({ count }) => `${count} 个没有写明外观的批注，各阅读器显示不同：请打印成新的 PDF 再检`,
    en: ({ count }) =>
      `${counted(count, 'annotation', 'annotations')} that each viewer draws in its own way: print to a new PDF and check that`,
  },
  pointed_appearance: {
    zh: ({ count }) => `${count} 个鼠标移上去或按下时才显示的图片`,
    en: ({ count }) =>
      counted(count, 'picture that is shown under the pointer only', 'pictures that are shown under the pointer only'),
  },
  document_script: {
    zh: ({ count }) => `${count} 段可能改变显示内容的脚本：请打印成新的 PDF 再检`,
    en: ({ count }) =>
      `${counted(count, 'script', 'scripts')} that may change what is shown: print to a new PDF and check that`,
  },
  hidden_page: {
    zh: ({ count }) => `${count} 个由脚本调用的隐藏页面`,
    en: ({ count }) => counted(count, 'hidden page that scripts can show', 'hidden pages that scripts can show'),
  },
  xfa_form: {
    zh: () => 'XFA 表单，只有 Adobe 的软件能完整显示：请打印成普通 PDF 再检',
    en: () => 'an XFA form, which only Adobe’s programs show in full: print it to a plain PDF and check that',
  },
  portfolio: {
    zh: () => 'PDF 包，里面装着其他文件：请把它们取出来单独送检',
    en: () => 'a portfolio, which holds other files: take them out and check them by themselves',
  },
  unclear_structure: {
    zh: () => '文件结构有矛盾，各阅读器显示的可能不同：请打印成新的 PDF 再检',
    en: () =>
      'its structure contradicts itself, so that viewers may show different things: print it to a new PDF and check that',
  },
  too_many_objects: {
    zh: () => '其中的对象太多：请拆分后再检',
    en: () => 'it is made of too many objects: split it and check the parts',
  },
  // What is hidden at first: noted, or left out where the document can show it.
  hidden_layer: {
    zh: ({ name }) => `图层${name === '' ? '' : `“${name}”`}默认不显示，没有画出；其中的文字已送检`,
    en: ({ name }) =>
      `a layer${name === '' ? '' : ` (${name})`} that is hidden at first was not drawn; its words were sent`,
  },
  hidden_annotation: {
    zh: ({ count }) => `${count} 个隐藏的批注或表单项没有画出`,
    en: ({ count }) =>
      counted(
        count,
        'hidden annotation or field that was not drawn',
        'hidden annotations or fields that were not drawn',
      ),
  },
  repaired_document: {
    zh: () => '文件目录有误，按找到的内容修复后读取',
    en: () => 'its table of contents is wrong; it was read by what was found in it',
  },
  // Why it cannot be read.
  encrypted_pdf: {
    zh: () => '打开需要密码的 PDF：请取消密码，另存后再检',
    en: () => 'a PDF that opens with a password only: remove the password, save it again and check that',
  },
  no_pages: { zh: () => '其中没有页面', en: () => 'it has no pages' },
  words_too_many: {
    zh: ({ limit }) => `文字超过 ${limit} 个字符：请拆分后再检`,
    en: ({ limit }) => `it has more than ${limit} characters of text: split it and check the parts`,
  },
  illustrator_without_pdf: {
    zh: () => '没有存入 PDF 内容的 Illustrator 文件：请勾选“创建 PDF 兼容文件”后重新存储，或导出为图片',
    en: () =>
      'an Illustrator file without PDF content: save it again with “Create PDF Compatible File”, or export it as an image',
  },
} as const satisfies RemarkTable
