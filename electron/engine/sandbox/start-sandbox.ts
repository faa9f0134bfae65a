import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { PlatformId } from '../../../shared/domain.ts'
import type { RateLimit } from '../../../shared/limits.ts'
import { type Clock, systemClock } from '../base/clock.ts'
import { createCallMeter, type EndpointStats } from './call-meter.ts'
import { cloudRoute } from './cloud-route.ts'
import { documentedRates, endpointPaths, minuteLimitCode, platformOfPath, type SandboxEndpoint } from './endpoints.ts'
import { createFaultPlanner, type FaultScript, type FinalFault } from './fault-script.ts'
import { garbage, htmlPage } from './garbage.ts'
import { createImageJudge, type ImageVerdicts, type PixelLimit } from './image-judge.ts'
import type { IpAllowList } from './ip-allow-list.ts'
import { type PracticeApp, practiceApps } from './practice-apps.ts'
import { qqRoutes } from './qq-routes.ts'
import { type Answer, createReplyWriter, type Dialect, withoutHit } from './replies.ts'
import { type Call, code, type House, type Route, type Submission } from './routes.ts'
import { createTokenOffice } from './token-office.ts'
import { wechatRoutes } from './wechat-routes.ts'

export interface SandboxOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number
  readonly clock?: Clock
  readonly apps?: readonly PracticeApp[]
  /** In place of the documented rates of these endpoints. */
  readonly rates?: Readonly<Partial<Record<SandboxEndpoint, RateLimit>>>
  readonly pixelLimit?: PixelLimit
  /** `by_mark` unless a benchmark wants the cheaper `all_pass`. */
  readonly imageVerdicts?: ImageVerdicts
  /** Makes WeChat's token endpoints answer 40164 unless the pretended address is on the list. */
  readonly ipAllowList?: IpAllowList
  /** Before each answer. */
  readonly latencyMs?: number
  readonly script?: FaultScript
}

export interface Sandbox {
  /** Without a slash at its end; the base address of both platforms. */
  readonly url: string
  readonly port: number
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
 * Starts a stand-in for both platforms on loopback: practice, not the platform's judgement (docs/sandbox.md). Written from
 * the protocol reference alone, so that a client which is wrong is refused here as it would be there.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = options.clock ?? systemClock
  const rates = { ...documentedRates, ...options.rates }
  const listeners = new Set<(submission: Submission) => void>()
  const closing = new AbortController()
  const house: House = {
    apps: options.apps ?? practiceApps,
    tokens: createTokenOffice(),
    meter: createCallMeter(rates),
    rates,
    replies: createReplyWriter(clock),
    judgeImage: createImageJudge(options.pixelLimit ?? 'documented', options.imageVerdicts ?? 'by_mark'),
    ipAllowList: options.ipAllowList ?? null,
    submit: submission => {
      for (const listener of listeners) listener(submission)
    },
    planFault: createFaultPlanner(options.script ?? { seed: 1, rules: [] }),
    pause: ms => clock.sleep(ms, closing.signal),
  }
  const routes = new Map(
    [...wechatRoutes(house), cloudRoute(house), ...qqRoutes(house)].map(route => [
      endpointPaths[route.endpoint],
      route,
    ]),
  )

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const nowMs = clock.now()
    const target = request.url ?? '/'
    const queryAt = target.indexOf('?')
    const path = queryAt < 0 ? target : target.slice(0, queryAt)
    const send = (dialect: Dialect, answer: Answer) =>
      sendText(response, 200, contentTypes[dialect], house.replies.write(dialect, answer))

    const route = routes.get(path)
    if (route === undefined) {
      await readBody(request)
      const platform = platformOfPath(path)
      send(platform, unknownPath[platform])
      return
    }
    if (request.method !== route.method) {
      await readBody(request)
      send(route.dialect, code(route.method === 'POST' ? 43002 : 43001))
      return
    }
    // Streamed bodies do not get past the platform's gateway (spec §8.2), whatever the endpoint.
    if (route.method === 'POST' && request.headers['content-length'] === undefined) {
      await readBody(request)
      sendText(response, 412, 'text/plain', 'Precondition Failed')
      return
    }

    // Decided on arrival, because bodies may come in another order than heads.
    const planned = house.planFault(route.endpoint)
    const head: Call = {
      query: new URLSearchParams(queryAt < 0 ? '' : target.slice(queryAt + 1)),
      contentType: request.headers['content-type'],
      body: Buffer.alloc(0),
      nowMs,
    }
    const early = isTokenEndpoint(route) ? null : admit(house, route, head)
    const body = await readBody(request)
    if (body === 'too_large') {
      response.shouldKeepAlive = false
      sendText(response, 413, 'text/plain', 'Payload Too Large')
      return
    }
    const whole = { ...head, body }
    const admission = early ?? admit(house, route, whole)

    const waitMs = (options.latencyMs ?? 0) + planned.delayMs
    if (waitMs > 0) await house.pause(waitMs)
    const answer = async () => ('refusal' in admission ? admission.refusal : route.answer(whole, admission.app))
    if (planned.fault === null) send(route.dialect, await answer())
    else await playFault(planned.fault, response, route.dialect, answer, house)
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
    apps: house.apps,
    stats: () => house.meter.stats(),
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

/** WeChat has a code for a mistyped path; QQ was seen to answer negative numbers without a word (spec §4.6, §6.2). */
const unknownPath: Readonly<Record<PlatformId, Answer>> = {
  wechat: code(40066),
  qq: { kind: 'code', code: -1009, message: '' },
}

/** WeChat declares `encoding`, which no client may depend on (spec §0). */
const contentTypes: Readonly<Record<Dialect, string>> = {
  wechat: 'application/json; encoding=utf-8',
  'qq-token': 'application/json',
  qq: 'application/json',
}

/** Token endpoints name the app by its appid, `stable_token` in the body; the others by the token in the query. */
function isTokenEndpoint({ endpoint }: Route): boolean {
  return endpoint === 'wechat.token' || endpoint === 'wechat.stable_token' || endpoint === 'qq.token'
}

type Admitted = { readonly app: PracticeApp } | { readonly refusal: Answer }

function admit(house: House, route: Route, call: Call): Admitted {
  const caller = route.caller(call)
  const appid = caller.kind === 'app' ? caller.app.appid : null
  const admission = house.meter.arrive(route.endpoint, appid, call.nowMs)
  if (caller.kind === 'refused') return { refusal: code(caller.code) }
  switch (admission) {
    case 'admitted':
      return { app: caller.app }
    case 'minute_full':
      return { refusal: code(minuteLimitCode(route.endpoint)) }
    case 'day_full':
      return { refusal: code(45009) }
  }
}

async function playFault(
  fault: FinalFault,
  response: ServerResponse,
  dialect: Dialect,
  answer: () => Promise<Answer>,
  house: House,
): Promise<void> {
  if (fault === 'reset') {
    response.socket?.resetAndDestroy()
  } else if (fault === 'pass') {
    sendText(response, 200, contentTypes[dialect], house.replies.write(dialect, withoutHit(await answer())))
  } else if ('errcode' in fault) {
    const { errcode, errmsg } = fault
    const text = house.replies.write(dialect, {
      kind: 'code',
      code: errcode,
      ...(errmsg === undefined ? {} : { message: errmsg }),
    })
    sendText(response, 200, contentTypes[dialect], text)
  } else if ('http' in fault) {
    // A redirect leads to a host that does not exist, with what would be a leak of the token if it were followed.
    if (fault.http < 400) response.setHeader('Location', 'http://elsewhere.invalid/')
    sendText(response, fault.http, 'text/html', htmlPage(String(fault.http)))
  } else if ('raw' in fault) {
    sendText(response, 200, contentTypes[dialect], fault.raw)
  } else {
    if (fault.garbage === 'truncated') {
      sendHalf(response, contentTypes[dialect], house.replies.write(dialect, await answer()))
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
