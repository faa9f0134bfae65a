import { createHash } from 'node:crypto'
import { failure } from '../../../../shared/conclusion.ts'
import { detailOf } from '../../base/detail.ts'
import { faultName } from '../../base/fault.ts'
import { type LocalChecker, type LocalConclusion, localTextEndpoint } from '../local-checker.ts'
import { noRuleApplies } from './compile.ts'
import type { MatcherGiven } from './matcher-work.ts'
import { createRuleMatcher, type RuleMatcher } from './rule-matcher.ts'

const name = { zh: '规则', en: 'Rules' }

/** A text is looked at as a whole: what is required of it may stand anywhere. */
const textLimit = { unit: 'utf16', max: 2 ** 30 } as const

/** Rule books as a source of verdicts: no account, no network. As it is it has no books; a batch opens it with some. */
export const rules: LocalChecker = {
  ...withEndpoint('', null),
  openedFor: async (options, context) => {
    const books = await context.books(options.books)
    const matcher = await matcherOf({ books, scopes: options.scopes, today: context.today() })
    if (matcher.applied === 0) throw noRuleApplies()
    return {
      ...withEndpoint(matcher.version, matcher.mustFlag),
      inspect: ({ part }, signal) => inspect(matcher, part.kind === 'text' ? part.text : null, signal),
    }
  },
  inspect: async () => failure('BUG', 'internal_error', detailOf('wrong_endpoint', { name: 'rules.text' })),
}

function withEndpoint(version: string, mustFlag: string | null) {
  const endpoint = localTextEndpoint({
    id: 'rules.text',
    name: { zh: '规则：文本', en: 'Rules: text' },
    textLimit,
    version,
    mustFlag,
  })
  return {
    id: 'rules',
    needs: 'nothing',
    name,
    endpoints: [endpoint],
    endpointFor: (kind: string) => (kind === 'text' ? endpoint : null),
  } as const
}

async function inspect(matcher: RuleMatcher, text: string | null, signal: AbortSignal): Promise<LocalConclusion> {
  if (text === null) return failure('BUG', 'internal_error', detailOf('wrong_endpoint', { name: 'rules.text' }))
  try {
    const { hits, more } = await matcher.find(text, signal)
    return {
      kind: 'looked',
      hits: hits.map(({ rule, bookVersion, range, matched }) => ({ rule, bookVersion, range, matched })),
      more,
    }
  } catch (error) {
    signal.throwIfAborted()
    return failure('BUG', 'internal_error', faultName(error))
  }
}

/** Batches that begin one after the other mostly go by the same books: their thread is the same too. */
const mostKept = 4
const kept = new Map<string, Promise<RuleMatcher>>()

function matcherOf(given: MatcherGiven): Promise<RuleMatcher> {
  const key = createHash('sha256').update(JSON.stringify([given.scopes, given.today]))
  for (const book of given.books) key.update(createHash('sha256').update(book).digest())
  const id = key.digest('hex')
  const known = kept.get(id)
  if (known !== undefined) return known
  const made = createRuleMatcher(given)
  kept.set(id, made)
  made.catch(() => kept.delete(id))
  for (const [oldest] of kept) if (kept.size > mostKept) kept.delete(oldest)
  return made
}
