import type { PlatformInfo } from '../../../shared/platforms.ts'
import { Problem } from '../../../shared/problems.ts'
import { detailOf } from '../base/detail.ts'
import type { Practice } from '../sandbox/practice.ts'
import type { LocalChecker } from './local-checker.ts'
import type { Platform } from './platform.ts'

/** A source of verdicts. `needs` says what must be there before it can be asked. */
export type Checker = Platform | LocalChecker

export interface Registry {
  readonly checkers: readonly Checker[]
  readonly platforms: readonly Platform[]
  readonly localCheckers: readonly LocalChecker[]
  has(id: string): boolean
  /** Throws `Problem('bad_request')` for an id that is not there. */
  checkerOf(id: string): Checker
  /** Throws `Problem('bad_request')` for an id that is no platform's. */
  platformOf(id: string): Platform
  /** What the platforms say of themselves, for the window and the command line. */
  describe(): readonly PlatformInfo[]
  /** What the sandbox is started with. */
  practices(): Promise<readonly Practice[]>
}

/** Throws for two with one id: their results could not be told apart. */
export function createRegistry(checkers: readonly Checker[]): Registry {
  const byId = new Map(checkers.map(checker => [checker.id, checker]))
  if (byId.size < checkers.length) throw new Error('two checkers have the same id')
  const platforms = checkers.filter(checker => checker.needs === 'account')
  const checkerOf = (id: string): Checker => {
    const checker = byId.get(id)
    if (checker === undefined) throw new Problem('bad_request', detailOf('no_such_platform', { name: id }))
    return checker
  }
  return {
    checkers,
    platforms,
    localCheckers: checkers.filter(checker => checker.needs === 'nothing'),
    has: id => byId.has(id),
    checkerOf,
    platformOf: id => {
      const checker = checkerOf(id)
      if (checker.needs === 'account') return checker
      throw new Problem('bad_request', detailOf('no_such_platform', { name: id }))
    },
    describe: () => platforms.map(infoOf),
    practices: () => Promise.all(platforms.flatMap(({ practice }) => (practice === null ? [] : [practice.load()]))),
  }
}

function infoOf({ id, name, baseUrl, tokenModes, endpoints, account, fields, links }: Platform): PlatformInfo {
  // Formats of one API have one limit and one name.
  const apis = new Map(endpoints.map(endpoint => [endpoint.id, endpoint]))
  return {
    id,
    name,
    baseUrl,
    tokenModes,
    endpoints: [...apis.values()].map(each => ({ id: each.id, name: each.name, takes: each.takes, ...each.limit })),
    account,
    fields,
    links,
  }
}
