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
  readonly until: string | null
}

export interface WordList {
  readonly id: string
  readonly owner: string | null
  readonly entries: readonly ListEntry[]
}

/** A book of the lists, an entry a line, for people who go on editing it. Every value is quoted, whatever it looks like. */
export function listBook(id: string, title: string, severity: RuleSeverity, lists: readonly WordList[]): string {
  const name = `{zh: ${quoted(title)}, en: ${quoted(title)}}`
  const lines = ['format: 1', `book: ${quoted(id)}`, `title: ${name}`, 'lists:']
  for (const { id: list, owner, entries } of lists) {
    lines.push(`  - id: ${quoted(list)}`, `    title: ${name}`, `    severity: ${severity}`)
    if (owner !== null) lines.push(`    owner: ${quoted(owner)}`)
    lines.push('    entries:')
    for (const entry of entries) lines.push(`      - ${flow(entry)}`)
  }
  return `${lines.join('\n')}\n`
}

function flow({ word, variants, exceptions, note, suggestion, severity, until }: ListEntry): string {
  const fields = [
    `word: ${quoted(word)}`,
    ...(variants.length === 0 ? [] : [`variants: [${variants.map(quoted).join(', ')}]`]),
    ...(exceptions.length === 0 ? [] : [`except: [${exceptions.map(quoted).join(', ')}]`]),
    ...(note === null ? [] : [`note: ${quoted(note)}`]),
    ...(suggestion === null ? [] : [`suggest: ${quoted(suggestion)}`]),
    ...(severity === null ? [] : [`severity: ${severity}`]),
    ...(until === null ? [] : [`until: ${quoted(until)}`]),
  ]
  return `{${fields.join(', ')}}`
}

/** JSON's quotes are YAML's too; what cannot be seen is written as its number, since YAML forbids some of it and people overlook the rest. */
function quoted(value: string): string {
  return JSON.stringify(value.toWellFormed()).replace(unseen, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const unseen = /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff]/g
