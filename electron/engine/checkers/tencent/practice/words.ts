import type { Verdict } from '../../../../../shared/domain.ts'
import { documentedTestStrings } from '../test-strings.ts'

/** An invented, harmless word and the verdict that the sandbox gives to text with it. */
export interface PracticeWord {
  readonly zh: string
  readonly en: string
  readonly suggest: 'risky' | 'review'
  /** `result.label` of a v2 reply. */
  readonly label: number
  /** `detail[0].label`; differs for one word, as in the platform's own sample (spec §2.3). */
  readonly modelLabel: number
}

/** None of these means anything in any language: practice, not the platform's judgement. */
export const practiceWords: readonly PracticeWord[] = [
  { zh: '红灯果', en: 'zibblefrond', suggest: 'risky', label: 20001, modelLabel: 20006 },
  { zh: '软云筷', en: 'plonkwater', suggest: 'risky', label: 20002, modelLabel: 20002 },
  { zh: '哼哈豆', en: 'grumblefig', suggest: 'review', label: 20003, modelLabel: 20003 },
  { zh: '夜行筐', en: 'quillmarrow', suggest: 'risky', label: 20006, modelLabel: 20006 },
  { zh: '金泡券', en: 'tinselhoop', suggest: 'risky', label: 20008, modelLabel: 20008 },
  { zh: '叮咚彩铺', en: 'hoopadeal', suggest: 'review', label: 10001, modelLabel: 10001 },
]

/** The custom keyword of the practice profiles. */
export const practiceKeyword = practiceWords[0]?.zh ?? null

/** The platforms' own test strings; they give 87014 with v1 and QQ, and pass with v2 (spec §2.1). */
export const officialTestStrings: readonly string[] = documentedTestStrings

export interface TextJudgement {
  readonly suggest: Verdict
  readonly label: number
  readonly modelLabel: number
}

/** Judges as v2 does: the first risky word decides, else the first word to review. */
export function judgeV2(texts: readonly string[]): TextJudgement {
  const found = wordsIn(texts)
  const word = found.find(({ suggest }) => suggest === 'risky') ?? found[0]
  return word ?? { suggest: 'pass', label: 100, modelLabel: 100 }
}

/** Judges as v1 and QQ do: risky or nothing; what v2 would have reviewed goes through. */
export function isRiskyV1(text: string): boolean {
  return (
    wordsIn([text]).some(({ suggest }) => suggest === 'risky') || officialTestStrings.some(test => text.includes(test))
  )
}

function wordsIn(texts: readonly string[]): readonly PracticeWord[] {
  const lower = texts.map(text => text.toLowerCase())
  return practiceWords.filter(({ zh, en }) => lower.some(text => text.includes(zh) || text.includes(en)))
}
