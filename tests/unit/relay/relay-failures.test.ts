import { expect, test } from 'vitest'
import { failureOfRelay, relayFailureCodes } from '../../../electron/engine/relay/client.ts'
import { failureText } from '../../../shared/failures.ts'

test.each(relayFailureCodes)(
  '%s is told by a sentence about the relay or the asset, never about the platform',
  code => {
    const { code: failureCode, detail } = failureOfRelay({ kind: 'relay_failure', code, detail: 'HTTP 503' })
    expect(failureText(failureCode, 'en')).toMatch(/relay|file/i)
    expect(failureText(failureCode, 'en')).not.toMatch(/platform/i)
    expect(failureText(failureCode, 'zh')).toMatch(/中继|文件/)
    expect(detail).toBe('HTTP 503')
  },
)
