import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RelayErrorCode } from './protocol.ts'

export function bare(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-type', 'text/plain; charset=utf-8').send(text)
}

export function fail(reply: FastifyReply, status: number, error: RelayErrorCode, detail = ''): FastifyReply {
  return reply.code(status).send({ error, detail })
}

export function queryOf(request: FastifyRequest<never> | FastifyRequest): URLSearchParams {
  const url = request.raw.url ?? ''
  const at = url.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1))
}

export function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

export function jsonOf(body: unknown): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(body)))
  } catch {
    return undefined
  }
}
