import { randomBytes } from 'node:crypto'
import { chinaDay } from '../../../sandbox/call-meter.ts'
import type { PracticeApp } from '../../../sandbox/practice.ts'

/** Spec §1.1: 7200 s. */
const lifeMs = 7_200_000
/** Spec §1.1, §1.2: about 5 minutes in which the old and the new token both work. */
const overlapMs = 300_000
/** Spec §1.1: callers must reserve 512 characters, so the sandbox uses them all: a client that reserves fewer fails. */
const tokenLength = 512
/** Spec §1.2: forced refreshes per day, and the time within which a second one does not refresh. */
const forcedPerDay = 20
const forcedGapMs = 30_000
/** How long a dead token is still known as expired (42001) rather than unknown (40001). */
const memoryMs = 86_400_000

export interface GrantedToken {
  readonly accessToken: string
  /** Remaining life, whole seconds. */
  readonly expiresIn: number
}

export type Identified =
  | { readonly kind: 'app'; readonly app: PracticeApp }
  | { readonly kind: 'refused'; readonly code: 41001 | 40001 | 42001 }

/** Issues access tokens as one platform does, and knows whom a token belongs to. */
export interface TokenOffice {
  /** `cgi-bin/token` and QQ's `getToken`: a new token each time; the one before lives on for the overlap. */
  issueClassic(app: PracticeApp, nowMs: number): GrantedToken
  /** `cgi-bin/stable_token` in ordinary mode: the same token for everybody, renewed shortly before it expires. */
  readStable(app: PracticeApp, nowMs: number): GrantedToken
  /** `force_refresh`: kills the present stable token at once. */
  forceStable(app: PracticeApp, nowMs: number): GrantedToken | 'too_many_today'
  identify(token: string | null, nowMs: number): Identified
}

interface Issued {
  readonly value: string
  readonly app: PracticeApp
  readonly expiresAtMs: number
  /** From when a newer token has taken its place; Infinity while none has. */
  replacedAtMs: number
}

interface Desk {
  classic: Issued | null
  stable: Issued | null
  lastForcedAtMs: number
  forcedDay: number
  forcedToday: number
}

export function createTokenOffice(): TokenOffice {
  const issued = new Map<string, Issued>()
  const desks = new Map<PracticeApp, Desk>()

  const deskOf = (app: PracticeApp): Desk => {
    const known = desks.get(app)
    if (known !== undefined) return known
    const desk = {
      classic: null,
      stable: null,
      lastForcedAtMs: Number.NEGATIVE_INFINITY,
      forcedDay: 0,
      forcedToday: 0,
    }
    desks.set(app, desk)
    return desk
  }

  const issue = (app: PracticeApp, nowMs: number): Issued => {
    for (const [value, old] of issued) if (nowMs - old.expiresAtMs > memoryMs) issued.delete(value)
    const value = `PRACTICE_${randomBytes(tokenLength).toString('base64url')}`.slice(0, tokenLength)
    const token = { value, app, expiresAtMs: nowMs + lifeMs, replacedAtMs: Number.POSITIVE_INFINITY }
    issued.set(value, token)
    return token
  }

  const replaceStable = (desk: Desk, app: PracticeApp, nowMs: number, oldDiesAtMs: number): GrantedToken => {
    if (desk.stable !== null) desk.stable.replacedAtMs = oldDiesAtMs
    desk.stable = issue(app, nowMs)
    return granted(desk.stable, nowMs)
  }

  const readStable = (app: PracticeApp, nowMs: number): GrantedToken => {
    const desk = deskOf(app)
    return desk.stable !== null && nowMs < desk.stable.expiresAtMs - overlapMs
      ? granted(desk.stable, nowMs)
      : replaceStable(desk, app, nowMs, Number.POSITIVE_INFINITY)
  }

  return {
    issueClassic(app, nowMs) {
      const desk = deskOf(app)
      if (desk.classic !== null) desk.classic.replacedAtMs = nowMs + overlapMs
      desk.classic = issue(app, nowMs)
      return granted(desk.classic, nowMs)
    },
    readStable,
    forceStable(app, nowMs) {
      const desk = deskOf(app)
      if (nowMs - desk.lastForcedAtMs < forcedGapMs) return readStable(app, nowMs)
      if (desk.forcedDay !== chinaDay(nowMs)) {
        desk.forcedDay = chinaDay(nowMs)
        desk.forcedToday = 0
      }
      if (desk.forcedToday >= forcedPerDay) return 'too_many_today'
      desk.forcedToday += 1
      desk.lastForcedAtMs = nowMs
      return replaceStable(desk, app, nowMs, nowMs)
    },
    identify(token, nowMs) {
      if (token === null || token === '') return { kind: 'refused', code: 41001 }
      const known = issued.get(token)
      if (known === undefined) return { kind: 'refused', code: 40001 }
      if (nowMs >= known.expiresAtMs) return { kind: 'refused', code: 42001 }
      if (nowMs >= known.replacedAtMs) return { kind: 'refused', code: 40001 }
      return { kind: 'app', app: known.app }
    },
  }
}

function granted(token: Issued, nowMs: number): GrantedToken {
  return { accessToken: token.value, expiresIn: Math.floor((token.expiresAtMs - nowMs) / 1000) }
}
