import type { BookProblem } from '../../../shared/rules.ts'

/** Of a book's file as a whole. */
export function bookProblem(level: BookProblem['level'], zh: string, en: string): BookProblem {
  return { level, line: null, column: null, rule: null, message: { zh, en } }
}

export const hasErrors = (problems: readonly BookProblem[]): boolean => problems.some(({ level }) => level === 'error')
