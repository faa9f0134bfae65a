import type { Failure } from '../../../../shared/conclusion.ts'
import type { DocumentFile } from '../documents/document.ts'
import type { PackedArchive } from './packed-archive.ts'

/** Formats that are listed and unpacked in a child, by their names; each reader is loaded when its first archive is met. */
const readers: Readonly<Record<string, (path: string, file: DocumentFile) => Promise<PackedArchive | Failure>>> = {
  rar: async (path, file) => (await import('./rar.ts')).openRar(path, file),
  gz: async (path, file) => (await import('./gzip.ts')).openGzip(path, file),
  mail: async (_, file) => (await import('../mail/mail-attachments.ts')).openAttachments(file),
  '7z': async (_, file) => (await import('./seven-zip.ts')).openSevenZip(file),
}

/** Throws for a format that is none of these, and what reading throws. */
export async function openPacked(format: string, path: string, file: DocumentFile): Promise<PackedArchive | Failure> {
  const open = readers[format]
  if (open === undefined) throw new Error(`no reader of ${format} archives`)
  return await open(path, file)
}
