import type { ExtractedText, Family, TextFormat } from '../family.ts'
import { createHeldPictures } from '../html/held-pictures.ts'
import { readWrittenMarkup } from '../html/written-markup.ts'

function read(decoded: string): ExtractedText {
  return {
    kind: 'extracted',
    text: decoded,
    format: 'plain',
    anchors: null,
    ...readWrittenMarkup(decoded, createHeldPictures()),
  }
}

/** Everything that has no format of its own. */
export const plain: TextFormat = {
  reads: 'text',
  name: 'plain',
  reading: ['plain', 3],
  shownAs: ['TXT'],
  extensions: [],
  read,
  account: { isMarked: true, areLinesFolded: false },
}

/** Text whose lines end where its writer liked, as in Markdown. */
const markup: TextFormat = {
  reads: 'text',
  name: 'markup',
  reading: ['markup', 3],
  shownAs: ['MD'],
  extensions: 'md markdown mdown mkd mdx rst adoc asciidoc org tex textile wiki mediawiki yaml yml ics vcf'.split(' '),
  read,
  account: { isMarked: true, areLinesFolded: true },
}

/** Text that people write as it stands, with whatever marks. */
export const text: Family = {
  formats: [plain, markup],
  familiar: { kind: 'text', extensions: ['txt', 'md'] },
}
