import type { Profile } from '../../../shared/profile.ts'
import type { AssetDetail } from '../../../shared/screening.ts'
import { endpointKind } from '../../base/endpoint-name.ts'

/** The route by which a profile has the asset checked: in the call, or by address with an answer by push. */
export interface CheckRoute {
  readonly profile: string
  readonly route: 'sync' | 'async' | 'both'
  /** Host of the relay that receives the push; null when the profile has none (any more). */
  readonly relay: string | null
}

/** As the calls say; a recording can only go one way, so that is known before the first call. */
export function routesOf(
  detail: Pick<AssetDetail, 'kind' | 'results' | 'checks'>,
  profiles: readonly Profile[],
): readonly CheckRoute[] {
  return detail.results.flatMap(({ profile }): CheckRoute[] => {
    const kinds = detail.checks.filter(check => check.profile === profile).map(check => endpointKind(check.endpoint))
    const isAsync = detail.kind === 'audio' || kinds.includes('media')
    const isSync = kinds.some(kind => kind !== 'media')
    if (!isAsync && !isSync) return []
    const url = profiles.find(known => known.id === profile)?.relay?.url ?? null
    return [
      { profile, route: isAsync ? (isSync ? 'both' : 'async') : 'sync', relay: url === null ? null : hostOf(url) },
    ]
  })
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

/** Since when a profile's result is awaited and when it is given up; null when it is not. */
export function awaitedOf(
  detail: Pick<AssetDetail, 'results' | 'checks'>,
  profile: string,
): { readonly since: number | null; readonly due: number | null } | null {
  const result = detail.results.find(known => known.profile === profile)
  if (result?.state !== 'awaiting') return null
  const dues = detail.checks.flatMap(check => (check.profile === profile && check.dueAt !== null ? [check.dueAt] : []))
  // The result stands once its last push is there or given up.
  return { since: result.screenedAt, due: dues.length === 0 ? null : Math.max(...dues) }
}
