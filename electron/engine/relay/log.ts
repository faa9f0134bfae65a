import type { PlatformId } from '../../../shared/domain.ts'

/** One line of the relay's log. Never content, a key, a token, a signature, or the path of an app or of media. */
export interface RelayLogEntry {
  readonly level: 'info' | 'warning' | 'error'
  readonly event:
    | 'started'
    | 'stopped'
    | 'url_verified'
    | 'push_stored'
    | 'push_duplicate'
    | 'push_ignored'
    | 'push_refused'
    | 'media_stored'
    | 'media_served'
    | 'media_refused'
    | 'forward_refused'
    | 'key_refused'
    | 'rate_limited'
    | 'request_refused'
    | 'failed'
  readonly status?: number
  readonly platform?: PlatformId
  readonly appid?: string
  readonly traceId?: string
  /** Name of a workstation or forwarder. */
  readonly holder?: string
  readonly address?: string
  readonly bytes?: number
  readonly code?: string
  readonly detail?: string
}

export type RelayLog = (entry: RelayLogEntry) => void

/** One line of JSON per entry on the standard output, for whatever collects a service's log. */
export const logToStdout: RelayLog = entry => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`)
}
