import { expect, test } from 'vitest'
import { scopesOfTrades, trades, tradesOf } from '../../../../renderer/state/rule-scopes.ts'

test('no trade asks for the rules of all', () => {
  expect(scopesOfTrades([])).toBeNull()
  expect(tradesOf(null)).toEqual([])
})

test('what concerns everybody goes with every trade, and is none to choose', () => {
  const scopes = scopesOfTrades(['food', 'cosmetics'])
  expect(scopes).toEqual(['general', 'price', 'platform', 'cosmetics', 'food'])
  expect(tradesOf(scopes)).toEqual(['cosmetics', 'food'])
  expect(trades).not.toContain('general')
})
