import type { CheckRequest } from '../../../electron/engine/checkers/platform.ts'
import type { ImagePart, MediaUrlPart, PartPlace, TextPart } from '../../../shared/domain.ts'

const place: PartPlace = { name: 'whole', rect: null, frame: null, range: null, line: null, column: null }

export function textPart(text: string): TextPart {
  return { ...place, kind: 'text', text }
}

export function imagePart(bytes: Uint8Array, mime: ImagePart['mime'] = 'image/jpeg'): ImagePart {
  return { ...place, kind: 'image', bytes, mime, width: 10, height: 10, transform: 'fit' }
}

export function mediaPart(mediaType: MediaUrlPart['mediaType'] = 'image'): MediaUrlPart {
  return { ...place, kind: 'media-url', url: 'https://cdn.example/图.jpg', mediaType }
}

export const token = 'TOKEN_abc-123_DEF'
export const openid = 'oXyZ_0123456789abcdef'
export const appid = 'wx0123456789abcdef'

const common = { appid, accessToken: token, openid: null, text: { openids: [], scene: 2 } } as const

/** One well-formed request for every endpoint and format there is. */
export const requests = {
  wechatTextV1: { ...common, endpoint: 'wechat.msg_sec_check', part: textPart('限时优惠') },
  wechatTextV2: {
    ...common,
    endpoint: 'wechat.msg_sec_check',
    part: textPart('限时优惠'),
    openid,
    text: { openids: [openid], scene: 2 },
  },
  wechatImage: { ...common, endpoint: 'wechat.img_sec_check', part: imagePart(Buffer.from([0xff, 0xd8, 0xff, 0])) },
  wechatMediaV1: { ...common, endpoint: 'wechat.media_check_async', part: mediaPart() },
  wechatMediaV2: {
    ...common,
    endpoint: 'wechat.media_check_async',
    part: mediaPart('audio'),
    openid,
    text: { openids: [openid], scene: 4 },
  },
  qqText: { ...common, endpoint: 'qq.MsgSecCheck', part: textPart('限时优惠') },
  qqImage: { ...common, endpoint: 'qq.ImgSecCheck', part: imagePart(Buffer.from([0x89, 0x50]), 'image/png') },
  qqMedia: { ...common, endpoint: 'qq.MediaCheckAsync', part: mediaPart() },
} as const satisfies Record<string, CheckRequest>

export type RequestName = keyof typeof requests
export const requestNames = Object.keys(requests) as RequestName[]
