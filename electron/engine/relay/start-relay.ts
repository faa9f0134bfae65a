import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { limits } from '../../../shared/limits.ts'
import { Problem, usage } from '../../../shared/problems.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { takeLock } from '../base/file-lock.ts'
import { problemOf } from '../base/sqlite/problem-of.ts'
import { maxPushBytes } from '../checkers/wechat/push/document.ts'
import { pushToleranceMs } from '../checkers/wechat/push/verify.ts'
import type { KeyHolder, RelayApp, RelayConfig } from './config.ts'
import { createDoorbell } from './doorbell.ts'
import { holderOf } from './keys.ts'
import { logToStdout, type RelayLog, type RelayLogEntry } from './log.ts'
import { isMediaId, openMediaShelf } from './media-shelf.ts'
import { forwardRequestSchema, maxWaitSeconds, type RelayErrorCode, selfTestRequestSchema } from './protocol.ts'
import { createRateLimiter } from './rate-limit.ts'
import { createReceiver, type Received, statusOf } from './receive.ts'
import { runSelfTest, type Send, sendTo } from './self-test.ts'
import { openRelayStore, type RelayStore } from './store.ts'

export interface Relay {
  /** The public address, or the one it listens on where the settings name none. */
  readonly url: string
  readonly port: number
  /** Ends open polls and requests; what was answered `success` is on disk anyway. */
  close(): Promise<void>
}

/** Time for a whole request to arrive: 10 MB over a slow line. */
const requestTimeoutMs = 120_000
const maintenanceMs = 60_000
const dayMs = 86_400_000

/**
 * Starts the relay: the small server with a public address that receives the platforms' pushes, serves media to them, and hands
 * on events to workstations (docs/relay.md). Throws a problem when it cannot start.
 */
export async function startRelay(
  config: RelayConfig,
  { clock = systemClock, log = logToStdout }: { readonly clock?: Clock; readonly log?: RelayLog } = {},
): Promise<Relay> {
  const tls = config.tls === null ? null : readTls(config.tls)
  const lock = takeLock(join(config.dataDir, 'relay.lock'))
  if (lock === 'taken') throw inUse(config)
  const release = () => (lock === 'none' ? undefined : lock.release())
  let store: RelayStore | null = null
  const closing = new AbortController()
  try {
    const { eventsPerDay } = config.limits
    store = openRelayStore(join(config.dataDir, 'relay.sqlite'), { eventsPerDay })
    const relay = await serve({ config, tls, store, clock, log, closing })
    return { ...relay, close: () => relay.close().finally(release) }
  } catch (error) {
    closing.abort()
    await store?.close()
    release()
    throw startProblem(error, config)
  }
}

async function serve(given: {
  readonly config: RelayConfig
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null
  readonly store: RelayStore
  readonly clock: Clock
  readonly log: RelayLog
  readonly closing: AbortController
}): Promise<Relay> {
  const { config, tls, store, clock, log, closing } = given
  const bell = createDoorbell(clock)
  const receiver = createReceiver({ apps: config.apps, store, clock, onStored: bell.ring })
  const shelf = await openMediaShelf({
    folder: join(config.dataDir, 'media'),
    rows: store.media,
    clock,
    lifeMs: config.media.minutes * 60_000,
    quotaBytes: config.media.quotaMb * 1_000_000,
  })
  const appsByPath = new Map(config.apps.map(app => [`${app.platform}/${app.path}`, app]))
  const pushLimit = createRateLimiter(config.limits.pushesPerMinute)
  const requestLimit = createRateLimiter(config.limits.requestsPerMinute)
  const refusalLimit = createRateLimiter(config.limits.refusalsPerMinute)

  const server = fastify({
    https: tls,
    bodyLimit: maxPushBytes,
    trustProxy: config.trustedProxies.length === 0 ? false : config.trustedProxies,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  })
  // Neither platform's content type is to be relied on (spec §5.1, §8.7): every body is bytes.
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  server.addHook('onRequest', async request => {
    request.raw.headers['content-type'] = 'application/octet-stream'
  })
  server.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store')
  })

  /** Refuses who has no business here. Only such requests count, so that nobody can use up another's right to be served. */
  const turnAway = (request: FastifyRequest, reply: FastifyReply, status: 401 | 404, code: RelayErrorCode) => {
    const isWithin = refusalLimit.take(addressKey(request.ip), clock.now())
    const event = status === 401 ? 'key_refused' : 'request_refused'
    if (isWithin) log({ level: 'warning', event, status, address: request.ip })
    return isWithin ? fail(reply, status, code) : fail(reply, 429, 'rate_limited')
  }
  const withKey = (holders: readonly KeyHolder[]) => async (request: FastifyRequest, reply: FastifyReply) => {
    const holder = holderOf(request.headers.authorization, holders)
    if (holder === null) return turnAway(request, reply, 401, 'key_refused')
    if (requestLimit.take(holder.name, clock.now())) return undefined
    log({ level: 'warning', event: 'rate_limited', status: 429, holder: holder.name })
    return fail(reply, 429, 'rate_limited')
  }
  const forWorkstations = withKey(config.workstations)
  const forForwarders = withKey(config.forwarders)
  const nameOf = (request: FastifyRequest, holders: readonly KeyHolder[]) =>
    holderOf(request.headers.authorization, holders)?.name ?? ''

  // The platforms' side.

  const pushPath = '/push/:platform/:path'
  type PushRoute = { Params: { platform: string; path: string } }
  const appOf = (request: FastifyRequest<PushRoute>) =>
    appsByPath.get(`${request.params.platform}/${request.params.path}`) ?? null

  server.get<PushRoute>(pushPath, async (request, reply) => {
    const app = appOf(request)
    if (app === null) return turnAway(request, reply, 404, 'not_found')
    const verified = await receiver.verify(app, queryOf(request))
    if (verified.kind === 'refused') return refusePush(request, reply, app, verified.code, verified.detail)
    if (verified.kind === 'signature_reused') return refusePush(request, reply, app, verified.kind, reusedSignature)
    log({ level: 'info', event: 'url_verified', status: 200, platform: app.platform, appid: app.appid })
    // Verbatim: anything around it is a "token 校验失败" (spec §5.2).
    return bare(reply, verified.echo)
  })

  server.post<PushRoute>(pushPath, async (request, reply) => {
    const app = appOf(request)
    if (app === null) return turnAway(request, reply, 404, 'not_found')
    const { platform, appid } = app
    if (!pushLimit.take(`${platform}/${appid}`, clock.now())) {
      log({ level: 'warning', event: 'rate_limited', status: 429, platform, appid })
      return fail(reply, 429, 'rate_limited')
    }
    const received = await receiver.receive(app, queryOf(request), bytesOf(request.body))
    if (received.kind === 'refused') return refusePush(request, reply, app, received.code, received.detail)
    if (received.kind === 'signature_reused') return refusePush(request, reply, app, received.kind, reusedSignature)
    if (received.kind === 'day_full') return refuseForToday(reply, app)
    log(pushEntry(received, app))
    return bare(reply, 'success')
  })

  /** The platform tries again, and by then somebody may have raised the limit. */
  const refuseForToday = (reply: FastifyReply, { platform, appid }: Pick<RelayApp, 'platform' | 'appid'>) => {
    log({ level: 'error', event: 'push_refused', status: 429, platform, appid, code: 'day_full', detail: dayFull })
    return fail(reply, 429, 'rate_limited', dayFull)
  }

  const refusePush = (
    request: FastifyRequest,
    reply: FastifyReply,
    { platform, appid }: RelayApp,
    code: Parameters<typeof statusOf>[0],
    detail: string,
  ) => {
    const status = statusOf(code)
    log({ level: 'warning', event: 'push_refused', status, platform, appid, address: request.ip, code, detail })
    return bare(reply.code(status), code)
  }

  server.get<{ Params: { id: string } }>('/m/:id', async (request, reply) => {
    const { id } = request.params
    const found = isMediaId(id) ? await shelf.take(id) : null
    if (found === null) return turnAway(request, reply, 404, 'not_found')
    const { row, file } = found
    log({ level: 'info', event: 'media_served', status: 200, bytes: row.sizeBytes, address: request.ip })
    return reply
      .header('content-type', row.mime)
      .header('content-length', row.sizeBytes)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(file.createReadStream())
  })

  // The workstations' side.

  server.put('/media', { bodyLimit: limits.mediaMaxBytes, onRequest: forWorkstations }, async (request, reply) => {
    const bytes = bytesOf(request.body)
    const put = await shelf.put(bytes)
    const holder = nameOf(request, config.workstations)
    switch (put.kind) {
      case 'shelved': {
        log({ level: 'info', event: 'media_stored', status: 200, holder, bytes: bytes.byteLength })
        return { url: `${url()}/m/${put.row.id}`, mime: put.row.mime, expiresAt: put.row.expiresAt }
      }
      case 'type_refused':
        log({ level: 'warning', event: 'media_refused', status: 415, holder, code: put.kind, detail: put.detail })
        return fail(reply, 415, 'type_refused', put.detail)
      case 'storage_full':
        log({ level: 'error', event: 'media_refused', status: 507, holder, code: put.kind })
        return fail(reply, 507, 'storage_full')
    }
  })

  server.get('/events', { onRequest: forWorkstations }, async (request, reply) => {
    const query = eventsQuerySchema.safeParse(Object.fromEntries(queryOf(request)))
    if (!query.success) return fail(reply, 400, 'bad_request', 'after and wait are numbers')
    const { after, wait } = query.data
    const events = store.eventsAfter(after)
    if (events.length > 0 || wait === 0) return { events }
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    await bell.wait(wait * 1000, AbortSignal.any([gone.signal, closing.signal]))
    return { events: closing.signal.aborted ? [] : store.eventsAfter(after) }
  })

  server.post('/selftest', { onRequest: forWorkstations }, async (request, reply) => {
    const asked = selfTestRequestSchema.safeParse(jsonOf(request.body))
    if (!asked.success) return fail(reply, 400, 'bad_request')
    const app = config.apps.find(
      ({ platform, appid }) => platform === asked.data.platform && appid === asked.data.appid,
    )
    if (app === undefined) return fail(reply, 404, 'app_unknown')
    return runSelfTest({ app, receiver, clock, sendPublic: sendTo(url(), limits.pushReplyMs), sendLocal })
  })

  server.post('/forward', { onRequest: forForwarders }, async (request, reply) => {
    const asked = forwardRequestSchema.safeParse(jsonOf(request.body))
    if (!asked.success) return fail(reply, 400, 'bad_request', 'not {platform, appid, message}')
    const { message } = asked.data
    const text = typeof message === 'string' ? message : JSON.stringify(message)
    const received = await receiver.forward(asked.data, Buffer.from(text, 'utf8'))
    if (received.kind === 'refused' || received.kind === 'signature_reused') {
      const { platform, appid } = asked.data
      const holder = nameOf(request, config.forwarders)
      const status = statusOf(received.kind === 'refused' ? received.code : received.kind)
      log({ level: 'warning', event: 'forward_refused', status, holder, platform, appid, code: received.kind })
      return reply.code(status).send({ error: received.kind === 'refused' ? received.code : received.kind })
    }
    if (received.kind === 'day_full') return refuseForToday(reply, asked.data)
    log(pushEntry(received, asked.data))
    return { state: received.kind }
  })

  server.get('/healthz', (_request, reply) => {
    store.probe()
    return reply.send({ service: 'prescreen-relay', status: 'ok' })
  })

  server.setNotFoundHandler((request, reply) => turnAway(request, reply, 404, 'not_found'))
  server.setErrorHandler((error, request, reply) => {
    const status = statusOfError(error)
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // Without the message: it may repeat what was sent.
    const level = status < 500 ? 'warning' : 'error'
    log({ level, event: status < 500 ? 'request_refused' : 'failed', status, address: request.ip, code })
    return fail(reply, status, status === 413 ? 'too_large' : status < 500 ? 'bad_request' : 'unavailable')
  })

  const sendLocal: Send = async ({ method, path, body }) => {
    const reply = await server.inject({ method, url: path, ...(body === null ? {} : { payload: body }) })
    return { status: reply.statusCode, body: reply.body }
  }

  await server.listen({ host: config.listen.host, port: config.listen.port })
  const port = portOf(server.server.address())
  const url = () =>
    (config.publicUrl ?? `${tls === null ? 'http' : 'https'}://${hostOf(config)}:${port}`).replace(/\/+$/, '')
  log({ level: 'info', event: 'started', detail: `${config.listen.host}:${port}, ${config.apps.length} apps` })

  const tidy = async () => {
    await shelf.sweep()
    await store.forget({
      eventsMs: clock.now() - config.keepEventDays * dayMs,
      // A signature is refused for its age long before it is forgotten.
      signaturesMs: clock.now() - 4 * pushToleranceMs,
    })
  }
  const keepTidy = async () => {
    while (!closing.signal.aborted) {
      await tidy().catch((error: unknown) => log({ level: 'error', event: 'failed', code: codeOf(error) }))
      await clock.sleep(maintenanceMs, closing.signal).catch(() => undefined)
    }
  }
  const tidying = keepTidy()

  return {
    url: url(),
    port,
    close: async () => {
      if (closing.signal.aborted) return
      closing.abort()
      await server.close()
      await tidying
      await store.close()
      log({ level: 'info', event: 'stopped' })
    },
  }
}

const reusedSignature = 'the signature came before with something else'
const dayFull = 'limits.eventsPerDay of this app is used up'

const eventsQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  wait: z.coerce.number().int().min(0).max(maxWaitSeconds).default(0),
})

function pushEntry(
  received: Exclude<Received, { readonly kind: 'refused' | 'signature_reused' | 'day_full' }>,
  { platform, appid }: Pick<RelayApp, 'platform' | 'appid'>,
): RelayLogEntry {
  const common = { level: 'info', status: 200, platform, appid } as const
  switch (received.kind) {
    case 'stored':
      return { ...common, event: 'push_stored', traceId: received.traceId }
    case 'duplicate':
      return { ...common, event: 'push_duplicate', traceId: received.traceId }
    case 'ignored':
      return { ...common, event: 'push_ignored', detail: received.name }
  }
}

function bare(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-type', 'text/plain; charset=utf-8').send(text)
}

function fail(reply: FastifyReply, status: number, error: RelayErrorCode, detail = ''): FastifyReply {
  return reply.code(status).send({ error, detail })
}

function queryOf(request: FastifyRequest<never> | FastifyRequest): URLSearchParams {
  const url = request.raw.url ?? ''
  const at = url.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
}

function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

function jsonOf(body: unknown): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(body)))
  } catch {
    return undefined
  }
}

/** One household of IPv6 addresses counts as one. */
function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, 8).join('.') : parsed.toString()
}

/** An error of the framework has its status; a problem with the disk or the database passes, and the platform tries again. */
function statusOfError(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 0
  if (status >= 400 && status < 500) return status
  return error instanceof Problem ? 503 : 500
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}

function hostOf({ listen }: RelayConfig): string {
  const host = ['0.0.0.0', '::'].includes(listen.host) ? '127.0.0.1' : listen.host
  return host.includes(':') ? `[${host}]` : host
}

function readTls(files: { readonly certFile: string; readonly keyFile: string }) {
  const read = (file: string) => {
    try {
      return readFileSync(file)
    } catch (error) {
      const code = codeOf(error)
      throw usage(`tls：${file} 读不了（${code}）`, `tls: ${file} cannot be read (${code})`, { cause: error })
    }
  }
  return { cert: read(files.certFile), key: read(files.keyFile) }
}

/** Two would each delete the other's media, and each know of half the workstations that wait. */
function inUse({ dataDir }: RelayConfig): Problem {
  return usage(
    `${dataDir} 正由另一个中继使用。请先停掉它，或在设置里用 dataDir 另选文件夹`,
    `${dataDir} is in use by another relay; stop that one, or choose another folder with dataDir`,
  )
}

function startProblem(error: unknown, { listen, dataDir }: RelayConfig): unknown {
  const code = codeOf(error)
  const at = `${listen.host}:${listen.port}`
  if (code === 'EADDRINUSE') {
    return usage(
      `${at} 已被占用，请在设置里用 listen.port 另选端口`,
      `${at} is in use; choose another port with listen.port`,
      { cause: error },
    )
  }
  if (error instanceof Error && 'syscall' in error && ['listen', 'getaddrinfo'].includes(String(error.syscall))) {
    return usage(`无法监听 ${at}（${code}），请检查设置里的 listen`, `cannot listen on ${at} (${code}); check listen`, {
      cause: error,
    })
  }
  if (/^ERR_(?:OSSL|SSL|TLS|CRYPTO)/.test(code)) {
    return usage(`tls：证书或私钥不能用（${code}）`, `tls: the certificate or its key cannot be used (${code})`, {
      cause: error,
    })
  }
  return problemOf(error, dataDir)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
