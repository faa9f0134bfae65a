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
  no_composite: {
    zh: () => '文件里没有整体预览，画面没有送检：请在 Photoshop 里打开“最大兼容”后重新保存，或导出为 PNG',
    en: () =>
      'the file has no picture of the whole, which was not checked: save it again with “Maximize Compatibility” on, or export it as PNG',
  },
  photoshop_kind: {
    zh: ({ name }) => `这种 Photoshop 画面（${name}）不能读，请转为 8 位 RGB 或导出为 PNG`,
    en: ({ name }) =>
      `this kind of Photoshop picture (${name}) is not read here: make it 8-bit RGB, or export it as PNG`,
  },
  spot_channel: {
    zh: ({ count }) => `${count} 个专色通道，请合并后再存，或导出为 PNG`,
    en: ({ count }) => `${counted(count, 'spot channel', 'spot channels')}: merge them, or export it as PNG`,
  },
  spare_channel: {
    zh: ({ count }) => `文件里还有 ${count} 个选区通道，画面上不显示，没有送检`,
    en: ({ count }) =>
      `${counted(count, 'channel', 'channels')} of selections, which the picture does not show and which were not checked`,
  },
  unread_layers: {
    zh: () => '图层读不出来：请重新保存，或导出为 PNG',
    en: () => 'its layers cannot be read: save it again, or export it as PNG',
  },
  hidden_layers: {
    zh: ({ count, name }) => `${count} 个隐藏的图层没有送检：${name}`,
    en: ({ count, name }) => `${counted(count, 'hidden layer', 'hidden layers')} not checked: ${name}`,
  },
  placed_file: {
    zh: ({ count }) => `${count} 个置入的文件（智能对象）：送检的是它在画面上的样子`,
    en: ({ count }) =>
      `${counted(count, 'placed file', 'placed files')} (smart objects), checked as the picture shows them`,
  },
  hidden_placed_file: {
    zh: ({ count }) => `${count} 个置入但没有显示的文件（智能对象）：请显示或删掉`,
    en: ({ count }) =>
      `${counted(count, 'placed file', 'placed files')} (smart objects) that no layer shows: show or delete them`,
  },
  unread_picture: {
    zh: ({ count }) => `${count} 张图片读不出来`,
    en: ({ count }) => counted(count, 'picture that cannot be read', 'pictures that cannot be read'),
  },
  remote_picture: {
    zh: ({ name }) => `一张在网上的图片没有下载：${name}`,
    en: ({ name }) => `a picture on the web was not downloaded: ${name}`,
  },
  picture_elsewhere: {
    zh: ({ name }) => `一张图片不在这个文件所在的文件夹里：${name}；请放到一起再送检`,
    en: ({ name }) => `a picture is outside of this file’s folder: ${name}; put it there and check again`,
  },
  picture_gone: {
    zh: ({ name }) => `一张图片不在它该在的地方：${name}；请放回去再送检`,
    en: ({ name }) => `a picture is not where it should be: ${name}; put it back and check again`,
  },
  untaken_words: {
    zh: () => '其中的文字：这个档案不检测文本',
    en: () => 'its words: this profile takes no texts',
  },
  untaken_pictures: {
    zh: ({ count }) => `其中 ${count} 张图片：这个档案不检测图片`,
    en: ({ count }) => `${counted(count, 'picture', 'pictures')} in it: this profile takes no images`,
  },
  untaken_recordings: {
    zh: ({ count }) => `其中 ${count} 段声音：这个档案不检测音频`,
    en: ({ count }) => `${counted(count, 'recording', 'recordings')} in it: this profile takes no recordings`,
  },
  recordings_need_relay: {
    zh: ({ count }) => `其中 ${count} 段声音要经中继送检：请在档案里设置中继`,
    en: ({ count }) =>
      `${counted(count, 'recording', 'recordings')} in it that can only go through a relay: set one up in the profile`,
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
  unlinked_part: {
    zh: ({ count }) => `${count} 个没有被引用、用途不明的文件`,
    en: ({ count }) => counted(count, 'file inside that nothing refers to', 'files inside that nothing refers to'),
  },
  conditional_format: {
    zh: ({ count }) => `${count} 条会给单元格加上文字的条件格式`,
    en: ({ count }) =>
      counted(count, 'conditional format that adds words to cells', 'conditional formats that add words to cells'),
  },
  slicer: {
    zh: ({ count }) => `${count} 个切片器或日程表`,
    en: ({ count }) => counted(count, 'slicer or timeline', 'slicers or timelines'),
  },
  // Rows of tables.
  cells_beyond_header: {
    zh: ({ count }) => `这一行比表头多 ${count} 格：请给含分隔符的内容加上引号`,
    en: ({ count }) =>
      `the row has ${counted(count, 'cell', 'cells')} more than the header: put quotes around what contains the delimiter`,
  },
  columns_unread: {
    zh: ({ name }) => `没有检查这一行的其他列：${name}`,
    en: ({ name }) => `other columns of this row were not checked: ${name}`,
  },
  short_row: {
    zh: () => '这一行和上一行都比表头短，可能是被换行断开的一行，因此整行送检',
    en: () =>
      'this row and the one above are shorter than the header and may be one row with a line break in it, so all of it was sent',
  },
  glued_rows: {
    zh: ({ count }) => `一对引号把看上去是 ${count} 行的内容连成了一行，两种读法都已送检`,
    en: ({ count }) => `a pair of quotes joins what looks like ${count} rows into one; both readings were sent`,
  },
  unstored_value: {
    zh: ({ name }) => `“${name}”列：公式没有存下结果，或是错误值；请改正，或在表格软件里打开后重新保存`,
    en: ({ name }) =>
      `column “${name}”: a formula without a stored result, or an error; mend it, or open the table in a spreadsheet program and save it`,
  },
  blank_cell: { zh: ({ name }) => `“${name}”列是空的`, en: ({ name }) => `column “${name}” is blank` },
  blank_address: { zh: () => '这一格没有地址', en: () => 'the cell has no address' },
  cell_limit: {
    zh: ({ count, limit }) => `一格有 ${count} 字节，上限是 ${limit}`,
    en: ({ count, limit }) => `a cell of ${count} bytes; the limit is ${limit}`,
  },
  unclosed_quote: {
    zh: ({ name }) => `从第 ${name} 行起没有读：那里的引号没有闭合`,
    en: ({ name }) => `nothing was read from row ${name} on: a quote that opens there is never closed`,
  },
  row_too_long: {
    zh: ({ name, limit }) => `从第 ${name} 行起没有读：那一行超过 ${limit} 字节，多半有引号没有闭合`,
    en: ({ name, limit }) =>
      `nothing was read from row ${name} on: it is longer than ${limit} bytes, probably for a quote that is not closed`,
  },
  unreadable_row: {
    zh: ({ name }) => `从第 ${name} 行起没有读：那一行的写法不符合 CSV`,
    en: ({ name }) => `nothing was read from row ${name} on, which is not written as CSV is`,
  },
  // Why an archive or a document cannot be read.
  damaged_archive: {
    zh: () => '压缩包已损坏，读不出目录',
    en: () => 'its archive is damaged: the directory cannot be read',
  },
  damaged_part: {
    zh: ({ name }) => `其中的 ${name} 已损坏`,
    en: ({ name }) => `${name} inside it is damaged`,
  },
  missing_part: { zh: ({ name }) => `缺少 ${name}`, en: ({ name }) => `${name} is missing from it` },
  missing_main_part: { zh: () => '缺少正文部分', en: () => 'its main part is missing' },
  missing_sheets: { zh: () => '其中没有工作表', en: () => 'it has no sheets' },
  two_parts_of_one_name: {
    zh: () => '其中有两个同名的部分，不能确定显示哪一个',
    en: () => 'two of its parts have one name, so what it shows is not certain',
  },
  unpacked_limit: {
    zh: ({ limit }) => `解压后超过 ${limit} 字节`,
    en: ({ limit }) => `unpacked, it is larger than ${limit} bytes`,
  },
  encrypted_document: {
    zh: () => '设了密码的 Office 文档，内容已加密：请取消密码，另存后再检',
    en: () => 'an Office document encrypted with a password: remove the password, save it again and screen that',
  },
  encrypted_archive: {
    zh: () => '设了密码的压缩包：请解压后把里面的文件拖进来',
    en: () => 'an archive with a password: unpack it and screen the files in it',
  },
  // Of mails and saved pages.
  mail_attachments: {
    zh: ({ count }) => `${count} 个附件，各自单独检查`,
    en: ({ count }) =>
      counted(count, 'attachment, which is checked by itself', 'attachments, which are checked by themselves'),
  },
  mail_parts: {
    zh: ({ limit }) => `邮件的部分超过 ${limit} 个，或嵌套太深：请打开后把正文和附件另存`,
    en: ({ limit }) =>
      `the mail has over ${limit} parts, or nests them too deep: open it and save its text and attachments`,
  },
  cut_mail: {
    zh: () => '邮件没有到头，后面可能还有内容：请重新导出',
    en: () => 'the mail ends before its end, and more may have been in it: export it again',
  },
  doubtful_mail: {
    zh: () => '邮件里有互相矛盾的格式说明，不同的软件会显示成不同的样子：请打开后重新导出',
    en: () =>
      'the mail says of its parts what contradicts itself, so programs show it differently: open it and export it again',
  },
  damaged_mail_part: {
    zh: ({ count }) => `邮件里有 ${count} 处内容编码有误，可能显示不全：请重新导出`,
    en: ({ count }) =>
      `${counted(count, 'part', 'parts')} of the mail with errors in the encoding, which may be shown in part only: export it again`,
  },
  damaged_attachment: {
    zh: () => '附件在邮件里已损坏：请重新导出邮件',
    en: () => 'the attachment is damaged in the mail: export the mail again',
  },
  encrypted_mail: {
    zh: () => '加密或封装的邮件（S/MIME、PGP），正文没有送检：请解密后把正文和附件另存',
    en: () =>
      'the mail is encrypted or sealed (S/MIME, PGP), and its text was not checked: decrypt it, and save its text and attachments',
  },
  unread_mail_part: {
    zh: ({ name }) => `邮件里有读不了的部分（${name}）：请打开后另存`,
    en: ({ name }) => `a part of the mail that cannot be read (${name}): open the mail and save it`,
  },
  mail_charset: {
    zh: ({ name }) => `邮件里有文字的编码读不了${name === '' ? '' : `（${name}）`}：请打开后把正文存为文本`,
    en: ({ name }) =>
      `words of the mail in an encoding that cannot be read${name === '' ? '' : ` (${name})`}: open it and save its text as a text file`,
  },
  // What a file truly is that cannot be read.
  old_word_document: {
    zh: () => '旧格式的文字文档（.doc、.wps）：请用 Word 或 WPS 另存为 .docx',
    en: () => 'a document in an old format (.doc, .wps): save it as .docx in Word or WPS',
  },
  old_workbook: {
    zh: () => '旧格式的表格（.xls、.et）：请用 Excel 或 WPS 另存为 .xlsx',
    en: () => 'a workbook in an old format (.xls, .et): save it as .xlsx in Excel or WPS',
  },
  old_presentation: {
    zh: () => '旧格式的演示文稿（.ppt、.dps）：请导出为图片',
    en: () => 'a presentation in an old format (.ppt, .dps): export its slides as images',
  },
  old_office_file: {
    zh: () => '旧格式的 Office 文件或类似文件：请另存为新格式',
    en: () => 'a file in an old format of Office or the like: save it in a newer one',
  },
  outlook_message: {
    zh: () => 'Outlook 邮件（.msg）：请把正文存为文本，附件单独拖进来',
    en: () => 'an Outlook message (.msg): save its text as a text file, and screen its attachments by themselves',
  },
  visio_drawing: {
    zh: () => 'Visio 绘图：请导出为图片',
    en: () => 'a Visio drawing: export it as images',
  },
  presentation: {
    zh: () => '演示文稿（.pptx）：请导出为图片',
    en: () => 'a presentation (.pptx): export its slides as images',
  },
  binary_workbook: {
    zh: () => '二进制格式的表格（.xlsb）：请另存为 .xlsx',
    en: () => 'a workbook in the binary format (.xlsb): save it as .xlsx',
  },
  open_document: {
    zh: () => '这类 OpenDocument 文件：请另存为 .docx 或 .xlsx，或导出为图片',
    en: () => 'an OpenDocument file of this kind: save it as .docx or .xlsx, or export it as images',
  },
  epub_book: { zh: () => '电子书（EPUB）：请导出为文本', en: () => 'an e-book (EPUB): export it as text' },
  ofd_document: { zh: () => 'OFD 版式文档：请导出为图片', en: () => 'an OFD document: export its pages as images' },
  xps_document: { zh: () => 'XPS 文档：请导出为图片', en: () => 'an XPS document: export its pages as images' },
  iwork_document: {
    zh: () => 'Pages、Numbers 或 Keynote 文稿：请导出为 Word、Excel 文档或图片',
    en: () => 'a Pages, Numbers or Keynote file: export it as a Word or Excel document, or as images',
  },
  program_archive: { zh: () => '程序安装包或程序库', en: () => 'a program, or a library of one' },
} as const satisfies RemarkTable
