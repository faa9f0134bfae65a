import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parseFragment } from 'parse5'
import type { ExtractedText } from './extract-text.ts'
import { createPassages } from './passages.ts'

const timing = /^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}/
const comment = /^(?:NOTE|STYLE|REGION)(?:\s|$)/

/**
 * The text of SubRip and WebVTT cues. Only what is certainly not shown is left out: timings, the numbers before them,
 * the header and comment blocks of WebVTT, and markup. A damaged file therefore loses nothing.
 */
export function extractSubtitles(decoded: string): ExtractedText {
  const lines = decoded.split(/\r\n|\r|\n/)
  const isWebVtt = /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? '')
  const passages = createPassages()
  let isInComment = false
  lines.forEach((line, index) => {
    const startsBlock = index === 0 || lines[index - 1]?.trim() === ''
    if (startsBlock) isInComment = isWebVtt && comment.test(line)
    const isNumber = /^\s*\d+\s*$/.test(line) && timing.test(lines[index + 1] ?? '')
    if (isInComment || isNumber || timing.test(line) || (isWebVtt && index === 0)) return
    if (line.trim() === '') return
    passages.append(withoutMarkup(line), { line: index + 1, column: 1 })
    passages.breakLine()
  })
  const { text, anchors } = passages.finish()
  return { kind: 'extracted', text, format: 'subtitles', anchors, omitted: [] }
}

/** Tags, karaoke times, `{\an8}` and character references; the name of a speaker stays, for players show it. */
function withoutMarkup(line: string): string {
  const unstyled = line.replace(/\{\\[^{}]*\}/g, '').replace(/<\d[\d:.]*>/g, '')
  if (!/[<&]/.test(unstyled)) return unstyled
  const named = unstyled.replace(/<v(?:\.[^\s<>]*)?\s+([^<>]+)>/g, '$1: ')
  return textOf(parseFragment(named))
}

function textOf(fragment: DefaultTreeAdapterTypes.DocumentFragment): string {
  const stack: DefaultTreeAdapterTypes.ChildNode[] = fragment.childNodes.toReversed()
  let text = ''
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (defaultTreeAdapter.isTextNode(node)) text += node.value
    else if (defaultTreeAdapter.isElementNode(node)) stack.push(...node.childNodes.toReversed())
  }
  return text
}
