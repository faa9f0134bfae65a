import type { PracticePushes } from '../../../sandbox/practice.ts'
import { commonFields, commonPushes, v1Fields, withTexts } from '../../tencent/practice/push-fields.ts'

/** QQ's pushes: the v1 event under its own name, as bare JSON; whether QQ signs is not known (spec §4.1). */
export const qqPushes: PracticePushes = {
  ...commonPushes,
  eventOf: (submission, finding, _shape, nowMs) => ({
    ...commonFields(nowMs),
    Event: 'qq_media_check',
    ...v1Fields(submission, finding),
  }),
  requestOf: (fields, app) => ({
    query: new URLSearchParams(),
    contentType: 'application/json',
    body: JSON.stringify(app.numbers === 'text' ? withTexts(fields) : fields),
  }),
}
