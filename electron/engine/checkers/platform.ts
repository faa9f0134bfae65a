import type { Dispatcher } from 'undici'
import type { Conclusion, Failure } from '../../../shared/conclusion.ts'
import type { Companion, EndpointId, Part, PlatformId, TextContext } from '../../../shared/domain.ts'
import type { RateLimit, TextLimit } from '../../../shared/limits.ts'
import type { PlatformInfo, PlatformLinks, ProfileField } from '../../../shared/platforms.ts'
import type { Said } from '../../../shared/problems.ts'
import type { Profile, TokenMode } from '../../../shared/profile.ts'
import type { PracticeProfileFacts } from './practice.ts'

/** One API of a source of verdicts: what it takes, how often it may be called, and how its parts must be cut. */
export interface Endpoint {
  readonly id: EndpointId
  readonly name: Said
  readonly takes: Part['kind']
  /** The documented limits; a profile may override them. */
  readonly limit: RateLimit
  /** Upper bound of one text part; null for other kinds. */
  readonly textLimit: TextLimit | null
  /** Path for the platform's own quota query, or null where there is none. */
  readonly quotaPath: string | null
  /** Identifies the request format; part of the key for reusing verdicts. */
  readonly version: string
  /** Each call names a user of the app and where the content would appear. */
  readonly needsUser: boolean
  /** What its call takes along with a text and judges with it, by where the text would appear (`scene` of the profile). */
  carries(scene: number): readonly Companion[]
  readonly control: EndpointControl
}

/** An endpoint whose calls carry nothing but the content. */
export const bare = { needsUser: false, carries: () => [] } as const satisfies Partial<Endpoint>

/**
 * By what it can be seen that an endpoint still detects anything: a string that is documented to be flagged (null where there is none), a
 * keyword that the account's owner set up in the console, a picture of theirs; nothing where the verdict comes by a push.
 */
export type EndpointControl = { readonly testString: string | null } | 'keyword' | 'picture' | 'push'

/** How a platform is reached: one keep-alive pool for all calls, and time limits in milliseconds. */
export interface Transport {
  readonly dispatcher: Dispatcher
  /** Host of the platform or its stand-in; may carry a path prefix and a trailing slash. */
  readonly baseUrl: string
  readonly headersTimeoutMs: number
  /** For the whole body of the reply, not between two pieces of it. */
  readonly bodyTimeoutMs: number
}

/** How a token is named in the query; cloud hosting's token takes the place of the ordinary one (spec §1.4). */
export type TokenParameter = 'access_token' | 'cloudbase_access_token'

export interface CheckRequest {
  readonly endpoint: EndpointId
  readonly part: Part
  readonly appid: string
  readonly accessToken: string
  /** `access_token` when absent. */
  readonly tokenParameter?: TokenParameter
  /** The user to name in this call, already chosen from the profile's; null where the endpoint needs none. */
  readonly openid: string | null
  readonly text: TextContext
  /** How `media_type` is written where a platform's page contradicts itself (QQ, spec §4.3); its table's type when absent. */
  readonly mediaTypeAs?: 'string' | 'number'
}

export interface AccessToken {
  readonly value: string
  /** Remaining life in seconds, as the platform reported it. */
  readonly expiresInSeconds: number
}

export interface QuotaReading {
  readonly dailyLimit: number
  readonly used: number
  readonly remain: number
  readonly perMinute: number | null
}

export type QuotaOutcome =
  | { readonly kind: 'quota'; readonly quota: QuotaReading }
  /** The platform answers, but keeps no count of this API for this account. */
  | { readonly kind: 'not_counted' }
  | Failure

/** What every source of verdicts has, whatever it needs. */
export interface CheckerFacts {
  readonly id: PlatformId
  readonly name: Said
  readonly endpoints: readonly Endpoint[]
  /** The endpoint for a kind of part, or null where there is none for it. */
  endpointFor(kind: Part['kind'], given: { readonly hasUser: boolean }): Endpoint | null
}

/** A source of verdicts that is asked over the network in the name of an account; one folder and one line of the registry each. */
export interface Platform extends CheckerFacts {
  readonly needs: 'account'
  readonly baseUrl: string
  /** The best one first. */
  readonly tokenModes: readonly TokenMode[]
  readonly account: PlatformInfo['account']
  /** What its profiles hold beyond what every profile does. */
  readonly fields: readonly ProfileField[]
  readonly links: PlatformLinks
  /** Advice for people who give no user although one would allow a better check; null where there is no such check. */
  readonly withoutUser: Said | null
  /** Its practice profile, answered by its routes in the sandbox; null for none. */
  readonly practice: PracticeProfileFacts | null
  /** The platform as a profile has it reached, where there is more than one way; itself when absent. */
  reachedBy?(profile: Profile): Platform
  /**
   * Makes one HTTP exchange and maps it to a conclusion; makes none for a part that is over the endpoint's hard limit,
   * because platforms answer "ok" to some of those (spec §2.1). Never throws but for an aborted signal.
   */
  check(transport: Transport, request: CheckRequest, signal: AbortSignal): Promise<Conclusion>
  /** Makes exactly one HTTP exchange with the token endpoint; null where there is none, and tokens come from a person or a broker. */
  readonly fetchToken:
    | ((
        transport: Transport,
        request: { readonly mode: 'stable' | 'classic'; readonly appid: string; readonly secret: string },
        signal: AbortSignal,
      ) => Promise<{ readonly kind: 'token'; readonly token: AccessToken } | Failure>)
    | null
  /** Reads the platform's own count, where it offers one. */
  readonly readQuota:
    | ((
        transport: Transport,
        request: {
          readonly quotaPath: string
          readonly accessToken: string
          readonly tokenParameter?: TokenParameter
        },
        signal: AbortSignal,
      ) => Promise<QuotaOutcome>)
    | null
}
