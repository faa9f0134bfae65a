import type { Profile } from '../../../shared/profile.ts'
import type { ScreenOptions } from '../../../shared/screening.ts'
import type { LocalContext } from '../checkers/local-checker.ts'
import type { Transport } from '../checkers/platform.ts'
import { withRedaction } from '../checkers/with-redaction.ts'
import { createOpenidPool, type Lane, textContextOf } from '../screening/lane.ts'
import type { Publish } from '../screening/media.ts'
import type { TokenRequest, TokenState } from '../tokens/tokens.ts'
import type { Accounts } from './accounts.ts'

/** Builds a lane for each profile that is put to work: its client, host, credentials and relay as they are at that moment. */
export interface Lanes {
  /** `index` is the profile's place in its batch. */
  laneOf(profile: Profile, index: number, options: ScreenOptions): Promise<Lane>
  lanesOf(profiles: readonly Profile[], options: ScreenOptions): Promise<readonly Lane[]>
  /** For a plan, which asks nobody: what checkers on this machine go by is not read for it. */
  plannedLanesOf(profiles: readonly Profile[], options: ScreenOptions): Promise<readonly Lane[]>
  /** Begins to read what checkers on this machine go by, for a batch that will probably begin soon. */
  prepare(profiles: readonly Profile[], options: ScreenOptions): void
  /** How the token of a profile is that has been at work; `none` for any other. */
  tokenState(profile: string): TokenState
  /** The profile was saved or removed: what is known of its token holds no longer. */
  forget(profile: string): void
}

/** How calls go out: the connections, and how long to wait for a reply's head and its body. */
export type Outlet = Omit<Transport, 'baseUrl'>

export function createLanes(services: {
  readonly accounts: Accounts
  readonly outlet: Outlet
  publisherOf(profile: Profile): Promise<Publish | null>
  /** What checkers on this machine go by. */
  readonly local: LocalContext
}): Lanes {
  const { book, registry, tokens, redactor, sandboxUrl } = services.accounts
  const tokenRequests = new Map<string, TokenRequest>()

  const makeLane = async (
    profile: Profile,
    index: number,
    options: ScreenOptions,
    isPlanned: boolean,
  ): Promise<Lane> => {
    const checker = registry.checkerOf(profile.platform)
    for (const openid of profile.openids) redactor.remember(openid)
    const facts = { index, profile, openids: createOpenidPool(profile.openids), text: textContextOf(profile, options) }
    if (checker.needs === 'nothing') {
      const platform = isPlanned ? checker : ((await checker.openedFor?.(options.rules, services.local)) ?? checker)
      return { ...facts, needs: checker.needs, platform, transport: null, publish: null }
    }
    const platform = withRedaction(checker.reachedBy?.(profile) ?? checker, redactor.redact)
    const baseUrl = profile.practice ? await sandboxUrl() : (profile.baseUrl ?? platform.baseUrl)
    const transport = { ...services.outlet, baseUrl }
    const credentials = await book.credentials(profile)
    const tokenRequest = { platform, transport, appid: profile.appid, credentials }
    tokenRequests.set(profile.id, tokenRequest)
    return {
      ...facts,
      needs: checker.needs,
      platform,
      transport,
      tokenRequest,
      publish: await services.publisherOf(profile),
    }
  }

  const makeAll = (profiles: readonly Profile[], options: ScreenOptions, isPlanned: boolean) =>
    Promise.all(profiles.map((profile, index) => makeLane(profile, index, options, isPlanned)))

  return {
    laneOf: (profile, index, options) => makeLane(profile, index, options, false),
    lanesOf: (profiles, options) => makeAll(profiles, options, false),
    plannedLanesOf: (profiles, options) => makeAll(profiles, options, true),
    prepare: (profiles, options) => {
      for (const { platform } of profiles) {
        const checker = registry.checkerOf(platform)
        // A fault of it is told when the batch is started.
        if (checker.needs === 'nothing') checker.openedFor?.(options.rules, services.local).catch(() => undefined)
      }
    },
    tokenState: profile => {
      const request = tokenRequests.get(profile)
      return request === undefined ? { state: 'none' } : tokens.state(request)
    },
    forget: profile => {
      tokenRequests.delete(profile)
    },
  }
}
