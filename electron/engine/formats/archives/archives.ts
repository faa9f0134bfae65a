import type { ArchiveFormat, Family } from '../family.ts'

const zipTypes =
  /^application\/(?:zip|epub\+zip|java-archive|vnd\.visio|vnd\.android|vnd\.openxmlformats-officedocument|vnd\.oasis\.opendocument|vnd\.ms-)/

export const zip: ArchiveFormat = { reads: 'archive', name: 'zip', shownAs: ['ZIP'] }

/** Folders in one file; and the two containers that documents come in, where what is inside tells whose they are. */
export const archives: Family = {
  formats: [zip],
  signed: (_, signature) => {
    if (signature === null) return null
    if (zipTypes.test(signature.mime)) return { kind: 'zip' }
    return signature.mime === 'application/x-cfb' ? { kind: 'compound' } : null
  },
}
