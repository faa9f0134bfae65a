/**
 * What a reader, a decoder or a check says about one thing, as a code and its facts: it is stored, compared and added up as data and
 * becomes words only where a person reads it, in that person's language.
 */
export interface RemarkFacts {
  /** How many of it; 1 where it is not named. */
  readonly count?: number
  /** The bound that was passed, in the unit that the sentence names. */
  readonly limit?: number
  /** Where in the file: a sheet, a page, a part's name, a line. Data, never words of ours. */
  readonly place?: string
  /** A name or a value out of the file or the system. Data, never words of ours. */
  readonly name?: string
}

/** The facts as a sentence is given them: a missing count is 1, missing names are empty. */
export interface SentenceFacts {
  readonly count: number
  readonly limit: number
  readonly name: string
}

export interface RemarkWords {
  readonly zh: (facts: SentenceFacts) => string
  readonly en: (facts: SentenceFacts) => string
}

/** The words of one room; its keys are codes, which are stored and therefore never change their meaning. */
export type RemarkTable = Readonly<Record<string, RemarkWords>>

/** `1 picture`, `3 pictures`. */
export function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`
}
