import type { Family, TextFormat } from '../family.ts'
import { extractXml } from './extract-xml.ts'

const document: TextFormat = {
  reads: 'text',
  name: 'xml',
  reading: ['xml', 3],
  extensions: 'xml rss atom opml plist resx xlf xliff ttml dfxp fb2'.split(' '),
  read: extractXml,
  account: { isMarked: false, areLinesFolded: false },
}

/** XML of any vocabulary. */
export const xml: Family = {
  formats: [document],
  written: ({ head }) => (/^\s*<\?xml\s/i.test(head) ? document : null),
}
