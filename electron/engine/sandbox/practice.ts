import type { EndpointId, PlatformId, Verdict } from '../../../shared/domain.ts'
import type { RateLimit } from '../../../shared/limits.ts'
import type { Clock } from '../base/clock.ts'
import type { CallMeter } from './call-meter.ts'
import type { PlannedFault } from './fault-script.ts'
import type { ImageFinding } from './image-judge.ts'
import type { IpAllowList } from './ip-allow-list.ts'

/**
 * What a platform brings to the sandbox, which knows none by itself: practice apps, routes that answer as the platform is documented
 * to, and the pushes that follow its asynchronous checks.
 */
export interface Practice {
  readonly platform: PlatformId
  /** Where no route has the path, the practice with the longest matching prefix answers. */
  readonly pathPrefix: string
  readonly apps: readonly PracticeApp[]
  readonly endpoints: readonly PracticeEndpoint[]
  /** Called once when the sandbox starts. */
  open(kit: SandboxKit): PracticeRoutes
  /** Null where no verdict comes by a push. */
  readonly pushes: PracticePushes | null
}

/** One documented API, named as everywhere in the product. */
export interface PracticeEndpoint {
  readonly id: EndpointId
  readonly path: string
  /** The documented rate per app. */
  readonly rate: RateLimit
}

/** A user of a practice app, as some checks want one (spec §2.2, §8.6). */
export interface PracticeUser {
  readonly openid: string
  /** Epoch milliseconds of the last visit, or `always` for a user who has the app open all day. */
  readonly lastVisit: number | 'always'
}

export interface PracticeApp {
  readonly platform: PlatformId
  readonly appid: string
  /** Published on purpose: it opens nothing but the sandbox. */
  readonly secret: string
  readonly users: readonly PracticeUser[]
}

export interface PracticeRoutes {
  readonly routes: readonly Route[]
  readonly unknownPath: { readonly dialect: Dialect; readonly answer: Answer }
}

/** One request, read whole. */
export interface Call {
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly contentType: string | undefined
  readonly body: Buffer
  /** When its head arrived. */
  readonly nowMs: number
}

export interface Route {
  readonly endpoint: EndpointId
  readonly dialect: Dialect
  readonly method: 'GET' | 'POST'
  /** The head of a request says who calls; where it does not, the body is read first. */
  readonly isKnownByHead: boolean
  readonly refusals: RouteRefusals
  /** The app that a call counts for, or the answer to a caller that is nobody. */
  caller(call: Call): Caller
  answer(call: Call, app: PracticeApp): Answer | Promise<Answer>
}

/** What the platform answers where the sandbox itself refuses. */
export interface RouteRefusals {
  readonly wrongMethod: Answer
  readonly minuteFull: Answer
  readonly dayFull: Answer
}

export type Caller =
  | { readonly kind: 'app'; readonly app: PracticeApp }
  | { readonly kind: 'refused'; readonly answer: Answer }

type JsonObject = Readonly<Record<string, unknown>>

/** What a route answers, before it is spelled in its dialect. */
export type Answer =
  /** A code with the platform's words for it, or with `message`; `more` follows the two fields. */
  | { readonly kind: 'code'; readonly code: number; readonly message?: string; readonly more?: JsonObject }
  /** A body as it is. */
  | { readonly kind: 'body'; readonly body: JsonObject }

/** How a platform spells its answers. */
export interface Dialect {
  readonly contentType: string
  write(answer: Answer): string
  /** The same answer from a platform that finds nothing any more; what it refuses it still refuses. */
  withoutHit(answer: Answer): Answer
}

/** An asynchronous check that the sandbox took; its verdict would come as a push. */
export interface Submission {
  readonly platform: PlatformId
  readonly appid: string
  readonly traceId: string
  readonly version: 1 | 2
  readonly mediaUrl: string
  readonly mediaType: 'audio' | 'image'
  /** Where the format names a user and a scene. */
  readonly openid: string | null
  readonly scene: number | null
  readonly submittedAtMs: number
}

/** What routes work with. */
export interface SandboxKit {
  readonly apps: readonly PracticeApp[]
  readonly clock: Clock
  readonly meter: CallMeter
  readonly rates: Readonly<Record<string, RateLimit>>
  readonly judgeImage: (bytes: Buffer) => Promise<ImageFinding>
  readonly ipAllowList: IpAllowList | null
  readonly submit: (submission: Submission) => void
  /** Called once a call; a call that makes another one plans for both. */
  readonly planFault: (endpoint: EndpointId) => PlannedFault
  /** Ends early when the sandbox is closed. */
  readonly pause: (ms: number) => Promise<void>
}

/** What the console of an app holds for its pushes (spec §5.1); not every platform knows modes and formats. */
export interface PushConsole {
  readonly appid: string
  /** Loopback only: practice sends nothing elsewhere. */
  readonly url: string
  readonly token: string
  /** 43 characters; needed by compatible and secure mode. */
  readonly encodingAesKey: string | null
  readonly mode: 'plain' | 'compatible' | 'secure'
  readonly format: 'xml' | 'json'
  /** Numbers as texts, as v1 and v2 pushes were seen to have them (spec §3.4). */
  readonly numbers: 'number' | 'text'
}

/** What the sandbox found in the media, or why it did not look. */
export type MediaFinding =
  | { readonly kind: 'judged'; readonly suggest: Verdict; readonly label: number }
  | { readonly kind: 'failed'; readonly errcode: number }

/** Deviations seen in the field (spec §3.4). */
export type PushShape = 'documented' | 'v1' | 'bare'

export type PushFields = Readonly<Record<string, unknown>>

export interface PushRequest {
  readonly query: URLSearchParams
  readonly contentType: string
  readonly body: string
}

export interface PracticePushes {
  /** The event in the platform's words. */
  eventOf(submission: Submission, finding: MediaFinding, shape: PushShape, nowMs: number): PushFields
  /** The event as a request in the app's mode and format. */
  requestOf(
    fields: PushFields,
    app: PushConsole,
    given: { readonly nowMs: number; readonly nonce: string; readonly isForged: boolean },
  ): PushRequest
  /** What is found in media that are no picture, by the practice words in their bytes. */
  judgeText(text: string, submission: Submission): MediaFinding
  /** Said where the media could not be fetched. */
  readonly downloadFailed: number
}
