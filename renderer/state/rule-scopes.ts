import { type RuleScope, ruleScopes } from '../../shared/rules.ts'

/** Scopes of a batch or of the settings; null for all. */
export type Scopes = readonly RuleScope[] | null

/** What concerns everybody is no trade to choose: it goes with every choice. */
const everybodys = ['general', 'price', 'platform'] as const satisfies readonly RuleScope[]
const isEverybodys = (scope: RuleScope): boolean => everybodys.some(each => each === scope)

export const trades: readonly RuleScope[] = ruleScopes.filter(scope => !isEverybodys(scope))

export const tradesOf = (scopes: Scopes): readonly RuleScope[] => trades.filter(trade => scopes?.includes(trade))

/** No trade chosen asks for the rules of all. */
export const scopesOfTrades = (chosen: readonly string[]): RuleScope[] | null =>
  chosen.length === 0 ? null : [...everybodys, ...trades.filter(trade => chosen.includes(trade))]
