import type { Clock } from '../base/clock.ts'
import type { Pacer } from '../pacer/contract.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { Lane } from './lane.ts'

/** The platform's own count is read at most this often (spec §7.3). */
const quotaReadingMs = 15 * 60_000

/** Tells the pacer what a platform itself counts for a profile, where the platform can be asked. What fails is asked another time. */
export function createQuotaReader(services: {
  readonly clock: Clock
  readonly tokens: Tokens
  readonly pacer: Pacer
  readonly signal: AbortSignal
}): (lane: Lane) => Promise<void> {
  const { clock, tokens, pacer, signal } = services
  const quotaReadAt = new Map<string, number>()
  return async lane => {
    if (lane.needs === 'nothing') return
    const { readQuota } = lane.platform
    if (readQuota === null) return
    const paths = new Map(
      lane.platform.endpoints.flatMap(endpoint =>
        endpoint.quotaPath === null ? [] : [[endpoint.id, endpoint.quotaPath]],
      ),
    )
    for (const [endpoint, quotaPath] of paths) {
      const key = `${lane.profile.appid} ${endpoint} ${lane.transport.baseUrl}`
      if (clock.now() - (quotaReadAt.get(key) ?? Number.NEGATIVE_INFINITY) < quotaReadingMs) continue
      quotaReadAt.set(key, clock.now())
      const token = await tokens.get(lane.tokenRequest, signal).catch(() => null)
      if (token === null || token.kind === 'failure') return
      const { value, parameter } = token.token
      const reading = await readQuota(
        lane.transport,
        { quotaPath, accessToken: value, tokenParameter: parameter },
        signal,
      ).catch(() => null)
      if (reading?.kind === 'quota' && !signal.aborted)
        pacer.reading({ appid: lane.profile.appid, endpoint }, reading.quota)
    }
  }
}
