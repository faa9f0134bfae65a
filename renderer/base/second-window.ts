import { loupeQuery } from '../../shared/channels.ts'

/** Whether this page is that of the second window, which shows and does nothing else. */
export const isSecondWindow = globalThis.location?.search === loupeQuery
