import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RelayApp } from './config.ts'
import { bare, bytesOf, fail, queryOf } from './http.ts'
import type { RelayLog, RelayLogEntry } from './log.ts'
import { isMediaId } from './media-shelf.ts'
import { createRateLimiter } from './rate-limit.ts'
import { type Received, statusOf } from './receive.ts'
import type { RelayServices } from './services.ts'

/** The platforms' side: pushes come in, and media go out. */
export function addPlatformRoutes(server: FastifyInstance, services: RelayServices): void {
  const { config, clock, log, gate, receiver, shelf } = services
  const appsByPath = new Map(config.apps.map(app => [`${app.platform}/${app.path}`, app]))
  const pushLimit = createRateLimiter(config.limits.pushesPerMinute)
  const pushPath = '/push/:platform/:path'
  type PushRoute = { Params: { platform: string; path: string } }
  const appOf = (request: FastifyRequest<PushRoute>) =>
    appsByPath.get(`${request.params.platform}/${request.params.path}`) ?? null

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

  server.get<PushRoute>(pushPath, async (request, reply) => {
    const app = appOf(request)
    if (app === null) return gate.refuse(request, reply, 404, 'not_found')
    const verified = await receiver.verify(app, queryOf(request))
    if (verified.kind === 'refused') return refusePush(request, reply, app, verified.code, verified.detail)
    if (verified.kind === 'signature_reused') return refusePush(request, reply, app, verified.kind, reusedSignature)
    log({ level: 'info', event: 'url_verified', status: 200, platform: app.platform, appid: app.appid })
    // Verbatim: anything around it is a "token 校验失败" (spec §5.2).
    return bare(reply, verified.echo)
  })

  server.post<PushRoute>(pushPath, async (request, reply) => {
    const app = appOf(request)
    if (app === null) return gate.refuse(request, reply, 404, 'not_found')
    const { platform, appid } = app
    if (!pushLimit.take(`${platform}/${appid}`, clock.now())) {
      log({ level: 'warning', event: 'rate_limited', status: 429, platform, appid })
      return fail(reply, 429, 'rate_limited')
    }
    const received = await receiver.receive(app, queryOf(request), bytesOf(request.body))
    if (received.kind === 'refused') return refusePush(request, reply, app, received.code, received.detail)
    if (received.kind === 'signature_reused') return refusePush(request, reply, app, received.kind, reusedSignature)
    if (received.kind === 'day_full') return refuseForToday(reply, app, log)
    log(pushEntry(received, app))
    return bare(reply, 'success')
  })

  server.get<{ Params: { id: string } }>('/m/:id', async (request, reply) => {
    const { id } = request.params
    const found = isMediaId(id) ? await shelf.take(id) : null
    if (found === null) return gate.refuse(request, reply, 404, 'not_found')
    const { row, file } = found
    log({ level: 'info', event: 'media_served', status: 200, bytes: row.sizeBytes, address: request.ip })
    return reply
      .header('content-type', row.mime)
      .header('content-length', row.sizeBytes)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .send(file.createReadStream())
  })
}

/** The platform tries again, and by then somebody may have raised the limit. */
export function refuseForToday(
  reply: FastifyReply,
  { platform, appid }: Pick<RelayApp, 'platform' | 'appid'>,
  log: RelayLog,
): FastifyReply {
  log({ level: 'error', event: 'push_refused', status: 429, platform, appid, code: 'day_full', detail: dayFull })
  return fail(reply, 429, 'rate_limited', dayFull)
}

const reusedSignature = 'the signature came before with something else'
const dayFull = 'limits.eventsPerDay of this app is used up'

export function pushEntry(
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
