import type { EndpointId } from './domain.ts'
import { type FailureCode, failureText } from './failures.ts'
import type { Language } from './language.ts'

/**
 * What the day's control check of an endpoint came to. A platform that answers 0 to everything passes everything: a no-hit is backed
 * only by an endpoint that is seen to flag something. `impossible` where there is nothing known to be flagged.
 */
export const controlStates = ['flagged', 'clean', 'unknown', 'impossible'] as const
export type ControlState = (typeof controlStates)[number]

/** What is sent: the platform's documented test string, a keyword or a picture that the profile names; nothing where a push answers. */
export const controlMeans = ['test_string', 'keyword', 'picture', 'push'] as const
export type ControlMeans = (typeof controlMeans)[number]

export interface ControlView {
  /** Id of the profile. */
  readonly profile: string
  readonly endpoint: EndpointId
  readonly version: string
  readonly means: ControlMeans
  readonly state: ControlState
  /** Why it is not known. */
  readonly reason: FailureCode | null
  readonly detail: string | null
  /** When that was found out, in milliseconds since the epoch. */
  readonly at: number
}

/** From the worst: what was let through is worse than what was not asked. */
const urgency: readonly ControlState[] = ['clean', 'unknown', 'impossible', 'flagged']

/** What stands behind a no-hit of several endpoints; null of none. */
export function worstControl(states: readonly ControlState[]): ControlState | null {
  return urgency.find(state => states.includes(state)) ?? null
}

/**
 * One for each profile and endpoint, of all in the order in which they were made: the worst, but what was not known and then found out
 * counts as what was found out.
 */
export function mergeControls(made: readonly ControlView[]): readonly ControlView[] {
  const keyOf = (view: ControlView) => `${view.profile} ${view.endpoint}`
  const lastAnswers = new Map(made.flatMap((view, index) => (view.state === 'unknown' ? [] : [[keyOf(view), index]])))
  const merged = new Map<string, ControlView>()
  for (const [index, view] of made.entries()) {
    const key = keyOf(view)
    if (view.state === 'unknown' && index < (lastAnswers.get(key) ?? -1)) continue
    const before = merged.get(key)
    if (before === undefined || urgency.indexOf(view.state) <= urgency.indexOf(before.state)) merged.set(key, view)
  }
  return [...merged.values()]
}

/** What it means for the batch, and what to do. */
export function controlSentence(view: Omit<ControlView, 'profile' | 'at'>, language: Language): string {
  const { endpoint, version, means, state, reason } = view
  const t = words[language]
  const name = `${endpoint} (${version})`
  switch (state) {
    case 'flagged':
      return t.flagged(name, t.means[means])
    case 'clean':
      return t.clean(name, t.means[means], t.clues[means])
    case 'unknown':
      return t.unknown(name, reason === null ? '' : failureText(reason, language))
    case 'impossible':
      return t.impossible(name, t.lacks[means])
  }
}

const words = {
  zh: {
    means: { test_string: '自己公布的测试文本', keyword: '档案里的对照关键词', picture: '对照图片', push: '' },
    clues: {
      test_string: '请人工复核，或换用平台仍在更新的接口（微信文本 2.0，需在档案里填写 OpenID）。',
      keyword: '请到平台后台核对自定义关键词是否生效，并人工复核。',
      picture: '请核对对照图片，并人工复核。',
      push: '',
    },
    lacks: {
      test_string: '',
      keyword: '档案里没有对照关键词。请在平台后台设一个自定义关键词，再填进档案。',
      picture: '档案里没有对照图片。请在档案里指定一张平台必定检出的图片。',
      push: '异步检查的结论以推送送达，没有对照检查。',
    },
    flagged: (name: string, means: string) => `${name}：平台检出了${means}，“未命中”有依据。`,
    clean: (name: string, means: string, clue: string) => `${name}：平台放过了${means}，“未命中”没有依据。${clue}`,
    unknown: (name: string, why: string) =>
      `${name}：对照检查没有完成，不知道这个接口今天能否检出，“未命中”没有依据；下一个批次会再试。${why}`,
    impossible: (name: string, why: string) => `${name}：没有做对照检查，不知道这个接口能否检出。${why}`,
  },
  en: {
    means: {
      test_string: 'its own test string',
      keyword: "the profile's control keyword",
      picture: 'the control image',
      push: '',
    },
    clues: {
      test_string:
        'Review by hand, or use an API that is still updated (WeChat text version 2, with an OpenID in the profile).',
      keyword: "Check that the custom keyword is in force in the platform's console, and review by hand.",
      picture: 'Check the control image, and review by hand.',
      push: '',
    },
    lacks: {
      test_string: '',
      keyword:
        "The profile has no control keyword. Set up a custom keyword in the platform's console and enter it in the profile.",
      picture: 'The profile has no control image. Name one there that the platform is sure to flag.',
      push: 'An asynchronous check is answered by a push, and has no control.',
    },
    flagged: (name: string, means: string) => `${name}: the platform flagged ${means}; a no-hit is backed.`,
    clean: (name: string, means: string, clue: string) =>
      `${name}: the platform let ${means} pass; a no-hit is not backed. ${clue}`,
    unknown: (name: string, why: string) =>
      `${name}: the control check did not finish, so it is not known whether this endpoint detects anything today, and a no-hit is not backed; the next batch tries again. ${why}`.trim(),
    impossible: (name: string, why: string) =>
      `${name}: there was no control check, so it is not known whether this endpoint detects anything. ${why}`,
  },
} as const
