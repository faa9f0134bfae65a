import { afterEach, describe, expect, test } from 'vitest'
import { createWorld, type World, wav } from './harness.ts'

let world: World
afterEach(() => world.close())

const modes = (['plain', 'compatible', 'secure'] as const).flatMap(mode =>
  (['json', 'xml'] as const).flatMap(format =>
    (['number', 'text'] as const).flatMap(numbers =>
      [['oPractice_always_visiting_01'], []].map(openids => ({ mode, format, numbers, openids })),
    ),
  ),
)

describe('a recording sent to WeChat gets its verdict', () => {
  test.each(modes)('in $mode mode, $format, numbers as $numbers, openids $openids', async given => {
    world = await createWorld({ console: given, openids: given.openids })
    world.file('calm.wav', wav('calm music'))
    world.file('bad.wav', wav('zibblefrond'))
    world.file('odd.wav', wav('grumblefig'))
    const run = await world.screen([`${world.dir}/in`], [world.wechat])
    const batch = await run.done
    // v1 knows no "review" (spec §2.1).
    const odd = given.openids.length === 0 ? 'pass' : 'review'
    expect(Object.fromEntries((await world.rows(run.id)).map(row => [row.path, row.results[0]?.outcome]))).toEqual({
      'calm.wav': 'pass',
      'bad.wav': 'risky',
      'odd.wav': odd,
    })
    expect(batch.state).toBe('done')
    expect(batch.tally.awaiting).toBe(0)
    expect(world.pushes.answers.map(({ status, text }) => [status, text])).toEqual(Array(3).fill([200, 'success']))
  })
})
