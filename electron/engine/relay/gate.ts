import type { FastifyReply, FastifyRequest } from 'fastify'
import ipaddr from 'ipaddr.js'
import type { Clock } from '../base/clock.ts'
import type { KeyHolder, RelayConfig } from './config.ts'
import { fail } from './http.ts'
import { holderOf } from './keys.ts'
import type { RelayLog } from './log.ts'
import type { RelayErrorCode } from './protocol.ts'
import { createRateLimiter } from './rate-limit.ts'

/** Who is let in. */
export interface Gate {
  /** Refuses who has no business here. Only such requests count, so that nobody can use up another's right to be served. */
  refuse(request: FastifyRequest, reply: FastifyReply, status: 401 | 404, code: RelayErrorCode): FastifyReply
  /** A hook that lets holders of one of these keys in, as often as each may come. */
  withKey(
    holders: readonly KeyHolder[],
  ): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
}

export function createGate(limits: RelayConfig['limits'], clock: Clock, log: RelayLog): Gate {
  const requestLimit = createRateLimiter(limits.requestsPerMinute)
  const refusalLimit = createRateLimiter(limits.refusalsPerMinute)
  const refuse: Gate['refuse'] = (request, reply, status, code) => {
    const isWithin = refusalLimit.take(addressKey(request.ip), clock.now())
    const event = status === 401 ? 'key_refused' : 'request_refused'
    if (isWithin) log({ level: 'warning', event, status, address: request.ip })
    return isWithin ? fail(reply, status, code) : fail(reply, 429, 'rate_limited')
  }
  return {
    refuse,
    withKey: holders => async (request, reply) => {
      const holder = holderOf(request.headers.authorization, holders)
      if (holder === null) return refuse(request, reply, 401, 'key_refused')
      if (requestLimit.take(holder.name, clock.now())) return undefined
      log({ level: 'warning', event: 'rate_limited', status: 429, holder: holder.name })
      return fail(reply, 429, 'rate_limited')
    },
  }
}

/** One household of IPv6 addresses counts as one. */
function addressKey(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv6' ? parsed.toByteArray().slice(0, 8).join('.') : parsed.toString()
}
