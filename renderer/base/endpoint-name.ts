import type { EndpointId } from '../../shared/domain.ts'

/** What an endpoint checks, by its name; the platforms spell theirs differently (`img_sec_check`, `ImgSecCheck`). */
export function endpointKind(endpoint: EndpointId): 'image' | 'text' | 'media' | 'other' {
  const name = apiName(endpoint)
  if (/media/i.test(name)) return 'media'
  if (/img|image/i.test(name)) return 'image'
  return /msg|text/i.test(name) ? 'text' : 'other'
}

/** The platform's own name of the API, without the platform. */
export function apiName(endpoint: EndpointId): string {
  return endpoint.slice(endpoint.indexOf('.') + 1)
}
