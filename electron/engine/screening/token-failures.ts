import type { FailureCode } from '../../../shared/failures.ts'

/** Failures that say something about the access token, and not about the quota or the network. */
export const tokenFailures: ReadonlySet<FailureCode> = new Set([
  'secret_missing',
  'secret_rejected',
  'secret_frozen',
  'appid_rejected',
  'ip_not_allowed',
  'admin_confirmation',
  'admin_refused',
  'token_rejected',
  'token_superseded',
  'token_quota',
  'broker_unavailable',
  'broker_refused',
  'broker_malformed',
])
