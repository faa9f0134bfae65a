import type { ExtractedText } from '../family.ts'
import { createOmissions } from '../text/omissions.ts'
import { createPassages } from '../text/passages.ts'
import { withoutOverrides } from './overrides.ts'

/** Lines that say how it looks. Comments, actors and whatever else is not known stay. */
const silent =
  /^(?:\[.*\]$|;|Format:|Style:|(?:ScriptType|PlayRes[XY]|WrapStyle|ScaledBorderAndShadow|Collisions|Timer|YCbCr Matrix):)/i
const event = /^(?:Dialogue|Comment):/i
/** Shapes in coordinates, also as the hole that a letter is seen through. */
const drawing = /\\\s{0,9}(?:p\s{0,9}[1-9]|[1-4]img\s{0,9}\(|i?clip\s{0,9}\([^()]{0,99}\bm\s)/i
/** Where a line is put on the picture: what stands side by side at one time is read from left to right. */
const place = /\\(?:pos|move)\s*\(\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)/i
const mostPlacedUnits = 20
const rowHeight = 12
/** Fields before the text where no Format line says otherwise. */
const usualFields = 9

/** The words of Advanced SubStation subtitles, without the override tags between them, which cut words. */
export function extractAss(decoded: string): ExtractedText {
  const passages = createPassages()
  const omissions = createOmissions()
  let fieldsBeforeText = usualFields
  let section = ''
  const placed = new Map<string, { readonly text: string; readonly x: number; readonly row: number }[]>()
  decoded.split(/\r\n|\r|\n/).forEach((line, index) => {
    const written = line.trim()
    section = /^\[(.*)\]$/.exec(written)?.[1]?.toLowerCase() ?? section
    if (section === 'events' && /^Format:/i.test(written)) {
      // All that follows belongs to the text, whatever fields are named behind it.
      const fields = written.slice('Format:'.length).split(',')
      const named = fields.findIndex(field => field.trim().toLowerCase() === 'text')
      fieldsBeforeText = named < 0 ? fields.length - 1 : named
    }
    if (written === '' || silent.test(written)) return
    if (section === 'graphics' || section === 'fonts') {
      // The bytes of files, written in letters.
      if (/^(?:filename|fontname):/i.test(written)) omissions.add('attached_file')
      return
    }
    if (/^(?:Picture|Movie|Sound|Command):/i.test(written)) omissions.add('attached_file')
    if (!event.test(written)) {
      passages.append(written, { line: index + 1, column: 1 })
      passages.breakLine()
      return
    }
    const text = written.split(',').slice(fieldsBeforeText).join(',')
    if (drawing.test(text)) omissions.add('drawing')
    const shown = withoutOverrides(text, /\{([^{}]*)\}/g)
    passages.append(shown, { line: index + 1, column: line.length - text.length + 1 })
    passages.breakLine()
    const [, x, y] = place.exec(text) ?? []
    if (x !== undefined && y !== undefined && shown.length <= mostPlacedUnits && !shown.includes('\n')) {
      const times = written.split(',').slice(1, 3).join()
      const group = placed.get(times)
      const word = { text: shown, x: Number(x), row: Math.round(Number(y) / rowHeight) }
      if (group === undefined) placed.set(times, [word])
      else group.push(word)
    }
  })
  for (const words of placed.values()) {
    const line = words.toSorted((a, b) => a.row - b.row || a.x - b.x).map(word => word.text)
    if (!/\p{Script=Han}\n\p{Script=Han}/u.test(line.join('\n'))) continue
    passages.append(line.join(''), null)
    passages.breakLine()
  }
  const { text, anchors } = passages.finish()
  return { kind: 'extracted', text, format: 'subtitles', anchors, omitted: omissions.list(), notes: [] }
}
