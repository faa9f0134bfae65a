import { createScanner, type ParseError, printParseErrorCode, visit } from 'jsonc-parser'
import type { Failure } from '../../../shared/conclusion.ts'
import type { ExtractedText } from './extract-text.ts'
import { inputFailure } from './input-failure.ts'
import { createPassages } from './passages.ts'
import { createLineIndex } from './positions.ts'

/**
 * The string values of a JSON file (comments and trailing commas allowed), one per line, and the keys that are words rather than
 * identifiers. A file that is not valid JSON is refused: what a lenient reader skips would not have been screened.
 */
export function extractJson(json: string): ExtractedText | Failure {
  if (nestingOf(json) > maxNesting) {
    return inputFailure('too_large', `the JSON nests more than ${maxNesting} levels`)
  }
  const positionAt = createLineIndex(json)
  const passages = createPassages()
  let firstError: ParseError | undefined
  const append = (value: string, offset: number) => {
    const { line, column } = positionAt(offset)
    // One past the quotation mark, where the words begin.
    passages.append(value, { line, column: column + 1 })
    passages.breakLine()
  }
  visit(
    json,
    {
      onObjectProperty: (name, offset) => {
        if (!isIdentifier.test(name)) append(name, offset)
      },
      onLiteralValue: (value: unknown, offset) => {
        if (typeof value === 'string') append(value, offset)
      },
      onError: (error, offset, length) => {
        firstError ??= { error, offset, length }
      },
    },
    { allowTrailingComma: true, allowEmptyContent: true },
  )
  if (firstError !== undefined) {
    const { line, column } = positionAt(firstError.offset)
    return inputFailure(
      'undecodable_text',
      `not valid JSON: ${printParseErrorCode(firstError.error)} at line ${line}, column ${column}`,
    )
  }
  const { text, anchors } = passages.finish()
  return { kind: 'extracted', text, format: 'json', anchors, omitted: [] }
}

const isIdentifier = /^[\w$.:/@-]*$/

/** The parser recurses; a file of brackets must not end the process. */
const maxNesting = 500

function nestingOf(json: string): number {
  const scanner = createScanner(json, true)
  let depth = 0
  let deepest = 0
  while (scanner.getPosition() < json.length) {
    scanner.scan()
    const token = scanner.getTokenLength() === 1 ? json[scanner.getTokenOffset()] : undefined
    if (token === '{' || token === '[') {
      depth++
      if (depth > deepest) deepest = depth
    } else if (token === '}' || token === ']') {
      depth--
    }
  }
  return deepest
}
