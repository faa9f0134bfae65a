import type { TextContext } from '../../../shared/domain.ts'
import type { Profile } from '../../../shared/profile.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { LocalChecker } from '../checkers/local-checker.ts'
import type { Endpoint, Platform, Transport } from '../checkers/platform.ts'
import type { PaceLimit } from '../pacer/contract.ts'
import type { TokenRequest } from '../tokens/tokens.ts'
import type { Publish } from './media.ts'

/** One profile at work on one batch: everything that its checks need. */
export type Lane = AccountLane | LocalLane

/** Asks a platform in the name of an account. */
export interface AccountLane extends LaneFacts {
  readonly needs: 'account'
  readonly platform: Platform
  readonly transport: Transport
  readonly tokenRequest: TokenRequest
}

/** Looks on this machine: without an account, a token or leave of the pacer. */
export interface LocalLane extends LaneFacts {
  readonly needs: 'nothing'
  readonly platform: LocalChecker
  readonly transport: null
}

interface LaneFacts {
  /** Index into the batch's profiles. */
  readonly index: number
  readonly profile: Profile
  readonly openids: OpenidPool
  readonly text: TextContext
  /** Gives media a public address through the profile's relay; null without one, and then no push can come either. */
  readonly publish: Publish | null
}

/** The profile's openids; one that the platform refuses is not used again by this run (spec §8.6: each call attributes to a real user). */
export interface OpenidPool {
  /** The next one in turn, or null when none is left. */
  next(): string | null
  refuse(openid: string): void
  readonly size: number
}

export function createOpenidPool(openids: readonly string[]): OpenidPool {
  let usable = [...new Set(openids)]
  let turn = 0
  return {
    next: () => {
      turn += 1
      return usable[turn % usable.length] ?? null
    },
    refuse: openid => {
      usable = usable.filter(other => other !== openid)
    },
    size: new Set(openids).size,
  }
}

export function textContextOf(profile: Profile, options: ScreenOptions): TextContext {
  return {
    openids: profile.openids,
    scene: profile.scene,
    ...(options.title === null ? {} : { title: options.title }),
    ...(options.nickname === null ? {} : { nickname: options.nickname }),
    ...(options.signature === null ? {} : { signature: options.signature }),
  }
}

/** The rate that this profile may use of an endpoint: its own override, else the platform's. */
export function paceLimitOf(profile: Profile, endpoint: Endpoint): PaceLimit {
  return {
    perMinute: profile.perMinute ?? endpoint.limit.perMinute,
    perDay: profile.perDay ?? endpoint.limit.perDay,
    sharePercent: profile.sharePercent,
  }
}

/** Endpoint for a kind of part; which one may depend on whether the profile has users to name, as the batch began (spec §2.2). */
export function endpointOf(lane: Pick<Lane, 'platform' | 'profile'>, kind: Endpoint['takes']): Endpoint | null {
  return lane.platform.endpointFor(kind, { hasUser: lane.profile.openids.length > 0 })
}
