import type { Failure } from '../../../shared/conclusion.ts'
import type { ExtractedText } from './extract-text.ts'
import { inputFailure } from './input-failure.ts'
import { createOmissions } from './omissions.ts'
import { createPassages } from './passages.ts'
import { createLineIndex } from './positions.ts'
import { readMarkup } from './read-markup.ts'
import { readXml, type XmlElement, XmlError, type XmlNode } from './read-xml.ts'

/**
 * The texts and attribute values of an XML file with its references decoded, in lines as the elements suggest. What it is for is not
 * known here, so nothing is left out but names, comments and addresses. A file that is not well-formed is refused.
 */
export function extractXml(xml: string): ExtractedText | Failure {
  const positionAt = createLineIndex(xml)
  let root: XmlElement
  try {
    root = readXml(xml)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    const { line, column } = positionAt(error.offset)
    return inputFailure('undecodable_text', `not valid XML: ${error.message} at line ${line}, column ${column}`)
  }
  const passages = createPassages()
  const omissions = createOmissions()
  if (/<\?xml-stylesheet/i.test(xml)) omissions.add('adding_style')
  const beside: { readonly value: string; readonly offset: number }[] = []

  const append = (value: string, offset: number) => {
    passages.append(value, positionAt(offset))
    const markup = readMarkup(value, omissions)
    if (markup !== null) beside.push({ value: markup, offset })
  }
  const endLine = () => {
    passages.breakLine()
    for (const { value, offset } of beside.splice(0)) {
      passages.append(value, positionAt(offset))
      passages.breakLine()
    }
  }
  const visit = (element: XmlElement, isInline: boolean) => {
    if (!isInline) endLine()
    if (element.local === 'svg') omissions.add('drawing')
    for (const { local, value, offset } of element.attributes) {
      if (isWorded(local, value)) beside.push({ value, offset })
    }
    const isMixed = element.children.some(isVisibleText)
    for (const child of element.children) {
      if (child.kind === 'element') visit(child, isMixed)
      else if (isMixed) append(child.value, child.offset)
    }
    if (!isInline) endLine()
  }
  visit(root, false)
  endLine()
  const { text, anchors } = passages.finish()
  return { kind: 'extracted', text, format: 'xml', anchors, omitted: omissions.list(), notes: [] }
}

function isVisibleText(node: XmlNode): boolean {
  return node.kind === 'text' && node.value.trim() !== ''
}

/** Addresses and numbers are no words. */
function isWorded(name: string, value: string): boolean {
  return name !== 'xmlns' && /\p{L}/u.test(value) && !/^(?:[a-z][a-z\d+.-]*:\/\/|urn:)[\x21-\x7e]*$/i.test(value)
}
