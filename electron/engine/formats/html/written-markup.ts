import { type Remark, remark } from '../../../../shared/remarks/index.ts'
import type { Piece } from '../documents/document.ts'
import { countMisleadingLinks } from '../text/links.ts'
import { createOmissions } from '../text/omissions.ts'
import { readStyle } from './css.ts'
import { extractHtml } from './extract-html.ts'
import type { HeldPictures } from './held-pictures.ts'

/**
 * What a text shows besides its words where a program takes it for more than a text: pictures of Markdown and its relatives, tags,
 * style sheets. Whether its name says so does not matter. What is marked as code is shown as it is written.
 */
export function readWrittenMarkup(
  written: string,
  held: HeldPictures | null = null,
): {
  readonly omitted: readonly Remark[]
  readonly notes: readonly Remark[]
  readonly pieces: readonly Piece[]
  readonly packedPieces: number
} {
  const omissions = createOmissions()
  const notes: Remark[] = []
  const text =
    /[<[]|::|\\(?:incl|pgf|inp|beg)|url\(|!\S|#image|\{[{%]|#\+INC|^(?:[\w-]{1,40}\.)?(?:PHOTO|LOGO|IMAGE|ATTACH|SOUND)[:;]|^@import/im.test(
      written,
    )
      ? withoutCode(written)
      : ''
  omissions.add('picture', { count: countPictures(held === null ? text : withoutHeld(text, held)) })
  for (const [, language = '', drawn = ''] of written.matchAll(drawnFence)) {
    if (/^(?:stl|geojson|topojson)$/i.test(language)) omissions.add('drawing')
    else omissions.add('picture', { count: Array.from(drawn.matchAll(drawnPicture)).length })
  }
  const covers = Array.from(
    (/^---\r?\n([\s\S]{0,20000}?)^---/m.exec(written.slice(0, 20_100))?.[1] ?? '').matchAll(cover),
  )
  if (written.startsWith('---') && covers.length > 0) notes.push(remark('picture_address', { count: covers.length }))
  const misleading = countMisleadingLinks(text)
  if (misleading > 0) notes.push(remark('misleading_link', { count: misleading }))
  if (/<[a-z!?]/i.test(text)) {
    const page = extractHtml(text, undefined, held)
    if (page.kind === 'failure') omissions.add('deep_markup')
    else {
      omissions.include(page.omitted)
      notes.push(...page.notes)
    }
  }
  if (/url\(/i.test(text) && /\{[^{}]{0,2000}:[^{}]{0,2000}url\(/i.test(text) && !/<style/i.test(text)) {
    omissions.add('picture', { count: readStyle(text, 'sheet').pictures })
  }
  return { omitted: omissions.list(), notes, pieces: held?.list() ?? [], packedPieces: held?.packed() ?? 0 }
}

/** Blocks of code that programs draw. */
const drawnFence =
  /^[ >\t]{0,20}(?:`{3,}|~{3,})[ \t]*\{?\.?(mermaid|plantuml|puml|uml|dot|graphviz|stl|geojson|topojson)\b[^\n]*\n((?:(?![ >\t]{0,20}(?:`{3}|~{3}))[^\n]*(?:\n|$))*)/gim
const drawnPicture = /\bimg:\s{0,9}["']|\bimage\s{0,9}=|<img\b|^\s{0,20}!include/gim
/** In the front matter of a page: the pictures that sites show with it. */
const cover = /^[ \t]*[\w-]{1,40}[ \t]*:[ \t]*["']?[^\s"']{1,500}\.(?:png|jpe?g|gif|webp|svg|bmp|avif)\b/gim

const pictures = [
  // Markdown, and the notes that are written in it.
  /!\[(?:[^[\]\n\\]|\\[^\n]|\n(?![ \t]*\n)|\[[^[\]\n]{0,200}\]){0,1000}\](?:\(|\[)/g,
  /!\[\[[^\]\n]{1,500}\]\]/g,
  // reStructuredText, AsciiDoc, Org, MediaWiki, Textile, BBCode, TeX, Typst.
  /^[ \t]*\.\.[ \t]+(?:\|[^|\n]{1,200}\|[ \t]+)?(?:image|figure)::[ \t]*\S/gm,
  /\bimage::?[^\s:[\]]{1,500}\[/g,
  /(?<!!)\[\[[^[\]\n:]{1,500}\.(?:png|jpe?g|gif|webp|svg|bmp|avif)\]/gi,
  /\[\[:?(?:file|image|文件|檔案|档案|图像|圖像):[^\]\n]{1,500}\]\]/gi,
  /(?:^|\s)![^\s!]{1,500}\.(?:png|jpe?g|gif|webp|svg|bmp|avif)(?:\([^()\n]{0,200}\))?!/gim,
  /\[img[^\]\n]{0,200}\]/gi,
  /\\(?:includegraphics|pgfimage|includepdf|(?:input|include)(?=\{)|begin\{(?:tikzpicture|pspicture|picture|filecontents\*?)\})(?![a-z])/g,
  /(?:^|\s)!https?:\/\/[^\s!]{1,500}!/gm,
  /(?<!!)\[\[https?:[^[\]\n]{1,500}\.(?:png|jpe?g|gif|webp|svg|bmp|avif)\]\]/gi,
  /^[ \t]*\.\.[ \t]+(?:include|video|youtube|literalinclude)::[ \t]*\S/gm,
  /\b(?:video|audio|include)::[^\s:[\]]{1,500}\[/g,
  /\[(?:media|flash|video|audio|attach|attachimg|movie|swf)(?:=[^\]\n]{0,200})?\][^[\n]/gi,
  /\[CQ:(?:image|record|video|cardimage|flash|xml|json|mface)\b/g,
  /\{\{[<%]\s*(?:figure|img|image|gallery|video|audio|youtube|vimeo|bilibili|tweet|instagram)\b/g,
  /\{%-?\s*(?:asset_img|img|image|picture|gallery|video|audio|youtube|vimeo|bilibili|embed|include\s+(?:image|img|figure|video|picture|gallery))\b/g,
  /@\[[\w-]{1,40}\]\(/g,
  /!(?:video|audio|image)\[[^\]\n]{0,200}\]\(/gi,
  /#image\(\s*["']/g,
  /^[ \t]*#\+INCLUDE:/gim,
  /<img:[^>\n]{1,300}>/gi,
  /<gallery\b/gi,
  /^@import\s+["']?[^"'\n]{1,300}\.(?:png|jpe?g|gif|webp|svg|bmp|avif)\b/gim,
  // What contacts and calendars carry or point to.
  /^(?:[\w-]{1,40}\.)?(?:PHOTO|LOGO|IMAGE|ATTACH|SOUND)(?:;[^:\n]{0,200})?:[ \t]*\S/gm,
]

function countPictures(text: string): number {
  let count = 0
  for (const pattern of pictures) for (const _ of text.matchAll(pattern)) count++
  // `![words]` is a picture where its address stands below.
  if (/!\[/.test(text) && /^[ ]{0,3}\[[^\]\n]{1,500}\]:[ \t]*\S/m.test(text)) {
    for (const _ of text.matchAll(/!\[[^\][\n]{1,500}\](?![([])/g)) count++
  }
  return count
}

/** Markdown's own picture, with its address and perhaps a title: `![words](<a b.png> "title")`. */
const inlinePicture =
  /!\[(?:[^[\]\n\\]|\\[^\n]){0,1000}\]\([ \t]*(?:<([^<>\n]{1,500})>|(data:image\/[^\s()<>]+|[^\s()<>]{1,500}))(?:[ \t]+(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))?[ \t]*\)/g

/** The text without the pictures that it brings along. */
function withoutHeld(text: string, held: HeldPictures): string {
  return text.replaceAll(inlinePicture, (all, bracketed: string | undefined, bare: string | undefined) =>
    held.take(bracketed ?? bare ?? '') ? '' : all,
  )
}

/** The text with its fenced and indented blocks of code and its spans of code left blank. */
function withoutCode(text: string): string {
  if (!/[`~]|^(?: {4}|\t)/m.test(text)) return text
  let fence: string | null = null
  let wasBlank = true
  let isCode = false
  let isInList = false
  const lines = text.split('\n').map(line => {
    const mark = /^[ >\t]{0,20}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== null) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = null
      return ''
    }
    if (mark !== undefined && !line.trim().slice(mark.length).includes('`')) {
      fence = mark
      return ''
    }
    const isBlank = line.trim() === ''
    const isIndented = /^(?: {4}|\t)/.test(line)
    if (/^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/.test(line)) isInList = true
    else if (!isBlank && !/^\s/.test(line) && wasBlank) isInList = false
    isCode = isBlank ? isCode : isIndented && !isInList && (wasBlank || isCode)
    wasBlank = isBlank
    return isCode ? '' : line.replace(/(?<!`)(`{1,20})(?!`)[^\n]{1,2000}?(?<!`)\1(?!`)/g, '')
  })
  return lines.join('\n')
}
