import { describe, expect, test } from 'vitest'
import { identifyEntries } from '../../../electron/engine/formats/archives/identify-archive.ts'
import { readZipDirectory } from '../../../electron/engine/formats/archives/zip-archive.ts'
import { extractDocx } from '../../../electron/engine/formats/docx/extract-docx.ts'
import { hasWords, isPacked, literalsOfFormat } from '../../../electron/engine/formats/docx/office-vocabulary.ts'
import { readXml } from '../../../electron/engine/formats/xml/read-xml.ts'
import { docxOf, peekIn, wordBody, zipOf } from './zip-file.ts'

const field = (instruction: string) =>
  extractDocx(docxOf([], { 'word/document.xml': wordBody(`<w:p><w:fldSimple w:instr='${instruction}'/></w:p>`) }))
const tree = async (xml: string) => {
  try {
    readXml(xml)
  } catch {
    // What is not well-formed is refused, in its own time.
  }
}
const identify = async (relationships: string) => {
  const archive = zipOf({ '_rels/.rels': relationships, 'word/document.xml': relationships })
  const directory = readZipDirectory(archive)
  if (directory.kind === 'archive') await identifyEntries(directory.entries, peekIn(archive))
}

/** Processor time in milliseconds, the least of a few tries. */
async function costOf(run: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let count = 0; count < 4; count++) {
    const start = process.cpuUsage()
    await run()
    const { user, system } = process.cpuUsage(start)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}

describe('the time for foreign markup grows with its length and no faster, at its worst', () => {
  test.each<[string, string, (input: string) => unknown]>([
    ['open comments', '<!--', tree],
    ['open sections', '<![CDATA[', tree],
    ['open instructions', '<?a ', tree],
    ['attributes without a value', '<a b ', tree],
    ['attributes', " a='b'", input => tree(`<a${input}`)],
    ['references', '&', input => tree(`<a>${input}</a>`)],
    ['tips that are not closed', '\\o “', input => field(`HYPERLINK ${input}`)],
    ['blanks after a tip', '\\o    ', input => field(`HYPERLINK ${input}`)],
    ['relationships that are not closed', '<Relationship ', identify],
    ['prefixes', '<a:', identify],
    ['declarations', '<!', identify],
    ['quotes of a format', '"', literalsOfFormat],
    ['brackets of a format', '"茶"[', literalsOfFormat],
    ['digits', '1', input => hasWords(`${input}x`)],
    ['packed data', 'aB+/', isPacked],
  ])('%s', async (_, piece, run) => {
    const input = (bytes: number) => piece.repeat(bytes / piece.length)
    await run(input(1 << 12))
    const part = await costOf(() => run(input(1 << 14)))
    const whole = await costOf(() => run(input(1 << 18)))
    // Sixteen times as long: what is quadratic takes 256 times as long, and many seconds. A collector that runs for the tests before, which
    // share the process, is far from either.
    expect(whole).toBeLessThanOrEqual(Math.max(64 * part, 1000))
  })
})
