import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { RateLimit } from '../../../shared/limits.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { createCallMeter, type EndpointStats } from './call-meter.ts'
import { createFaultPlanner, type FaultScript, type FinalFault } from './fault-script.ts'
import { garbage, htmlPage } from './garbage.ts'
import { createImageJudge, type ImageVerdicts, type PixelLimit } from './image-judge.ts'
import type { IpAllowList } from './ip-allow-list.ts'
import type {
  Answer,
  Call,
  Dialect,
  Practice,
  PracticeApp,
  PracticeRoutes,
  Route,
  SandboxKit,
  Submission,
} from './practice.ts'

export interface SandboxOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number
  readonly clock?: Clock
  /** In place of the practice apps of the platforms. */
  readonly apps?: readonly PracticeApp[]
  /** In place of the documented rates of these endpoints. */
  readonly rates?: Readonly<Record<string, RateLimit>>
  readonly pixelLimit?: PixelLimit
  /** `by_mark` unless a benchmark wants the cheaper `all_pass`. */
  readonly imageVerdicts?: ImageVerdicts
  /** Makes token endpoints refuse the caller unless the pretended address is on the list, where the platform has such a list. */
  readonly ipAllowList?: IpAllowList
  /** Before each answer. */
  readonly latencyMs?: number
  readonly script?: FaultScript
}

export interface Sandbox {
  /** Without a slash at its end; the base address of all platforms. */
  readonly url: string
  readonly port: number
  readonly practices: readonly Practice[]
  readonly apps: readonly PracticeApp[]
  /** One row per endpoint and appid that was called. */
  stats(): readonly EndpointStats[]
  /** Calls back for each asynchronous check taken, before its reply leaves; returns how to stop. */
  onSubmission(listener: (submission: Submission) => void): () => void
  /** Drops open connections and frees the port; a second time changes nothing. */
  close(): Promise<void>
}

/** Enough for every documented request many times over; a guard for the machine, not a rule of the platform. */
const bodyMaxBytes = 16_000_000

/**
 * Starts a stand-in for the platforms whose practices it is given, on loopback: practice, not a platform's judgement
 * (docs/sandbox.md). Written from the protocol reference alone, so that a client which is wrong is refused here as it would be there.
 */
export async function startSandbox(practices: readonly Practice[], options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = options.clock ?? systemClock
  const listeners = new Set<(submission: Submission) => void>()
  const closing = new AbortController()
  const kit = createKit(practices, options, {
    clock,
    submit: submission => {
      for (const listener of listeners) listener(submission)
    },
    pause: ms => clock.sleep(ms, closing.signal),
  })
  const { routeOf, unknownPathOf } = createRouter(practices, kit)

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const nowMs = clock.now()
    const target = request.url ?? '/'
    const queryAt = target.indexOf('?')
    const path = queryAt < 0 ? target : target.slice(0, queryAt)
    const send = (dialect: Dialect, answer: Answer) =>
      sendText(response, 200, dialect.contentType, dialect.write(answer))

    const route = routeOf(path)
    if (route === undefined) {
      await readBody(request)
      const unknown = unknownPathOf(path)
      if (unknown === null) sendText(response, 404, 'text/plain', 'Not Found')
      else send(unknown.dialect, unknown.answer)
      return
    }
    if (request.method !== route.method) {
      await readBody(request)
      send(route.dialect, route.refusals.wrongMethod)
      return
    }
    // Streamed bodies do not get past the platform's gateway (spec §8.2), whatever the endpoint.
    if (route.method === 'POST' && request.headers['content-length'] === undefined) {
      await readBody(request)
      sendText(response, 412, 'text/plain', 'Precondition Failed')
      return
    }

    // Decided on arrival, because bodies may come in another order than heads.
    const planned = kit.planFault(route.endpoint)
    const head: Call = {
      query: new URLSearchParams(queryAt < 0 ? '' : target.slice(queryAt + 1)),
      headers: request.headers,
      contentType: request.headers['content-type'],
      body: Buffer.alloc(0),
      nowMs,
    }
    const early = route.isKnownByHead ? admit(kit, route, head) : null
    const body = await readBody(request)
    if (body === 'too_large') {
      response.shouldKeepAlive = false
      sendText(response, 413, 'text/plain', 'Payload Too Large')
      return
    }
    const whole = { ...head, body }
    const admission = early ?? admit(kit, route, whole)

    const waitMs = (options.latencyMs ?? 0) + planned.delayMs
    if (waitMs > 0) await kit.pause(waitMs)
    const answer = async () => ('refusal' in admission ? admission.refusal : route.answer(whole, admission.app))
    if (planned.fault === null) send(route.dialect, await answer())
    else await playFault(planned.fault, response, route.dialect, answer)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // The caller went away, or the sandbox is being closed. Anything else is a defect of the sandbox and must not look
      // like an answer of the platform.
      if (closing.signal.aborted || request.socket.destroyed || response.headersSent) response.destroy()
      else sendText(response, 500, 'text/plain', `sandbox: ${error instanceof Error ? error.message : String(error)}`)
    })
  })
  // Longer than a client's pool keeps a connection, so that the sandbox never closes one under a request.
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  let closed: Promise<void> | null = null
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The sandbox listens on no port.')

  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    practices,
    apps: kit.apps,
    stats: () => kit.meter.stats(),
    onSubmission(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closing.abort(new Error('The sandbox is closed.'))
      closed ??= new Promise(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

function createKit(
  practices: readonly Practice[],
  options: SandboxOptions,
  given: Pick<SandboxKit, 'clock' | 'submit' | 'pause'>,
): SandboxKit {
  const documented = practices.flatMap(({ endpoints }) => endpoints.map(({ id, rate }) => [id, rate] as const))
  const rates: Readonly<Record<string, RateLimit>> = { ...Object.fromEntries(documented), ...options.rates }
  return {
    ...given,
    apps: options.apps ?? practices.flatMap(practice => practice.apps),
    meter: createCallMeter(rates),
    rates,
    judgeImage: createImageJudge(options.pixelLimit ?? 'documented', options.imageVerdicts ?? 'by_mark'),
    ipAllowList: options.ipAllowList ?? null,
    planFault: createFaultPlanner(options.script ?? { seed: 1, rules: [] }),
  }
}

/** All platforms share one port: a path belongs to the practice that has a route for it, else to the one with the longest prefix. */
function createRouter(practices: readonly Practice[], kit: SandboxKit) {
  const opened = practices.map(practice => ({ practice, ...practice.open(kit) }))
  const paths = new Map(practices.flatMap(({ endpoints }) => endpoints.map(({ id, path }) => [id, path] as const)))
  const routes = new Map(opened.flatMap(each => each.routes.map(route => [paths.get(route.endpoint), route] as const)))
  const byLength = opened.toSorted((a, b) => b.practice.pathPrefix.length - a.practice.pathPrefix.length)
  return {
    routeOf: (path: string): Route | undefined => routes.get(path),
    unknownPathOf: (path: string): PracticeRoutes['unknownPath'] | null =>
      byLength.find(({ practice }) => path.startsWith(practice.pathPrefix))?.unknownPath ?? null,
  }
}

type Admitted = { readonly app: PracticeApp } | { readonly refusal: Answer }

function admit(kit: SandboxKit, route: Route, call: Call): Admitted {
  const caller = route.caller(call)
  const appid = caller.kind === 'app' ? caller.app.appid : null
  const admission = kit.meter.arrive(route.endpoint, appid, call.nowMs)
  if (caller.kind === 'refused') return { refusal: caller.answer }
  switch (admission) {
    case 'admitted':
      return { app: caller.app }
    case 'minute_full':
      return { refusal: route.refusals.minuteFull }
    case 'day_full':
      return { refusal: route.refusals.dayFull }
  }
}

async function playFault(
  fault: FinalFault,
  response: ServerResponse,
  dialect: Dialect,
  answer: () => Promise<Answer>,
): Promise<void> {
  if (fault === 'reset') {
    response.socket?.resetAndDestroy()
  } else if (fault === 'pass') {
    sendText(response, 200, dialect.contentType, dialect.write(dialect.withoutHit(await answer())))
  } else if ('errcode' in fault) {
    const { errcode, errmsg } = fault
    const text = dialect.write({
      kind: 'code',
      code: errcode,
      ...(errmsg === undefined ? {} : { message: errmsg }),
    })
    sendText(response, 200, dialect.contentType, text)
  } else if ('http' in fault) {
    // A redirect leads to a host that does not exist, with what would be a leak of the token if it were followed.
    if (fault.http < 400) response.setHeader('Location', 'http://elsewhere.invalid/')
    sendText(response, fault.http, 'text/html', htmlPage(String(fault.http)))
  } else if ('raw' in fault) {
    sendText(response, 200, dialect.contentType, fault.raw)
  } else {
    if (fault.garbage === 'truncated') {
      sendHalf(response, dialect.contentType, dialect.write(await answer()))
      return
    }
    const { contentType, body } = garbage[fault.garbage]
    sendText(response, 200, contentType, body)
  }
}

function sendText(response: ServerResponse, status: number, contentType: string, body: string | Buffer): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) }).end(body)
}

/** Announces the whole reply and hangs up halfway. */
function sendHalf(response: ServerResponse, contentType: string, body: string): void {
  const bytes = Buffer.from(body)
  response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': bytes.length })
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy())
}

/** The whole body; what is too large is still read to its end, because a reply before that reaches nobody. */
async function readBody(request: IncomingMessage): Promise<Buffer | 'too_large'> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= bodyMaxBytes) chunks.push(chunk)
  }
  if (size > bodyMaxBytes) return 'too_large'
  const [only] = chunks
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
}
