import { defaultTreeAdapter, parseFragment } from 'parse5'
import type { ExtractedText } from '../family.ts'
import { readStyle } from '../html/css.ts'
import { createOmissions } from '../text/omissions.ts'
import { createPassages } from '../text/passages.ts'
import { isForeign } from '../text/spellings.ts'
import { withoutOverrides } from './overrides.ts'

const timing = /^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}/
const settings = /(?:^|\s)(?:[XY][12]|vertical|line|position|size|align|region):\S*/gi
const comment = /^(?:NOTE|STYLE|REGION)(?:\s|$)/

/**
 * The text of SubRip and WebVTT cues. Only what is certainly not shown is left out: timings, the numbers before them,
 * the header and comment blocks of WebVTT, and markup. A damaged file therefore loses nothing.
 */
export function extractSubtitles(decoded: string): ExtractedText {
  const lines = decoded.split(/\r\n|\r|\n/)
  const isWebVtt = /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? '')
  const passages = createPassages()
  const omissions = createOmissions()
  const sheets: string[] = []
  let isInComment = false
  let isStyle = false
  lines.forEach((line, index) => {
    // In WebVTT a line of spaces does not end a block.
    const startsBlock = index === 0 || (isWebVtt ? lines[index - 1] : lines[index - 1]?.trim()) === ''
    if (startsBlock) {
      isInComment = isWebVtt && comment.test(line)
      isStyle = isInComment && line.startsWith('STYLE')
    }
    // Whatever a block is called, what follows times is shown.
    if (timing.test(line)) isInComment = isStyle = false
    if (/\{[^{}]{0,200}\\p[1-9]/.test(line)) omissions.add('drawing')
    if (/<img\b/i.test(line) && !isInComment) omissions.add('picture')
    const isNumber = /^\s*\d+\s*$/.test(line) && timing.test(lines[index + 1] ?? '')
    if (isStyle) sheets.push(line)
    if (isInComment || isNumber || (isWebVtt && index === 0)) return
    // Damaged files have words behind the times, and some programs show them.
    const shown = timing.test(line) ? line.replace(timing, '').replace(settings, '').trim() : line
    if (shown.trim() === '') return
    const position = { line: index + 1, column: 1 }
    passages.append(withoutMarkup(shown), position)
    passages.breakLine()
    const visible = shown.replace(hides(sheets) ? styledWords : tinyWords, '')
    if (visible !== shown && visible.trim() !== '') {
      passages.append(withoutMarkup(visible), position)
      passages.breakLine()
    }
  })
  const style = readStyle(sheets.filter(line => !/^STYLE\s*$/.test(line)).join('\n'), 'sheet')
  omissions.add('picture', { count: style.pictures })
  for (const words of style.texts) {
    passages.append(words, null)
    passages.breakLine()
  }
  const { text, anchors } = passages.finish()
  return { kind: 'extracted', text, format: 'subtitles', anchors, omitted: omissions.list(), notes: [] }
}

/** Whether a style may make a class of words invisible. */
function hides(sheets: readonly string[]): boolean {
  return sheets.some(line => /visibility|opacity|transparent|font-size|color/i.test(line))
}

const tinyWords =
  /<font\s[^<>]{0,100}?(?:size="?[01](?!\d)|color="?(?:transparent|#[\da-f]{6}00))[^<>]{0,100}>[^<>]{0,200}<\/font>/gi
const styledWords = new RegExp(`<(?:c\\.[^<>]{1,100}|[biu])>[^<>]{0,200}</[cbiu]>|${tinyWords.source}`, 'gi')

/** Tags that players know; they show any others as they are written. */
const knownTag = /<\/?(?:i|b|u|s|c|v|em|strong|font|lang|ruby|rp|span)(?:\.[^\s<>]*)?(?:\s[^<>]*)?>/gi

/** Tags, karaoke times, `{\an8}` and character references; the name of a speaker stays, for players show it. */
function withoutMarkup(line: string): string {
  const unstyled = withoutOverrides(line, /\{(\\[^{}]*)\}/g).replace(/<\d[\d:.]*>/g, '')
  if (!/[<&]/.test(unstyled)) return unstyled
  const aids: string[] = []
  const named = unstyled
    // The speaker stands before the line; players do not show it within.
    .replace(/<v(?:\.[^\s<>]*)?\s+([^<>]+)>/g, (_, speaker: string, offset: number) => {
      if (offset === 0) return `${speaker}: `
      aids.push(speaker)
      return ''
    })
    // Reading aids stand above the words and would tear them apart.
    .replace(/<rt>([^<>]*)<\/rt>/g, (_, aid: string) => {
      aids.push(aid)
      return ''
    })
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(knownTag, '')
  return decodeReferences(
    [named, ...(aids.length > 1 && aids.every(isForeign) ? [aids.join('')] : []), ...aids].join('\n'),
  )
}

function decodeReferences(text: string): string {
  const fragment = parseFragment(text.replaceAll('<', '&lt;'))
  return fragment.childNodes.map(node => (defaultTreeAdapter.isTextNode(node) ? node.value : '')).join('')
}
