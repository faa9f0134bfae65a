import { hash } from 'node:crypto'
import type { ControlMeans } from '../../../../shared/controls.ts'
import type { Profile } from '../../../../shared/profile.ts'
import type { Endpoint } from '../../checkers/platform.ts'
import type { Lane } from '../lane.ts'

/** Material that the endpoint is known to flag. */
export interface Control {
  readonly means: ControlMeans
  /** The text, or the path of the picture; null where the profile names none or the endpoint can have none. */
  readonly given: string | null
}

/** In place of a path: practice profiles send the sandbox its own mark. */
export const practicePicture = 'practice mark'

/** The control that an endpoint has for a profile. */
export function controlOf(profile: Profile, { control }: Endpoint): Control {
  switch (control) {
    case 'keyword':
      return { means: 'keyword', given: profile.controlKeyword }
    case 'picture':
      return { means: 'picture', given: profile.controlImage ?? (profile.practice ? practicePicture : null) }
    case 'push':
      return { means: 'push', given: null }
    default:
      return { means: 'test_string', given: control.testString }
  }
}

/**
 * Identifies a control check: an answer holds for the account, the host, the transport, the format and what was sent, and for nothing
 * else. `what` is the text, or the hash of the picture, because another picture may have its path by now. A practice profile's host is
 * left out: the built-in sandbox has another port at every start.
 */
export function controlKey(
  { profile, transport }: Lane,
  endpoint: Endpoint,
  means: ControlMeans,
  what: string,
): string {
  const { platform, appid, practice, cloud } = profile
  const host = practice ? 'practice' : transport?.baseUrl
  return hash('sha256', JSON.stringify([platform, appid, host, cloud, endpoint.id, endpoint.version, means, what]))
}
