import { expect, test } from 'vitest'
import { framesOver } from '../../../shared/film-frames.ts'
import { mostFrames } from '../../../shared/limits.ts'
import { encodeRemarks, remark } from '../../../shared/remarks/index.ts'

const said = (count: number) => encodeRemarks([remark('film_frames_many', { count, limit: 120 })])

test('a film says how many of its frames differ, and how many of them were sent', () => {
  expect(framesOver('too_large', said(340))).toEqual({ count: 340, limit: 120 })
})

test('only where more frames can be allowed', () => {
  expect(framesOver('too_large', said(mostFrames))).not.toBeNull()
  expect(framesOver('too_large', said(mostFrames + 1))).toBeNull()
  expect(framesOver('left_out', said(340))).toBeNull()
  expect(framesOver('too_large', null)).toBeNull()
  expect(framesOver(null, null)).toBeNull()
})
