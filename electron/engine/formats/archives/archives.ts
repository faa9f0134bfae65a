import type { ArchiveFormat, Family } from '../family.ts'

const zipTypes =
  /^application\/(?:zip|epub\+zip|java-archive|vnd\.visio|vnd\.android|vnd\.openxmlformats-officedocument|vnd\.oasis\.opendocument|vnd\.ms-(?!asf|cab|htmlhelp|outlook))/

export const zip: ArchiveFormat = { reads: 'archive', name: 'zip', shownAs: ['ZIP'] }

const rar: ArchiveFormat = { reads: 'archive', name: 'rar', shownAs: ['RAR'] }
const sevenZip: ArchiveFormat = { reads: 'archive', name: '7z', shownAs: ['7Z'] }
const tar: ArchiveFormat = { reads: 'archive', name: 'tar', shownAs: ['TAR'] }
const gzip: ArchiveFormat = { reads: 'archive', name: 'gz', shownAs: ['GZ'] }

/** Folders in one file; and the two containers that documents come in, where what is inside tells whose they are. */
export const archives: Family = {
  formats: [zip, rar, sevenZip, tar, gzip],
  signed: (_, signature) => {
    if (signature === null) return null
    if (zipTypes.test(signature.mime)) return { kind: 'zip' }
    if (/^application\/(?:x-rar-compressed|vnd\.rar)$/.test(signature.mime)) return { kind: 'format', format: rar }
    if (signature.mime === 'application/x-7z-compressed') return { kind: 'format', format: sevenZip }
    if (signature.mime === 'application/x-tar') return { kind: 'format', format: tar }
    if (signature.mime === 'application/gzip') return { kind: 'format', format: gzip }
    return signature.mime === 'application/x-cfb' ? { kind: 'compound' } : null
  },
}
