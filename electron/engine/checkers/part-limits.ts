import { type Failure, failure } from '../../../shared/conclusion.ts'
import type { Part } from '../../../shared/domain.ts'
import { limits, type TextLimit } from '../../../shared/limits.ts'
import { detailOf } from '../base/detail.ts'
import type { Endpoint } from './platform.ts'

/**
 * Why a part must not be sent to an endpoint, or null. The platforms are no help here: over-long text has come back as
 * "ok" with nothing examined (spec §2.1), and an empty one is a malformed request (44002).
 */
export function refusalOf(part: Part, endpoint: Endpoint): Failure | null {
  switch (part.kind) {
    case 'text':
      if (part.text === '') return failure('INPUT', 'empty', detailOf('empty_part'))
      return endpoint.textLimit === null ? null : textRefusal(part.text, endpoint.textLimit)
    case 'image': {
      const sizeBytes = part.bytes.byteLength
      if (sizeBytes === 0) return failure('INPUT', 'empty', detailOf('empty_part'))
      if (sizeBytes <= limits.imageMaxBytes) return null
      const facts = { count: sizeBytes, limit: limits.imageMaxBytes }
      return failure('INPUT', 'media_size_refused', detailOf('bytes_over', facts))
    }
    case 'media-url':
      return part.url === '' ? failure('INPUT', 'empty', detailOf('empty_part')) : null
  }
}

function textRefusal(text: string, { unit, max }: TextLimit): Failure | null {
  const size = unit === 'utf16' ? text.length : Buffer.byteLength(text, 'utf8')
  const detail = detailOf(unit === 'utf16' ? 'units_over' : 'bytes_over', { count: size, limit: max })
  return size <= max ? null : failure('INPUT', 'content_too_long', detail)
}
