import { counted, type RemarkTable } from './remark.ts'

const million = (pixels: number) => pixels / 1e6

/** Of pictures and drawings. */
export const imageRemarks = {
  // Why a picture cannot be prepared at all.
  image_unknown: {
    zh: () => '内容不是能读的任何一种图片格式，请另存为 JPEG 或 PNG',
    en: () => 'its content is in no image format that is read here: save it as JPEG or PNG',
  },
  image_cut_short: {
    zh: () => '文件在图片结束之前就断了，请重新导出或重新传输',
    en: () => 'the file ends before its picture does: export it or copy it again',
  },
  image_damaged: {
    zh: () => '图片数据已损坏，无法完整解码，请重新导出',
    en: () => 'its data is damaged and cannot be decoded in full: export it again',
  },
  heic_photo: {
    zh: () => '这是 HEIC 照片（HEVC 编码），此处没有其解码器或已将其关闭；请导出为 JPEG，或把手机相机设为“兼容性最佳”',
    en: () =>
      'a HEIC photograph (HEVC), whose decoder is missing or switched off here: export it as JPEG, or set the camera to "most compatible"',
  },
  animated_heic: {
    zh: () => '文件是连拍或动态图片，只能读到封面，请导出为 GIF 或视频截图',
    en: () => 'a burst or an animation, of which only the cover can be read: export its moments as JPEG or GIF',
  },
  raw_photo: {
    zh: () => '这是相机原始格式（RAW）的照片，请导出为 JPEG',
    en: () => 'a raw photograph as cameras store it: export it as JPEG',
  },
  animated_avif: {
    zh: () => '动态 AVIF 只能读到封面，请导出为 GIF 或动态 WebP',
    en: () => 'an animated AVIF, of which only the cover can be read: export it as GIF or animated WebP',
  },
  bmp_kind: {
    zh: ({ name }) => `这种 BMP（${name}）不能读，请另存为 PNG`,
    en: ({ name }) => `this kind of BMP (${name}) is not read here: save it as PNG`,
  },
  tiff_kind: {
    zh: ({ name }) => `这种 TIFF（${name}）在各种看图软件里显示不一，请另存为 PNG`,
    en: ({ name }) => `this kind of TIFF (${name}) looks different from one viewer to the next: save it as PNG`,
  },
  heif_kind: {
    zh: ({ name }) => `由多个部分合成的图片（${name}）不能读，请导出为 JPEG`,
    en: ({ name }) => `a picture that is put together from others (${name}) is not read here: export it as JPEG`,
  },
  pixel_channels: {
    zh: ({ count }) => `像素有 ${count} 个通道，只能读 3 或 4 个，请另存为 PNG`,
    en: ({ count }) => `its pixels have ${count} channels and 3 or 4 can be read: save it as PNG`,
  },
  pages_too_many: {
    zh: ({ count, limit }) => `文件有 ${count} 页，最多读 ${limit} 页，请拆分`,
    en: ({ count, limit }) => `the file has ${count} pages and at most ${limit} are read: split it`,
  },
  pixels_too_many: {
    zh: ({ name, limit }) => `图片为 ${name} 像素，最多解码 ${million(limit)} 百万像素，请缩小`,
    en: ({ name, limit }) =>
      `the picture has ${name} pixels and at most ${million(limit)} million are decoded: make it smaller`,
  },
  tiles_too_many: {
    zh: ({ count, limit }) =>
      `需要 ${count} 个分片，上限是 ${limit} 个：请调高每张图的分片上限（命令行用 --max-tiles），或缩小后整图送检（--image-mode fit）`,
    en: ({ count, limit }) =>
      `it needs ${counted(count, 'tile', 'tiles')} and ${limit} are allowed: raise the most tiles of an image (on the command line, --max-tiles), or send it shrunk as a whole (--image-mode fit)`,
  },
  frames_too_many: {
    zh: ({ count, limit }) =>
      `动画有 ${count} 帧互不相同，只看了 ${limit} 帧：请调高每张图的分片上限（命令行用 --max-tiles），或缩短、拆分动画`,
    en: ({ count, limit }) =>
      `${count} frames of the animation differ and ${limit} of them were looked at: raise the most tiles of an image (on the command line, --max-tiles), shorten it, or split it`,
  },
  image_bytes: {
    zh: ({ count, limit }) => `文件有 ${count} 字节，图片最多读 ${limit} 字节，请缩小`,
    en: ({ count, limit }) => `the file has ${count} bytes and images of at most ${limit} are read: make it smaller`,
  },
  incompressible: {
    zh: ({ limit }) => `以最低画质编码后仍超过 ${limit} 字节，请缩小图片`,
    en: ({ limit }) => `it stays above ${limit} bytes at the lowest quality: make the picture smaller`,
  },
  no_such_frame: {
    zh: ({ name }) => `图片里没有第 ${name} 帧，文件可能已改动`,
    en: ({ name }) => `the picture has no frame ${name}; the file may have changed`,
  },
  no_such_region: {
    zh: ({ name }) => `图片里没有区域 ${name}，文件可能已改动`,
    en: ({ name }) => `the picture has no region ${name}; the file may have changed`,
  },
  file_changed: {
    zh: () => '内容已不是最初读到的，请重新添加',
    en: () => 'its content is no longer what was read first: add it again',
  },
  no_regular_file: { zh: () => '不是普通文件', en: () => 'it is not a regular file' },
  // What happened to the process that prepares it.
  preparation_slow: {
    zh: ({ limit }) => `处理超过 ${limit} 秒，已停止；请简化或缩小图片`,
    en: ({ limit }) =>
      `stopped after ${counted(limit, 'second', 'seconds')} of work: simplify the picture or make it smaller`,
  },
  preparation_memory: {
    zh: ({ count, limit }) => `处理占用了 ${count} MB 内存，上限是 ${limit} MB，已停止；请缩小图片`,
    en: ({ count, limit }) =>
      `stopped: it took ${count} MB of memory, ${limit} MB are allowed: make the picture smaller`,
  },
  preparation_nonsense: {
    zh: ({ name }) => `处理进程答非所问${name === '' ? '' : `（${name}）`}，已停止，请重试`,
    en: ({ name }) =>
      `the process that prepares it answered what nobody asked${name === '' ? '' : ` ("${name}")`} and was stopped: try again`,
  },
  preparation_died: {
    zh: ({ name }) => `处理进程两次意外退出（${name}），请另存后重试`,
    en: ({ name }) => `the process that prepares it died twice (${name}): save the picture anew and try again`,
  },
  preparation_closed: { zh: () => '程序先退出了', en: () => 'the program ended first' },
  image_library_missing: {
    zh: () => '图片组件无法加载，请重新安装本程序',
    en: () => 'the image library cannot be loaded: install the program again',
  },
  decoder_unusable: {
    zh: ({ name }) => `解码组件 ${name} 缺失，或不是本程序自带的那一个，没有使用，请重新安装本程序`,
    en: ({ name }) =>
      `the decoder ${name} is missing or is not the one that came with the program, and was not used: install the program again`,
  },
  // What a viewer shows and no rendition does.
  svg_encoding: {
    zh: () => 'SVG 不是 UTF-8 编码，请另存为 UTF-8 或导出为 PNG',
    en: () => 'the SVG is not in UTF-8: save it as UTF-8, or export it as PNG',
  },
  svg_malformed: {
    zh: () => 'SVG 的标记不完整或有误，请重新导出，或导出为 PNG',
    en: () => 'the markup of the SVG is broken: export it again, or as PNG',
  },
  svg_element: {
    zh: ({ count, name }) => `${count} 个未必照样画出的 SVG 元素 ${name}，请导出为 PNG`,
    en: ({ count, name }) =>
      `${counted(count, 'SVG element', 'SVG elements')} ${name} that may not be drawn alike everywhere: export it as PNG`,
  },
  svg_attribute: {
    zh: ({ count, name }) => `${count} 个未必照样画出的 SVG 属性 ${name}，请导出为 PNG`,
    en: ({ count, name }) =>
      `${counted(count, 'SVG attribute', 'SVG attributes')} ${name} that may not be drawn alike everywhere: export it as PNG`,
  },
  svg_style: {
    zh: ({ count, name }) => `${count} 处未必照样画出的 SVG 样式 ${name}，请导出为 PNG`,
    en: ({ count, name }) =>
      `${counted(count, 'SVG style', 'SVG styles')} ${name} that may not be drawn alike everywhere: export it as PNG`,
  },
  svg_reference: {
    zh: ({ count }) => `SVG 引用了 ${count} 处外部或不存在的内容，请导出为 PNG`,
    en: ({ count }) => `${counted(count, 'reference', 'references')} of the SVG to what is not in it: export it as PNG`,
  },
  svg_script: {
    zh: ({ count }) => `SVG 里有 ${count} 段脚本，请导出为 PNG`,
    en: ({ count }) => `${counted(count, 'script', 'scripts')} in the SVG: export it as PNG`,
  },
  svg_motion: {
    zh: ({ count }) => `SVG 里有 ${count} 处动画，请导出为 GIF 或视频截图`,
    en: ({ count }) => `${counted(count, 'animation', 'animations')} in the SVG: export its moments as PNG or GIF`,
  },
  svg_picture: {
    zh: ({ count }) => `SVG 里有 ${count} 张无法完整画出的内嵌图片，请导出为 PNG`,
    en: ({ count }) =>
      `${counted(count, 'picture', 'pictures')} in the SVG that cannot be drawn in full: export it as PNG`,
  },
  missing_glyphs: {
    zh: ({ count, name }) => `本机字体画不出 ${count} 个字符（${name}），请安装字体，或把文字转为轮廓后再导出`,
    en: ({ count, name }) =>
      `${counted(count, 'character', 'characters')} that no font of this computer can draw (${name}): install a font, or export with text as outlines`,
  },
  tiff_missing_data: {
    zh: ({ count }) => `TIFF 缺失或损坏了 ${count} 块图像数据，请重新导出`,
    en: ({ count }) =>
      `${counted(count, 'block', 'blocks')} of the picture missing or damaged in the TIFF: export it again`,
  },
  sub_picture: {
    zh: ({ count }) => `文件里另有 ${count} 张附属图片没有送检，请单独导出`,
    en: ({ count }) => `${counted(count, 'further picture', 'further pictures')} inside the file: export them apart`,
  },
  gain_map: {
    zh: () => 'HDR 增益图：在 HDR 屏幕上看到的亮部没有送检，请导出为普通 JPEG',
    en: () => 'an HDR gain map, which changes what HDR displays show: export it as an ordinary JPEG',
  },
  // What no common viewer shows.
  second_picture: {
    zh: ({ count }) => `文件里还有 ${count} 张一般看图软件不显示的图片`,
    en: ({ count }) =>
      `${counted(count, 'further picture', 'further pictures')} in the file that common viewers do not show`,
  },
  helping_map: {
    zh: ({ count }) => `文件里还有 ${count} 张辅助图（景深、HDR 增益或抠图），本身不显示，没有送检`,
    en: ({ count }) =>
      `${counted(count, 'map', 'maps')} of depth, light or outlines in the file, which are not shown themselves and were not checked`,
  },
  hidden_clip: {
    zh: () => '图片后面附有一段视频（实况照片），没有送检',
    en: () => 'a clip behind the picture (a motion photo), which was not checked',
  },
  hidden_data: {
    zh: ({ count }) => `图片之外还有 ${count} 字节看图软件不显示的数据`,
    en: ({ count }) => `${counted(count, 'byte', 'bytes')} beside the picture that viewers do not show`,
  },
  unknown_block: {
    zh: ({ count, name }) => `${count} 个用途不明的数据块 ${name}，看图软件不显示`,
    en: ({ count, name }) =>
      `${counted(count, 'block of data', 'blocks of data')} ${name} of unknown use, which viewers do not show`,
  },
  hidden_words: {
    zh: ({ name }) => `文件信息里的文字（画面上不显示，未送检）：${name}`,
    en: ({ name }) => `words in the file's details, which are not shown in the picture and were not checked: ${name}`,
  },
  svg_title: {
    zh: ({ name }) => `图形的标题或说明（只在悬停或朗读时出现，未送检）：${name}`,
    en: ({ name }) =>
      `a drawing's title or description, told on hovering or reading aloud only and not checked: ${name}`,
  },
  other_thumbnail: {
    zh: () => '照片自带的缩略图与照片不同',
    en: () => "the photograph's own thumbnail differs from it",
  },
} as const satisfies RemarkTable
