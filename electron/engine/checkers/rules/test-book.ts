import type { BookProblem } from '../../../../shared/rules.ts'
import type { Book, Example, Rule } from './book.ts'
import { compileBooks } from './compile.ts'

/** Runs the examples of every rule, also of those that are not in force: each text that comes out otherwise than it should is a problem. */
export async function testBook(book: Book): Promise<readonly BookProblem[]> {
  const problems: BookProblem[] = []
  const rules = book.rules.filter(rule => !isPlainWord(rule))
  // What is within an exception or a condition is asked of its own rule only, so that the others need not be compiled.
  if (rules.length === 0) return problems
  const matcher = await compileBooks([{ ...book, rules }], { scopes: null, today: null })
  const tell = ({ text: { rule } }: Rule, { text, line, column }: Example, zh: string, en: string) => {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
    problems.push({
      level: 'error',
      line,
      column,
      rule,
      message: { zh: `${zh}：“${shown}”。请改规则或例句。`, en: `${en}: "${shown}". Change the rule or the example.` },
    })
  }
  for (const rule of rules) {
    const isHit = ({ text }: Example) => matcher.find(text).hits.some(hit => hit.rule.rule === rule.text.rule)
    for (const example of rule.examples.hit) {
      if (!isHit(example)) tell(rule, example, '应命中的例句没有命中', 'An example that must be hit is not')
    }
    for (const example of rule.examples.miss) {
      if (isHit(example)) tell(rule, example, '不应命中的例句命中了', 'An example that must not be hit is')
    }
  }
  return problems
}

/** A word that is its only example, with nothing that could keep it from being hit: there is nothing to try. */
function isPlainWord({ words, examples, ...rule }: Rule): boolean {
  const { except, exceptInSentence, exceptInText, onlyWith, requires } = rule
  const conditions = [except, exceptInSentence, exceptInText, onlyWith, requires]
  return (
    examples.miss.length === 0 &&
    examples.hit.every(({ text }) => words.includes(text)) &&
    conditions.every(({ length }) => length === 0)
  )
}
