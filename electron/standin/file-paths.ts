import type { CDPSession } from 'playwright'
import { pauseName } from './page.ts'

/**
 * Answers `webUtils.getPathForFile`. Only the DevTools protocol knows the path behind a File, and it speaks
 * asynchronously, while the call in the preload is synchronous. So the page pauses in a known function; while it stands
 * still the paths are looked up, written into its variable, and it goes on.
 */
export async function answerFilePaths(session: CDPSession): Promise<void> {
  session.on('Debugger.paused', ({ callFrames }) => {
    const [frame] = callFrames
    const answered = frame?.functionName === pauseName ? answer(session, frame.callFrameId) : Promise.resolve()
    answered
      .catch(() => undefined)
      .then(() => session.send('Debugger.resume'))
      .catch(() => undefined)
  })
  await session.send('Debugger.enable')
}

async function answer(session: CDPSession, callFrameId: string): Promise<void> {
  const { result } = await session.send('Debugger.evaluateOnCallFrame', { callFrameId, expression: 'files' })
  if (result.objectId === undefined) return
  const listed = await session.send('Runtime.getProperties', { objectId: result.objectId, ownProperties: true })
  const files = listed.result.filter(property => /^\d+$/.test(property.name))
  const paths = await Promise.all(files.map(property => pathOf(session, property.value?.objectId)))
  await session.send('Debugger.evaluateOnCallFrame', { callFrameId, expression: `found = ${JSON.stringify(paths)}` })
  await session.send('Runtime.releaseObject', { objectId: result.objectId })
}

async function pathOf(session: CDPSession, objectId: string | undefined): Promise<string> {
  if (objectId === undefined) return ''
  const { path } = await session.send('DOM.getFileInfo', { objectId }).catch(() => ({ path: '' }))
  return path
}
