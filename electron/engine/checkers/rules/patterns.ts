import { RE2JS } from 're2js'
import type { Said } from '../../../../shared/problems.ts'
import { bookLimits } from '../../../../shared/rules.ts'
import { type PreparedPattern, preparedBooks } from './prepared.ts'
import { readPattern } from './read-pattern.ts'

/** A pattern on normalised text, in an engine whose time grows with the text and no faster. */
export interface Pattern {
  engine(): RE2JS
  /** One of these stands in whatever it matches; null where nothing can be said. */
  readonly literals: readonly string[] | null
  /** Most units that it matches; null where it has no end, or looks at what is beside it. */
  readonly longest: number | null
}

export type CompiledPattern = (Pattern & { readonly text: string }) | { readonly problem: Said }

/** As it is compiled: a larger one costs more than its share for each character of each text. */
const mostInstructions = 3000

/** Enough for all books that are shipped, several times over. */
const mostKept = 5000
const kept = new Map<string, CompiledPattern>()

/** A pattern is compiled when its book is read, and again for each matcher: compiling costs more than all else about it. */
export function compilePattern(source: string): CompiledPattern {
  const known = kept.get(source)
  if (known !== undefined) return known
  const prepared = Object.hasOwn(preparedBooks().patterns, source) ? preparedBooks().patterns[source] : undefined
  const compiled = prepared === undefined ? compile(source) : compiledLater(prepared)
  if (kept.size >= mostKept) kept.clear()
  // One that is refused for its length is not kept.
  if (source.length <= bookLimits.patternLength) kept.set(source, compiled)
  return compiled
}

/** One that compiled when the program was built; most texts ask for few of them. */
function compiledLater({ text, literals, longest }: PreparedPattern): CompiledPattern {
  let engine: RE2JS | null = null
  const compiled = () => {
    engine ??= RE2JS.compile(text)
    return engine
  }
  return { text, engine: compiled, literals, longest }
}

function compile(source: string): CompiledPattern {
  if (source.length > bookLimits.patternLength) {
    return {
      problem: {
        zh: `表达式有 ${source.length} 个字符，最多 ${bookLimits.patternLength} 个。请拆成几条。`,
        en: `The pattern has ${source.length} characters; at most ${bookLimits.patternLength} are allowed. Split it into several.`,
      },
    }
  }
  const read = readPattern(source)
  if ('problem' in read) return read
  let engine: RE2JS
  try {
    engine = RE2JS.compile(read.text)
  } catch (error) {
    return { problem: refused(error) }
  }
  if (read.least === 0 || engine.matcher('').find()) {
    return {
      problem: {
        zh: '这个表达式可以什么都不匹配，那样处处都算命中。请去掉多余的 ?、* 或空的分支。',
        en: 'The pattern can match nothing at all, which would be everywhere. Remove a ?, a * or an empty branch.',
      },
    }
  }
  if (engine.programSize() > mostInstructions) {
    return {
      problem: {
        zh: '这个表达式展开后太大。请把重复次数（{…}）改小，或拆成几条。',
        en: 'The pattern is too large once it is compiled. Use smaller repetitions ({…}), or split it into several.',
      },
    }
  }
  return { text: read.text, engine: () => engine, literals: read.literals, longest: read.longest }
}

function refused(error: unknown): Said {
  const detail = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
  const ahead = /\(\?[=!]|\(\?<[=!]|named capture: `\(\?<[=!]/.test(detail)
  if (ahead) {
    return {
      zh: `表达式引擎不支持前后断言（(?=…)、(?!…)、(?<=…)、(?<!…)）。请改用 except、except-in-sentence 或 only-with。（${detail}）`,
      en: `The pattern looks ahead or behind, which the linear engine cannot do. Use except, except-in-sentence or only-with instead. (${detail})`,
    }
  }
  if (/invalid escape sequence: `\\[1-9k]/.test(detail)) {
    return {
      zh: `表达式引擎不支持反向引用。请把要重复的内容写出来。（${detail}）`,
      en: `The pattern refers back to a group, which the linear engine cannot do. Write out what is repeated. (${detail})`,
    }
  }
  return {
    zh: `表达式写法有误，或引擎（RE2 语法）不支持：${detail}`,
    en: `The pattern is malformed, or has something that the engine (RE2 syntax) does not know: ${detail}`,
  }
}
