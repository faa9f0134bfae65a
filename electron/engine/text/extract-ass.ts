import type { ExtractedText } from './extract-text.ts'
import { createOmissions } from './omissions.ts'
import { withoutOverrides } from './overrides.ts'
import { createPassages } from './passages.ts'

/** Lines that say how it looks. Comments, actors and whatever else is not known stay. */
const silent =
  /^(?:\[.*\]$|;|Format:|Style:|(?:ScriptType|PlayRes[XY]|WrapStyle|ScaledBorderAndShadow|Collisions|Timer|YCbCr Matrix):)/i
const event = /^(?:Dialogue|Comment):/i
/** Fields before the text where no Format line says otherwise. */
const usualFields = 9

/** The words of Advanced SubStation subtitles, without the override tags between them, which cut words. */
export function extractAss(decoded: string): ExtractedText {
  const passages = createPassages()
  const omissions = createOmissions()
  let fieldsBeforeText = usualFields
  let section = ''
  decoded.split(/\r\n|\r|\n/).forEach((line, index) => {
    const written = line.trim()
    section = /^\[(.*)\]$/.exec(written)?.[1]?.toLowerCase() ?? section
    if (section === 'events' && /^Format:/i.test(written)) fieldsBeforeText = written.split(',').length - 1
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
    if (/\\p[1-9]|\\[1-4]img\(/.test(text)) omissions.add('drawing')
    passages.append(withoutOverrides(text, /\{([^{}]*)\}/g), { line: index + 1, column: line.length - text.length + 1 })
    passages.breakLine()
  })
  const { text, anchors } = passages.finish()
  return { kind: 'extracted', text, format: 'subtitles', anchors, omitted: omissions.list(), notes: [] }
}
