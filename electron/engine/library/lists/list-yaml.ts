import type { RuleSeverity } from '../../../../shared/rules.ts'

/** One word of a list. */
export interface ListEntry {
  readonly word: string
  readonly variants: readonly string[]
  readonly exceptions: readonly string[]
  readonly note: string | null
  readonly suggestion: string | null
  /** Null for the list's own. */
  readonly severity: RuleSeverity | null
  readonly owner: string | null
  readonly until: string | null
}

/** What a list says of a word that names no severity. */
export const listSeverity: RuleSeverity = 'forbidden'

/** A book of one list, an entry a line, for people who go on editing it. Every value is quoted, whatever it looks like; what an entry has in common with its list is said there. */
export function listBook(id: string, title: string, entries: readonly ListEntry[]): string {
  const lines = [
    'format: 1',
    `book: ${/^[a-z]/.test(id) && !constants.has(id) ? id : quoted(id)}`,
    `title: ${quoted(title)}`,
    'lists:',
    '  - id: words',
    `    title: ${quoted(title)}`,
    `    severity: ${listSeverity}`,
    '    entries:',
    ...entries.map(entry => `    - ${flow(entry)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Ids that YAML would take for something else. */
const constants = new Set(['true', 'false', 'null'])

function flow({ word, variants, exceptions, note, suggestion, severity, owner, until }: ListEntry): string {
  const fields = [
    `word: ${quoted(word)}`,
    ...(variants.length === 0 ? [] : [`variants: [${variants.map(quoted).join(', ')}]`]),
    ...(exceptions.length === 0 ? [] : [`except: [${exceptions.map(quoted).join(', ')}]`]),
    ...(note === null ? [] : [`note: ${quoted(note)}`]),
    ...(suggestion === null ? [] : [`suggest: ${quoted(suggestion)}`]),
    ...(severity === null || severity === listSeverity ? [] : [`severity: ${severity}`]),
    ...(owner === null ? [] : [`owner: ${quoted(owner)}`]),
    ...(until === null ? [] : [`until: ${quoted(until)}`]),
  ]
  return fields.length === 1 ? quoted(word) : `{${fields.join(', ')}}`
}

/** JSON's quotes are YAML's too; what cannot be seen is written as its number, since YAML forbids some of it and people overlook the rest. */
function quoted(value: string): string {
  return JSON.stringify(value.toWellFormed()).replace(
    unseen,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const unseen = /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]/g
