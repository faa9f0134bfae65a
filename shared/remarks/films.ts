import { counted, type RemarkTable } from './remark.ts'

/** Of films and recordings. */
export const filmRemarks = {
  film_cut: {
    zh: () => '文件不完整，后面的画面和声音没有了：请重新导出或重新传输',
    en: () => 'the file breaks off, and the pictures and sound behind that are gone: export it or copy it again',
  },
  film_part: {
    zh: ({ count, name }) => `${count} 个用途不明的部分（${name}）：请重新导出`,
    en: ({ count, name }) => `${counted(count, 'part', 'parts')} of unknown use (${name}): export it again`,
  },
  film_without_index: {
    zh: () => '文件里没有说明画面和声音在哪里的部分，可能录制时中断：请重新导出',
    en: () =>
      'the part is missing that says where its pictures and sound are, as when a recording was interrupted: export it again',
  },
  film_encrypted: {
    zh: () => '内容加密的视频或音频：请换用没有加密的版本',
    en: () => 'encrypted video or sound: use a version without protection',
  },
  film_elsewhere: {
    zh: ({ count }) => `${count} 条画面或声音在另一个文件里：请导出为一个完整的文件`,
    en: ({ count }) =>
      `${counted(count, 'track', 'tracks')} of it in another file: export it as one file that holds everything`,
  },
  film_codec_change: {
    zh: ({ count }) => `${count} 条画面或声音中途换了编码方式：请重新导出`,
    en: ({ count }) => `${counted(count, 'track', 'tracks')} whose coding changes on the way: export it again`,
  },
  film_subtitles: {
    zh: ({ count, name }) => `${count} 条读不了的字幕（${name}）：请另存为 SRT 送检`,
    en: ({ count, name }) =>
      `${counted(count, 'subtitle track', 'subtitle tracks')} that cannot be read (${name}): save and screen them as SRT`,
  },
  film_captions: {
    zh: ({ name }) => `画面里的隐藏字幕（${name}）有读不了的文字：请另存为 SRT 送检`,
    en: ({ name }) =>
      `captions inside the pictures (${name}) with letters that cannot be read: save and screen them as SRT`,
  },
  film_track: {
    zh: ({ count, name }) => `${count} 条种类不明的内容（${name}）：请重新导出`,
    en: ({ count, name }) => `${counted(count, 'track', 'tracks')} of an unknown kind (${name}): export it again`,
  },
  film_transparent: {
    zh: () => '画面有透明的部分，放在什么上面就显示什么：请导出为不透明的视频',
    en: () =>
      'its pictures are transparent, and what shows depends on what lies behind: export it without transparency',
  },
  film_sound: {
    zh: ({ count, name }) =>
      `${count} 条声音的编码（${name}）平台不收，这里也没有转换成：请转换为 MP3，或安装 FFmpeg 后重新检查`,
    en: ({ count, name }) =>
      `${counted(count, 'sound track', 'sound tracks')} in a coding that the platforms do not take and that was not converted here (${name}): convert to MP3, or install FFmpeg and check it again`,
  },
  film_sound_gone: {
    zh: () => '声音转换到一半停了：请重新检查',
    en: () => 'its sound could not be converted a second time: check it again',
  },
  film_needs_browser: {
    zh: ({ count }) => `${count} 条画面没有解码：请安装 Chrome、Chromium 或 Edge，或截图后送检`,
    en: ({ count }) =>
      `the pictures of ${counted(count, 'track', 'tracks')}, which were not decoded: install Chrome, Chromium or Edge, or screen pictures of its scenes`,
  },
  film_codec: {
    zh: ({ count, name }) => `${count} 条画面的编码（${name}）这台电脑上的浏览器解不了：请导出为 H.264 编码的 MP4`,
    en: ({ count, name }) =>
      `the pictures of ${counted(count, 'track', 'tracks')} in a coding (${name}) that the browser on this computer cannot decode: export it as MP4 with H.264`,
  },
  film_undecoded: {
    zh: () => '画面解不出来，可能已损坏：请重新导出',
    en: () => 'its pictures cannot be decoded and may be damaged: export it again',
  },
  film_damage: {
    zh: ({ name }) => `${name} 之间的画面已损坏：请重新导出`,
    en: ({ name }) => `the pictures from ${name} are damaged: export it again`,
  },
  film_missing: {
    zh: ({ count }) => `${count} 帧画面没有解出来：请重新导出`,
    en: ({ count }) => `${counted(count, 'frame', 'frames')} that could not be decoded: export it again`,
  },
  film_frames_many: {
    zh: ({ count, limit }) =>
      `有 ${count} 帧画面互不相同，只送检了 ${limit} 帧：请调高视频的帧数上限（命令行用 --max-frames），或剪短、拆分视频`,
    en: ({ count, limit }) =>
      `${count} frames differ and ${limit} of them were sent: raise the most frames of a video (on the command line, --max-frames), shorten it, or split it`,
  },
  film_frame_gone: {
    zh: () => '这一帧现在解不出来：请看看文件是否被改动',
    en: () => 'this frame cannot be decoded now: see whether the file was changed',
  },
  film_page_died: {
    zh: () => '解码视频的浏览器启动不了，或中途退出：请重新检查',
    en: () => 'the browser that decodes videos could not be started, or ended on the way: check it again',
  },
  // What no player shows unless it is asked to.
  film_hidden_track: {
    zh: ({ count }) => `${count} 条停用的画面或声音，播放时没有，也已送检`,
    en: ({ count }) =>
      `${counted(count, 'track', 'tracks')} that are switched off, not played and checked all the same`,
  },
  film_private: {
    zh: ({ count }) => `画面里有 ${count} 种制作软件自用的数据，播放时不显示，没有送检`,
    en: ({ count }) =>
      `${counted(count, 'kind', 'kinds')} of data among the pictures that a program keeps for itself, not shown by players and not checked`,
  },
} as const satisfies RemarkTable
