import type { Dispatcher } from 'undici'
import type { Conclusion, Failure } from '../../../shared/conclusion.ts'
import type { EndpointId, Part, PlatformId, TextContext } from '../../../shared/domain.ts'
import type { RateLimit, TextLimit } from '../../../shared/limits.ts'

/** One API of a platform: what it takes, how often it may be called, and how its parts must be cut. */
export interface Endpoint {
  readonly id: EndpointId
  readonly takes: Part['kind']
  /** The platform's documented limits; a profile may override them. */
  readonly limit: RateLimit
  /** Upper bound of one text part: UTF-16 units for WeChat v2, bytes of UTF-8 elsewhere; null for other kinds. */
  readonly textLimit: TextLimit | null
  /** Path for the platform's own quota query, or null where there is none. */
  readonly quotaPath: string | null
  /** Identifies the request format, e.g. `v2`; part of the key for reusing verdicts. */
  readonly version: string
  readonly control: EndpointControl
}

/**
 * By what it can be seen that an endpoint still detects anything: a string that the platform documents for tests, a keyword that the
 * account's owner set up in the console, a picture of theirs; nothing where the verdict comes by a push.
 */
export type EndpointControl = { readonly testString: string } | 'keyword' | 'picture' | 'push'

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
  /** The openid to use for this call, already chosen from the profile's; null where the endpoint needs none. */
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

export const tokenModes = ['stable', 'classic', 'broker', 'static'] as const
export type TokenMode = (typeof tokenModes)[number]

/** What the engine knows of a platform; one folder and one registry entry each. */
export interface Platform {
  readonly id: PlatformId
  readonly name: { readonly zh: string; readonly en: string }
  readonly baseUrl: string
  readonly tokenModes: readonly TokenMode[]
  readonly endpoints: readonly Endpoint[]
  /** The endpoint for a kind of part, or null where the platform has none for it. */
  endpointFor(kind: Part['kind'], given: { readonly hasOpenid: boolean }): Endpoint | null
  /**
   * Makes one HTTP exchange and maps it by the verdict table; makes none for a part that is over the endpoint's hard limit,
   * because the platforms answer "ok" to some of those (spec §2.1). Never throws but for an aborted signal.
   */
  check(transport: Transport, request: CheckRequest, signal: AbortSignal): Promise<Conclusion>
  /** Makes exactly one HTTP exchange with the token endpoint. */
  fetchToken(
    transport: Transport,
    request: { readonly mode: 'stable' | 'classic'; readonly appid: string; readonly secret: string },
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'token'; readonly token: AccessToken } | Failure>
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
