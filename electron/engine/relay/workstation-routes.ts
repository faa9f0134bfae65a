import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { limits } from '../../../shared/limits.ts'
import type { KeyHolder } from './config.ts'
import { bytesOf, fail, jsonOf, queryOf } from './http.ts'
import { holderOf } from './keys.ts'
import { pushEntry, refuseForToday } from './platform-routes.ts'
import { forwardRequestSchema, maxWaitSeconds, selfTestRequestSchema } from './protocol.ts'
import { statusOf } from './receive.ts'
import { runSelfTest, type Send, sendTo } from './self-test.ts'
import type { RelayServices } from './services.ts'

const eventsQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  wait: z.coerce.number().int().min(0).max(maxWaitSeconds).default(0),
})

/** The workstations' side: media come in, events go out; and what forwards the pushes of another receiver. */
export function addWorkstationRoutes(server: FastifyInstance, services: RelayServices): void {
  const { config, store, clock, log, gate, receiver, shelf, bell, url, closing } = services
  const forWorkstations = gate.withKey(config.workstations)
  const sendLocal: Send = async ({ method, path, body }) => {
    const reply = await server.inject({ method, url: path, ...(body === null ? {} : { payload: body }) })
    return { status: reply.statusCode, body: reply.body }
  }

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
    await bell.wait(wait * 1000, AbortSignal.any([gone.signal, closing]))
    return { events: closing.aborted ? [] : store.eventsAfter(after) }
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

  server.post('/forward', { onRequest: gate.withKey(config.forwarders) }, async (request, reply) => {
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
    if (received.kind === 'day_full') return refuseForToday(reply, asked.data, log)
    log(pushEntry(received, asked.data))
    return { state: received.kind }
  })
}

function nameOf(request: FastifyRequest, holders: readonly KeyHolder[]): string {
  return holderOf(request.headers.authorization, holders)?.name ?? ''
}
