import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Said } from '../../../shared/problems.ts'
import { issueWords } from '../base/issue-words.ts'
import type { Practice } from './practice.ts'
import { seededRandom } from './random.ts'

const positive = z.int().min(1)

const when = z.union([
  z.strictObject({ nth: positive }),
  z.strictObject({ every: positive }),
  z.strictObject({ probability: z.number().min(0).max(1) }),
  z.strictObject({ burst: z.strictObject({ from: positive, count: positive }) }),
  z.strictObject({ always: z.literal(true) }),
])

const finalFault = z.union([
  z.literal('reset'),
  /** A platform that finds nothing any more: checks are answered as if there were no hit. */
  z.literal('pass'),
  z.strictObject({ errcode: z.int(), errmsg: z.string().optional() }),
  z.strictObject({ http: z.int().min(300).max(599) }),
  z.strictObject({ garbage: z.enum(['text', 'html', 'empty', 'truncated', 'binary']) }),
  z.strictObject({ raw: z.string() }),
])

const delayMs = z.int().min(0).max(600_000)

const faultScriptFor = (endpoints: readonly string[]) =>
  z.strictObject({
    /** What the probabilities draw from; the same seed and the same calls give the same faults. */
    seed: z.int().min(0).default(1),
    rules: z.array(
      z.strictObject({
        endpoint: z.enum(endpoints),
        when,
        // biome-ignore lint/suspicious/noThenProperty: the script's own word, and never awaited
        then: z.union([finalFault, z.strictObject({ delayMs, then: finalFault.optional() })]),
      }),
    ),
  })

/** Faults that the sandbox plays, validated. See docs/sandbox.md for the words. */
export type FaultScript = z.output<ReturnType<typeof faultScriptFor>>
export type FinalFault = z.output<typeof finalFault>

export type FaultScriptReading =
  | { readonly kind: 'script'; readonly script: FaultScript }
  /** One sentence per problem, each naming the place in the script. */
  | { readonly kind: 'invalid'; readonly problems: readonly Said[] }

/** What a rule can be about: the endpoints of these practices, all of one platform, or all. */
type Scope = readonly Pick<Practice, 'platform' | 'endpoints'>[]

/** Reads a fault script from a JSON file. */
export async function readFaultScript(path: string, scope: Scope): Promise<FaultScriptReading> {
  try {
    return parseFaultScript(JSON.parse(await readFile(path, 'utf8')), scope)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const zh = error instanceof SyntaxError ? `${path} 不是合格的 JSON（${reason}）` : `${path} 读不了（${reason}）`
    return { kind: 'invalid', problems: [{ zh, en: `${path}: ${reason}` }] }
  }
}

export function parseFaultScript(input: unknown, scope: Scope): FaultScriptReading {
  const endpoints = scope.flatMap(practice => practice.endpoints.map(({ id }) => id))
  const wildcards = scope.map(({ platform }) => `${platform}.*`)
  const parsed = faultScriptFor([...endpoints, ...wildcards, '*']).safeParse(input)
  if (parsed.success) return { kind: 'script', script: parsed.data }
  return { kind: 'invalid', problems: parsed.error.issues.map(issue => problem(issue, input)) }
}

const whenForms =
  '{"nth": N}, {"every": N}, {"probability": 0…1}, {"burst": {"from": N, "count": N}} or {"always": true}'
const thenForms =
  '"reset", "pass", {"errcode": N, "errmsg"?: "…"}, {"http": 300…599}, {"garbage": "text"|"html"|"empty"|"truncated"|"binary"}, {"raw": "…"} or {"delayMs": 0…600000, "then"?: one of the others}'

function problem(issue: z.core.$ZodIssue, input: unknown): Said {
  const place = issue.path.map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  const found = JSON.stringify(issue.path.reduce<unknown>(inside, input)) ?? 'nothing'
  // A union says only that nothing fitted; a person wants to know what would.
  const forms = issue.path.at(-1) === 'when' ? whenForms : issue.path.at(-1) === 'then' ? thenForms : null
  const words =
    forms === null
      ? issueWords(issue)
      : {
          zh: `应为 ${forms.replace(' or ', ' 或 ').replace('one of the others', '其余任一种')}`,
          en: `must be ${forms}`,
        }
  return {
    zh: `script${place}：${words.zh}，现在是 ${found.slice(0, 120)}`,
    en: `script${place}: ${words.en}, but is ${found.slice(0, 120)}`,
  }
}

function inside(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** What to do to one call: wait, then play the fault or, without one, answer as usual. */
export interface PlannedFault {
  readonly delayMs: number
  readonly fault: FinalFault | null
}

/**
 * Decides for each call in the order of arrival. Every rule counts the calls to its endpoint by itself; the first rule
 * with a final fault wins, and bare delays before it add up.
 */
export function createFaultPlanner(script: FaultScript): (endpoint: string) => PlannedFault {
  const rules = script.rules.map((rule, index) => ({
    rule,
    calls: 0,
    // A generator of its own, so that a rule draws the same whatever rules stand beside it.
    random: seededRandom(script.seed + Math.imul(index, 0x9e3779b1)),
  }))
  return endpoint => {
    let delayMs = 0
    let fault: FinalFault | null = null
    for (const state of rules) {
      if (!isFor(state.rule.endpoint, endpoint)) continue
      state.calls += 1
      const isDue = fires(state.rule.when, state.calls, state.random)
      if (!isDue || fault !== null) continue
      const { then } = state.rule
      if (typeof then === 'object' && 'delayMs' in then) {
        delayMs += then.delayMs
        fault = then.then ?? null
      } else {
        fault = then
      }
    }
    return { delayMs, fault }
  }
}

function isFor(pattern: FaultScript['rules'][number]['endpoint'], endpoint: string): boolean {
  if (pattern === '*') return true
  return pattern.endsWith('.*') ? endpoint.startsWith(pattern.slice(0, -1)) : pattern === endpoint
}

function fires(when: FaultScript['rules'][number]['when'], call: number, random: () => number): boolean {
  if ('nth' in when) return call === when.nth
  if ('every' in when) return call % when.every === 0
  if ('probability' in when) return random() < when.probability
  if ('burst' in when) return call >= when.burst.from && call < when.burst.from + when.burst.count
  return when.always
}
