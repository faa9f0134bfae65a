import type { Family } from '../family.ts'

const zipTypes =
  /^application\/(?:zip|epub\+zip|java-archive|vnd\.visio|vnd\.android|vnd\.openxmlformats-officedocument|vnd\.oasis\.opendocument|vnd\.ms-)/

/** The two containers that documents come in; what is inside tells the families whose they are. */
export const archives: Family = {
  formats: [],
  signed: (_, signature) => {
    if (signature === null) return null
    if (zipTypes.test(signature.mime)) return { kind: 'zip' }
    return signature.mime === 'application/x-cfb' ? { kind: 'compound' } : null
  },
}
