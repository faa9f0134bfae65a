import type { PlatformId } from '../../../shared/domain.ts'
import type { Platform } from './platform.ts'
import { qq } from './qq/qq.ts'
import { wechat } from './wechat/wechat.ts'

/** Every platform that the product speaks to; a new one is a folder here and an entry below. */
const platforms: Readonly<Record<PlatformId, Platform>> = { wechat, qq }

export const allPlatforms: readonly Platform[] = Object.values(platforms)

export function platformOf(id: PlatformId): Platform {
  return platforms[id]
}
