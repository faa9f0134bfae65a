import type { AppInfo, FileReason } from '../../../shared/ipc.ts'
import type { OwnFile } from '../../engine/app/own-file.ts'

type Os = AppInfo['os']

/** What is done with an asset's file when somebody asks for it. */
export type FileFate =
  /** `shown` is where it is found if the system has no program for it. */
  | { readonly act: 'open'; readonly path: string; readonly shown: string }
  | { readonly act: 'show'; readonly path: string; readonly why: FileReason | null }
  | {
      readonly act: 'refuse'
      readonly path: string
      readonly remark: 'no_file_of_its_own' | 'file_moved' | 'device_name'
    }

/**
 * Kinds that no common program runs, by what the content is, with the extensions under which the system takes them for the same. The
 * system goes by the extension, so that both have to agree. Not among them, because they carry scripts, formulas or addresses of
 * templates: SVG, HTML, XML, Office documents, tables, PDF.
 */
const harmless: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png'],
  'image/apng': ['png', 'apng'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/tiff': ['tif', 'tiff'],
  'image/bmp': ['bmp'],
  'image/avif': ['avif'],
  'image/heic': ['heic', 'heif'],
  'image/heif': ['heic', 'heif'],
  'audio/mpeg': ['mp3'],
  'audio/wav': ['wav'],
  'audio/x-m4a': ['m4a'],
  plain: ['txt', 'text', 'md', 'markdown'],
  markup: ['md', 'markdown'],
  subtitles: ['srt', 'vtt'],
  ass: ['ass', 'ssa'],
}

/** In its folder: harmless, so that only what is no place of the disk is refused. */
export function showing(file: OwnFile, os: Os): Exclude<FileFate, { act: 'open' }> {
  if (file.kind === 'gone') return { act: 'refuse', path: file.path, remark: 'file_moved' }
  if (file.kind === 'none') {
    if (file.path === null) return { act: 'refuse', path: '', remark: 'no_file_of_its_own' }
    return isDevice(file.path, os) ? refuseDevice(file.path) : { act: 'show', path: file.path, why: null }
  }
  if (isDevice(file.path, os)) return refuseDevice(file.path)
  return { act: 'show', path: file.path, why: file.state === 'changed' ? 'changed' : null }
}

/** In the system's program for it, where nothing can come of that but that it is seen. */
export function opening(file: OwnFile, os: Os): FileFate {
  const shown = showing(file, os)
  if (shown.act === 'refuse' || file.kind !== 'file') return shown
  const instead = (why: FileReason): FileFate => ({ act: 'show', path: file.path, why })
  if (file.state === 'changed') return instead('changed')
  if (file.state === 'unknown') return instead('unread')
  if (isRemote(file.path, os) || isRemote(file.real, os)) return instead('remote')
  if (isMisleading(file.path, os) || isMisleading(file.real, os)) return instead('misleading_name')
  if (isDevice(file.real, os) || file.isScript || !isHarmless(file)) return instead('could_run')
  // Where the link leads, since that is what has been looked at.
  return { act: 'open', path: file.real, shown: file.path }
}

function refuseDevice(path: string): Extract<FileFate, { act: 'refuse' }> {
  return { act: 'refuse', path, remark: 'device_name' }
}

function isHarmless({ real, content }: { readonly real: string; readonly content: string | null }): boolean {
  if (content === null || !Object.hasOwn(harmless, content)) return false
  // Of the whole name, so that nothing may follow the extension, not even a space.
  const extension = /\.([a-z0-9]+)$/i.exec(real)?.[1]?.toLowerCase()
  return extension !== undefined && harmless[content]?.includes(extension) === true
}

const segmentsOf = (path: string, os: Os): readonly string[] => path.split(os === 'windows' ? /[\\/]/ : '/')

/** `\\server\share`, also as `\\?\UNC\server`: asking for it may send somebody's name and password hash to another machine. */
function isRemote(path: string, os: Os): boolean {
  return os === 'windows' && /^(?:[\\/]{2}(?![?.][\\/])|[\\/]{2}[?.][\\/]UNC[\\/])/i.test(path)
}

/** Names that Windows takes for devices wherever they stand, and paths that go past its file systems. */
function isDevice(path: string, os: Os): boolean {
  if (os !== 'windows') return false
  if (/^[\\/]{2}[?.][\\/](?!UNC[\\/]|[A-Za-z]:[\\/])/i.test(path)) return true
  return segmentsOf(path, os).some(segment =>
    /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:[.:\s]|$)/i.test(segment),
  )
}

/**
 * A name that people read otherwise than the system: text that runs backwards (`tx\u202egpj.exe`), characters that nobody sees, and on
 * Windows a dot or a space at the end, which is dropped there, or a stream behind a colon.
 */
function isMisleading(path: string, os: Os): boolean {
  if (/[\p{Cc}\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u.test(path)) return true
  if (os !== 'windows') return false
  return segmentsOf(path, os).some((segment, at) => /[. ]$/.test(segment) || (at > 0 && segment.includes(':')))
}
