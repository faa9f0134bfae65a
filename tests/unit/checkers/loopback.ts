import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent } from 'undici'
import type { Transport } from '../../../electron/engine/checkers/platform.ts'

/** A request as it came over the wire. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly url: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

export type Answer = (response: ServerResponse, received: Received, request: IncomingMessage) => void

export interface Loopback {
  readonly transport: Transport
  readonly received: Received[]
  answer: Answer
  [Symbol.asyncDispose](): Promise<void>
}

/** A real HTTP server on this machine, and a transport that leads to it. */
export async function startLoopback(
  answer: Answer = json({}),
  timeouts: Partial<Pick<Transport, 'headersTimeoutMs' | 'bodyTimeoutMs'>> = {},
): Promise<Loopback> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://loopback')
      const pairs = request.rawHeaders.flatMap((name, i, all) =>
        i % 2 === 0 ? [[name.toLowerCase(), all[i + 1] ?? ''] as const] : [],
      )
      const one: Received = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        url: request.url ?? '',
        headers: new Map(pairs),
        body: Buffer.concat(chunks),
      }
      received.push(one)
      loopback.answer(response, one, request)
    })
  })
  // Never ends an idle connection: a machine that stands still for seconds would have it end one under a request.
  server.keepAliveTimeout = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const dispatcher = new Agent({ connections: 8, connect: { timeout: 600_000 } })
  const loopback: Loopback = {
    received,
    answer,
    transport: {
      dispatcher,
      baseUrl: `http://127.0.0.1:${address.port}`,
      headersTimeoutMs: 600_000,
      bodyTimeoutMs: 600_000,
      ...timeouts,
    },
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy()
      server.closeAllConnections()
      await new Promise(closed => server.close(closed))
    },
  }
  return loopback
}

export function json(value: unknown, status = 200): Answer {
  return text(JSON.stringify(value), status)
}

export function text(body: string | Buffer, status = 200, headers: Record<string, string> = {}): Answer {
  return response => {
    response.writeHead(status, headers).end(body)
  }
}
