import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type FastifyInstance, fastify } from 'fastify'
import { Problem, usage } from '../../../shared/problems.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { takeLock } from '../base/file-lock.ts'
import { problemOf } from '../base/sqlite/problem-of.ts'
import { maxPushBytes } from '../checkers/wechat/push/document.ts'
import { pushToleranceMs } from '../checkers/wechat/push/verify.ts'
import type { RelayConfig } from './config.ts'
import { createDoorbell } from './doorbell.ts'
import { createGate } from './gate.ts'
import { fail } from './http.ts'
import { logToStdout, type RelayLog } from './log.ts'
import { openMediaShelf } from './media-shelf.ts'
import { addPlatformRoutes } from './platform-routes.ts'
import { createReceiver } from './receive.ts'
import type { RelayServices } from './services.ts'
import { openRelayStore, type RelayStore } from './store.ts'
import { addWorkstationRoutes } from './workstation-routes.ts'

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
  const server = createServer(config, tls)
  const url = () =>
    (
      config.publicUrl ?? `${tls === null ? 'http' : 'https'}://${hostOf(config)}:${portOf(server.server.address())}`
    ).replace(/\/+$/, '')
  const gate = createGate(config.limits, clock, log)
  const services = { config, store, clock, log, gate, receiver, shelf, bell, url, closing: closing.signal }
  addPlatformRoutes(server, services)
  addWorkstationRoutes(server, services)
  addCommonRoutes(server, services)

  await server.listen({ host: config.listen.host, port: config.listen.port })
  log({
    level: 'info',
    event: 'started',
    detail: `${config.listen.host}:${portOf(server.server.address())}, ${config.apps.length} apps`,
  })
  const tidying = keepTidy(services)

  return {
    url: url(),
    port: portOf(server.server.address()),
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

function createServer(
  config: RelayConfig,
  tls: { readonly cert: Buffer; readonly key: Buffer } | null,
): FastifyInstance {
  const server: FastifyInstance = fastify({
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
  return server
}

function addCommonRoutes(server: FastifyInstance, { store, log, gate }: RelayServices): void {
  server.get('/healthz', (_request, reply) => {
    store.probe()
    return reply.send({ service: 'prescreen-relay', status: 'ok' })
  })

  server.setNotFoundHandler((request, reply) => gate.refuse(request, reply, 404, 'not_found'))
  server.setErrorHandler((error, request, reply) => {
    const status = statusOfError(error)
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    // Without the message: it may repeat what was sent.
    const level = status < 500 ? 'warning' : 'error'
    log({ level, event: status < 500 ? 'request_refused' : 'failed', status, address: request.ip, code })
    return fail(reply, status, status === 413 ? 'too_large' : status < 500 ? 'bad_request' : 'unavailable')
  })
}

async function keepTidy({ config, store, shelf, clock, log, closing }: RelayServices): Promise<void> {
  const tidy = async () => {
    await shelf.sweep()
    await store.forget({
      eventsMs: clock.now() - config.keepEventDays * dayMs,
      // A signature is refused for its age long before it is forgotten.
      signaturesMs: clock.now() - 4 * pushToleranceMs,
    })
  }
  while (!closing.aborted) {
    await tidy().catch((error: unknown) => log({ level: 'error', event: 'failed', code: codeOf(error) }))
    await clock.sleep(maintenanceMs, closing).catch(() => undefined)
  }
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
