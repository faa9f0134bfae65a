import { usage } from '../../../shared/problems.ts'
import type { Clock } from '../base/clock.ts'
import { readAesKey } from '../checkers/wechat/push/cipher.ts'
import { recognisePush } from '../checkers/wechat/push/push-event.ts'
import { type PushRefusal, type PushRefusalCode, refused } from '../checkers/wechat/push/refusal.ts'
import { type PushSecrets, pushToleranceMs, verifyPush, verifyUrl } from '../checkers/wechat/push/verify.ts'
import type { RelayApp } from './config.ts'
import type { Authenticity } from './protocol.ts'
import type { Acceptance, RelayStore } from './store.ts'

/** What happens to a request on an app's push address, before anything is answered: verify, read, store. */
export interface Receiver {
  verify(app: RelayApp, query: URLSearchParams): Promise<ReturnType<typeof verifyUrl> | SignatureReused>
  receive(app: RelayApp, query: URLSearchParams, body: Buffer): Promise<Received>
  /** From a forwarder, which has verified it. */
  forward(origin: Pick<RelayApp, 'platform' | 'appid'>, message: Buffer): Promise<Received>
  /** Lets test pushes with this id through until it is ended. */
  expectTest(id: string): { readonly seq: () => number | null; readonly end: () => void }
}

export type Received =
  | (Acceptance & { readonly traceId: string })
  /** Not about media; answered like the rest, so that the platform does not repeat it. */
  | { readonly kind: 'ignored'; readonly name: string }
  | SignatureReused
  | PushRefusal

/** The signature came before with something else: someone saw it and uses it again (spec §5.3). */
interface SignatureReused {
  readonly kind: 'signature_reused'
}

/** The relay's own test push: an event that no platform sends and that can never be taken for a verdict. */
export const selfTestEvent = 'prescreen_relay_self_test'

export function createReceiver(options: {
  readonly apps: readonly RelayApp[]
  readonly store: RelayStore
  readonly clock: Clock
  readonly onStored: () => void
}): Receiver {
  const { apps, store, clock, onStored } = options
  /** The event of each running test, once it is stored. */
  const tests = new Map<string, number | null>()
  const secrets = new Map(apps.filter(isWechat).map(app => [app.appid, secretsOf(app)]))
  const time = () => ({ nowMs: clock.now(), toleranceMs: pushToleranceMs })

  /** Only after the signature was verified, or anybody could use up signatures. */
  const claim = (query: URLSearchParams, use: Uint8Array) =>
    store.claimSignature(query.get('signature') ?? '', use, clock.now())

  const keep = async (
    origin: Pick<RelayApp, 'platform' | 'appid'>,
    message: Uint8Array,
    authenticity: Authenticity,
  ): Promise<Received> => {
    const { platform, appid } = origin
    const push = recognisePush(message, { platform, appid })
    if (push.kind === 'refused') return push
    const testId = push.kind === 'other' ? testIdOf(push.fields) : null
    if (push.kind === 'other' && testId === null) return { kind: 'ignored', name: push.name }
    const kept =
      push.kind === 'media-check'
        ? ({ kind: 'push', traceId: push.traceId, message: push.text } as const)
        : ({ kind: 'self-test', traceId: testId ?? '', message: '' } as const)
    const { kind, traceId } = kept
    const event = { ...kept, platform, appid, authenticity }
    const acceptance = await store.accept(event, clock.now())
    if (acceptance.kind === 'stored') {
      if (kind === 'self-test') tests.set(traceId, acceptance.seq)
      onStored()
    }
    return { ...acceptance, traceId }
  }

  const testIdOf = (fields: Readonly<Record<string, unknown>>): string | null => {
    const id = fields.Event === selfTestEvent ? fields.trace_id : undefined
    return typeof id === 'string' && tests.has(id) ? id : null
  }

  return {
    verify: async (app, query) => {
      // Whether QQ verifies an address, and how, is unknown (spec §4.1).
      if (app.platform === 'qq') return refused('signature_missing', 'QQ has no verification')
      const verified = verifyUrl(query, app, time())
      if (verified.kind === 'refused' || app.encodingAesKey !== null) return verified
      return (await claim(query, Buffer.from(`GET ${verified.echo}`))) ? verified : { kind: 'signature_reused' }
    },
    receive: async (app, query, body) => {
      if (app.platform === 'qq') return keep(app, body, 'unsigned')
      const known = secrets.get(app.appid)
      if (known === undefined) return refused('wrong_appid', 'the app is not in the settings')
      const verified = verifyPush(query, body, known, time())
      if (verified.kind === 'refused') return verified
      const { message, authenticity } = verified
      // Claimed before the message is read: even one that is not for us must not lend its signature to another.
      if (authenticity === 'signed' && !(await claim(query, body))) return { kind: 'signature_reused' }
      return keep(app, message, authenticity)
    },
    forward: (origin, message) => keep(origin, message, 'forwarded'),
    expectTest: id => {
      tests.set(id, null)
      return { seq: () => tests.get(id) ?? null, end: () => tests.delete(id) }
    },
  }
}

type WechatApp = RelayApp & { readonly platform: 'wechat' }

function isWechat(app: RelayApp): app is WechatApp {
  return app.platform === 'wechat'
}

/** Throws for a key that cannot be read: without one the app would be taken to be in plain mode. */
export function secretsOf(app: WechatApp): PushSecrets {
  const { appid, token, encodingAesKey } = app
  const aesKey = encodingAesKey === null ? null : readAesKey(encodingAesKey)
  if (encodingAesKey !== null && aesKey === null) {
    throw usage(`${appid} 的 EncodingAESKey 不对`, `the EncodingAESKey of ${appid} is none`)
  }
  return { appid, token, aesKey }
}

/** 403: not believed. 400: believed or not, it cannot be read. */
export function statusOf(code: PushRefusalCode | 'signature_reused'): 400 | 403 {
  switch (code) {
    case 'malformed':
    case 'cannot_decrypt':
      return 400
    case 'signature_missing':
    case 'signature_wrong':
    case 'signature_reused':
    case 'timestamp_out_of_bounds':
    case 'not_encrypted':
    case 'wrong_appid':
      return 403
  }
}
