/** A process that uses the pacer in earnest. Asks for permits, says how many it was given, and settles none of them. */
import { systemClock } from '../../../electron/engine/base/clock.ts'
import { createPacer } from '../../../electron/engine/pacer/pacer.ts'

const [file = '', perMinute = '', asks = ''] = process.argv.slice(2)
const pacer = createPacer({ file, clock: systemClock, maxCallMs: 30_000 })
const key = { appid: 'wx1', endpoint: 'wechat.img_sec_check' }
const limit = { perMinute: perMinute === 'none' ? null : Number(perMinute), perDay: 10_000, sharePercent: 100 }
const signal = new AbortController().signal

process.on('message', () => undefined) // stays until it is killed
for (let index = 0; index < Number(asks); index += 1) {
  pacer.acquire(key, limit, { priority: 'batch', signal }).then(
    answer => process.send?.(answer.kind),
    (error: unknown) => process.send?.(String(error)),
  )
}
