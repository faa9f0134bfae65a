import { counted, type RemarkTable } from './remark.ts'

/** Of files, folders, downloads and lists, before anything in them is read. */
export const intakeRemarks = {
  // What a file is that is not read.
  pdf: {
    zh: () => '前面带有其他内容的 PDF 文档，或 PDF 的表单数据：请用 PDF 软件另存后再检',
    en: () =>
      'a PDF document behind other content, or data of a PDF form: save it again in a PDF program and check that',
  },
  rtf: { zh: () => 'RTF 文档：请另存为 docx 或文本', en: () => 'an RTF document: save it as docx or as a text' },
  postscript: { zh: () => 'PostScript 文档：请导出为图片', en: () => 'a PostScript document: export it as an image' },
  unread_image: {
    zh: ({ name }) => `读不了的图片格式${name === '' ? '' : ` ${name}`}：请导出为 PNG 或 JPEG`,
    en: ({ name }) =>
      `an image in a format that cannot be read${name === '' ? '' : ` (${name})`}: export it as PNG or JPEG`,
  },
  video: {
    zh: ({ name }) => `这种格式的视频读不了（${name}）：请转换为 MP4`,
    en: ({ name }) => `a video in a format that cannot be read (${name}): convert it to MP4`,
  },
  untaken_audio: {
    zh: ({ name }) => `平台不收这种格式的音频（${name}）：请转换为 MP3`,
    en: ({ name }) => `audio in a format that the platforms do not take (${name}): convert it to MP3`,
  },
  design_file: {
    zh: ({ name }) => `${name} 设计稿：请导出为 PDF 或 PNG`,
    en: ({ name }) => `a design (${name}): export it as PDF or PNG`,
  },
  camera_raw: {
    zh: ({ name }) => `相机的 RAW 照片（${name}）：请在修图软件里导出为 JPEG`,
    en: ({ name }) => `a RAW photograph (${name}): export it as JPEG in an image editor`,
  },
  paged_file: {
    zh: ({ name }) => `${name} 文档：请用它的阅读或编辑软件另存、打印为 PDF`,
    en: ({ name }) => `a document (${name}): save or print it as PDF in the program that opens it`,
  },
  mind_map: {
    zh: ({ name }) => `${name} 思维导图：请导出为 PDF 或 PNG`,
    en: ({ name }) => `a mind map (${name}): export it as PDF or PNG`,
  },
  flash: {
    zh: () => 'Flash 动画（SWF）：请录成 MP4，或导出为图片',
    en: () => 'a Flash film (SWF): record it as MP4, or export it as images',
  },
  outlook_packet: {
    zh: () => 'Outlook 的附件包（winmail.dat）：请让发件人改用 HTML 格式重发，或解开后把里面的文件拖进来',
    en: () =>
      'attachments packed by Outlook (winmail.dat): have it sent again in HTML, or unpack it and screen what is in it',
  },
  mailbox: {
    zh: ({ name }) => `整个邮箱（${name}）：请把要检的邮件另存为 EML`,
    en: ({ name }) => `a whole mailbox (${name}): save the mails to be screened as EML`,
  },
  database: {
    zh: ({ name }) => `数据库文件（${name}）：请把要检的内容导出为表格`,
    en: ({ name }) => `a database (${name}): export what is to be screened as a table`,
  },
  shortcut: {
    zh: () => '快捷方式：请把它指向的文件拖进来',
    en: () => 'a shortcut: drop the file that it leads to',
  },
  font: {
    zh: ({ name }) => `字体文件（${name}），里面没有可检的文案：可以不放进来`,
    en: ({ name }) => `a font (${name}), which has no words in it to screen: it need not be dropped`,
  },
  program: {
    zh: ({ name }) => `程序（${name}），不会打开：请把要检的素材单独拖进来`,
    en: ({ name }) => `a program (${name}), which is not opened: drop the material to be screened by itself`,
  },
  // Archives, which are folders.
  archive_depth: {
    zh: ({ limit }) => `压缩包套了不止 ${limit} 层：请把它解压后拖进来`,
    en: ({ limit }) => `archives within archives, more than ${limit} deep: unpack this one and screen what is in it`,
  },
  archive_entries: {
    zh: ({ limit }) => `连同里面的压缩包，超过 ${limit} 个文件：请解压后分批拖进来`,
    en: ({ limit }) => `more than ${limit} files, with those of the archives in it: unpack it and screen parts of it`,
  },
  archive_unpacked: {
    zh: ({ limit }) => `它前面的文件解压后已有 ${limit} 字节：请解压后分批拖进来`,
    en: ({ limit }) => `the files before it come to ${limit} bytes unpacked: unpack the archive and screen parts of it`,
  },
  archive_directory: {
    zh: ({ limit }) => `压缩包的目录超过 ${limit} 字节`,
    en: ({ limit }) => `the archive’s directory is over ${limit} bytes`,
  },
  empty_archive: { zh: () => '压缩包里没有文件', en: () => 'the archive has no files in it' },
  now_archive: {
    zh: () => '它是压缩包：请重新添加，里面的文件会逐个送检',
    en: () => 'it is an archive: add it again, and what is in it is screened file by file',
  },
  no_archive_now: { zh: () => '它已不是压缩包', en: () => 'it is no longer an archive' },
  entry_gone: {
    zh: ({ name }) => `压缩包里已没有 ${name}：压缩包被改动过，请重新添加`,
    en: ({ name }) => `the archive has no ${name} any more: it was changed, so add it again`,
  },
  entry_outside: {
    zh: ({ name }) => `压缩包里写的路径通到外面：${name}`,
    en: ({ name }) => `its path in the archive leads out of it: ${name}`,
  },
  entry_twice: {
    zh: () => '压缩包里有几个文件同用这个路径，解压后留下哪一个不能确定：请重新打包',
    en: () =>
      'several files of the archive have this path, and which one is left after unpacking is not certain: pack it again',
  },
  entry_link: {
    zh: () => '压缩包里的链接，指向别处：请把它指向的文件放进去',
    en: () => 'a link in the archive that leads elsewhere: pack the file that it leads to',
  },
  entry_method: {
    zh: ({ name }) => `以本程序不认识的方法压缩（${name}）：请解压后再检`,
    en: ({ name }) => `packed by a method that is not known here (${name}): unpack it and screen what is in it`,
  },
  archive_solid: {
    zh: ({ limit }) => `固实压缩，连在一起的文件解压后超过 ${limit} 字节：请解压后拖进来`,
    en: ({ limit }) =>
      `packed in one run with others that come to more than ${limit} bytes: unpack the archive and screen what is in it`,
  },
  archive_volume: {
    zh: () => '分卷压缩包中的一卷：请解压后把里面的文件拖进来',
    en: () => 'one volume of an archive in several: unpack it and screen the files in it',
  },
  cut_archive: {
    zh: () => '压缩包不完整：没有下载完，或是分卷中的一卷；请重新下载，或解压后拖进来',
    en: () => 'the archive is cut off, or one volume of several: get it again, or unpack it and screen what is in it',
  },
  no_room_to_unpack: {
    zh: ({ count }) => `磁盘空间不够，解压它需要 ${count} 字节：请腾出空间后重试`,
    en: ({ count }) =>
      `the disk has no room for the ${counted(count, 'byte', 'bytes')} that it unpacks to: make room and retry`,
  },
  entry_size: {
    zh: ({ count, limit }) => `解压后有 ${count} 字节，上限是 ${limit}`,
    en: ({ count, limit }) => `${counted(count, 'byte', 'bytes')} when unpacked; the limit is ${limit}`,
  },
  entry_ratio: {
    zh: ({ limit }) => `解压后是压缩时的 ${limit} 倍以上，像是“压缩炸弹”，没有解压`,
    en: ({ limit }) =>
      `over ${limit} times as large when unpacked, as an archive that is meant to fill a disk: it was not unpacked`,
  },
  damaged_entry: {
    zh: () => '压缩包里的这个文件已损坏：请重新打包',
    en: () => 'it is damaged within the archive: pack it again',
  },
  archive: {
    zh: ({ name }) => `压缩包${name === '' ? '' : `（${name}）`}：请解压后再检`,
    en: ({ name }) => `an archive${name === '' ? '' : ` (${name})`}: unpack it and screen what is in it`,
  },
  other_type: { zh: ({ name }) => `其他类型的文件（${name}）`, en: ({ name }) => `a file of another type (${name})` },
  unknown_binary: { zh: () => '类型不明的二进制数据', en: () => 'binary data of an unknown type' },
  large_archive: {
    zh: ({ limit }) => `压缩包，或超过 ${limit} 字节的文档`,
    en: ({ limit }) => `an archive, or a document over ${limit} bytes`,
  },
  pipe: { zh: () => '命名管道', en: () => 'a named pipe' },
  socket: { zh: () => '套接字', en: () => 'a socket' },
  device: { zh: () => '设备', en: () => 'a device' },
  special_file: { zh: () => '命名管道、套接字或设备', en: () => 'a named pipe, a socket or a device' },
  not_the_image_named: {
    zh: ({ name }) => `扩展名是 .${name}，内容却是文本，不是能读的图片`,
    en: ({ name }) => `named .${name}, but the content is text and no image that can be read`,
  },
  not_the_recording_named: {
    zh: ({ name }) => `扩展名是 .${name}，内容却是文本，不是音频`,
    en: ({ name }) => `named .${name}, but the content is text and no recording`,
  },
  not_the_film_named: {
    zh: ({ name }) => `扩展名是 .${name}，内容却是文本，不是视频`,
    en: ({ name }) => `named .${name}, but the content is text and no video`,
  },
  /** The place is what it is. */
  named_otherwise: {
    zh: ({ name }) => `扩展名是 ${name}，内容却是另一种`,
    en: ({ name }) => `named ${name}, but the content is of another type`,
  },
  // How large it is, or how empty.
  empty_file: { zh: () => '文件是 0 字节', en: () => 'the file has 0 bytes' },
  large_image: {
    zh: ({ count, limit }) => `图片 ${count} 字节，上限 ${limit}`,
    en: ({ count, limit }) => `an image of ${counted(count, 'byte', 'bytes')}; the limit is ${limit}`,
  },
  large_text: {
    zh: ({ count, limit }) => `文本 ${count} 字节，上限 ${limit}`,
    en: ({ count, limit }) => `a text of ${counted(count, 'byte', 'bytes')}; the limit is ${limit}`,
  },
  large_stdin: {
    zh: ({ limit }) => `标准输入超过 ${limit} 字节`,
    en: ({ limit }) => `standard input is over ${limit} bytes`,
  },
  empty_stdin: { zh: () => '标准输入没有文字', en: () => 'standard input has no text' },
  // What the system says of files and folders.
  file_gone: {
    zh: ({ name }) => `文件已不在，或链接指向的地方不存在（${name}）`,
    en: ({ name }) => `it is no longer there, or the link leads nowhere (${name})`,
  },
  no_permission: {
    zh: ({ name }) => `没有读取权限（${name}）`,
    en: ({ name }) => `no permission to read it (${name})`,
  },
  long_path: {
    zh: ({ name }) => `路径太长，本系统打不开（${name}）`,
    en: ({ name }) => `its path is too long for this system (${name})`,
  },
  many_open_files: {
    zh: ({ name }) => `打开的文件太多（${name}）：请关掉一些程序再试`,
    en: ({ name }) => `too many files are open (${name}): close some programs and try again`,
  },
  read_error: {
    zh: ({ name }) => `磁盘读取出错（${name}）`,
    en: ({ name }) => `the disk reports a read error (${name})`,
  },
  locked_file: {
    zh: ({ name }) => `被别的程序占用（${name}）`,
    en: ({ name }) => `another program has locked it (${name})`,
  },
  system_error: { zh: ({ name }) => `系统报错（${name}）`, en: ({ name }) => `the system reports an error (${name})` },
  now_folder: { zh: () => '现在是一个文件夹', en: () => 'it is a folder now' },
  now_table: { zh: () => '现在是一个表格', en: () => 'it is a table now' },
  became_shorter: { zh: () => '读取时文件变短了', en: () => 'it became shorter while it was read' },
  written_meanwhile: { zh: () => '读取时文件被改写了', en: () => 'it was written to while it was read' },
  link_to_itself: { zh: () => '符号链接绕回了自己', en: () => 'the symbolic link leads back to itself' },
  link_upwards: { zh: ({ name }) => `链接指回上层文件夹 ${name}`, en: ({ name }) => `it leads back to ${name}` },
  invalid_name: { zh: () => '文件名不是合法的 UTF-8：请重命名', en: () => 'its name is not valid UTF-8; rename it' },
  // Of lists and tables.
  list_is_text: {
    zh: () => '地址列表应是文本文件，每行一个地址',
    en: () => 'a list of addresses is a text file with one address a line',
  },
  // Of addresses and downloads.
  not_an_address: {
    zh: () => '不是地址，这里应是一个 http(s) 地址',
    en: () => 'it is not an address; one http(s) address is expected',
  },
  other_scheme: {
    zh: ({ name }) => `协议是 ${name}，只支持 http 和 https`,
    en: ({ name }) => `its scheme is ${name}; only http and https are followed`,
  },
  address_with_password: {
    zh: () => '地址里带有用户名或密码',
    en: () => 'it contains a user name or a password',
  },
  private_address: { zh: ({ name }) => `不是公网地址：${name}`, en: ({ name }) => `not a public address: ${name}` },
  slow_download: {
    zh: ({ limit }) => `${limit} 毫秒内没有下载完`,
    en: ({ limit }) => `no complete answer within ${limit} ms`,
  },
  redirect_nowhere: { zh: () => '重定向到的不是地址', en: () => 'it redirects to something that is no address' },
  many_redirects: {
    zh: ({ limit }) => `重定向超过 ${limit} 次`,
    en: ({ limit }) => `it redirects more than ${limit} times`,
  },
  http_status: { zh: ({ name }) => `服务器回复 ${name}`, en: ({ name }) => `the server answers ${name}` },
  compressed_answer: {
    zh: ({ name }) => `没有要求压缩，回复却是压缩过的（${name}）`,
    en: ({ name }) => `the answer is compressed (${name}) although that was not asked for`,
  },
  large_download: {
    zh: ({ limit }) => `下载内容超过上限 ${limit} 字节`,
    en: ({ limit }) => `the download is over the limit of ${limit} bytes`,
  },
  empty_download: { zh: () => '地址给出的是 0 字节', en: () => 'the address gives 0 bytes' },
  no_media: {
    zh: () => '地址给出的不是图片或音频',
    en: () => 'the address gives no image or recording',
  },
  text_instead: { zh: () => '给出的是文本', en: () => 'it gives text' },
  connection_failed: { zh: ({ name }) => `连接失败（${name}）`, en: ({ name }) => `the connection failed (${name})` },
} as const satisfies RemarkTable
