import type { CDPSession } from 'playwright'
import { pathsAtOnce, pauseName } from './page/script.ts'

/**
 * Answers `webUtils.getPathForFile`. Only the DevTools protocol knows the path behind a File, and it speaks
 * asynchronously, while the call in the preload is synchronous. So the page pauses in a known function; while it stands
 * still the paths of a block of files are looked up, written into its variable, and it goes on. The next blocks are
 * looked up already while the page is at work with this one.
 */
export async function answerFilePaths(session: CDPSession): Promise<void> {
  let latest: Lookup | null = null
  const answer = async (callFrameId: string): Promise<void> => {
    const evaluate = (expression: string, returnByValue: boolean, objectGroup = '') =>
      session.send('Debugger.evaluateOnCallFrame', { callFrameId, expression, returnByValue, objectGroup })
    const asked = await evaluate('[drop, block]', true)
    const [drop, block]: [string, number] = asked.result.value
    if (latest?.drop !== drop) {
      latest?.end()
      const files = await evaluate('files', false, drop)
      latest = lookUp(session, drop, files.result.objectId ?? '')
    }
    await evaluate(`found = ${JSON.stringify(await latest.paths(block))}`, true)
  }
  session.on('Debugger.paused', ({ callFrames }) => {
    const [frame] = callFrames
    const answered = frame?.functionName === pauseName ? answer(frame.callFrameId) : Promise.resolve()
    answered
      .catch(() => undefined)
      .then(() => session.send('Debugger.resume'))
      .catch(() => undefined)
  })
  await session.send('Debugger.enable')
}

interface Lookup {
  readonly drop: string
  paths(block: number): Promise<readonly string[]>
  end(): void
}

/** Blocks beyond the one that was asked for; a drop that is given up costs no more than these. */
const ahead = 2

function lookUp(session: CDPSession, drop: string, files: string): Lookup {
  const blocks = new Map<number, Promise<readonly string[]>>()
  const askFor = async (block: number): Promise<readonly string[]> => {
    const start = block * pathsAtOnce
    const { result: part } = await session.send('Runtime.callFunctionOn', {
      objectId: files,
      functionDeclaration: 'function (start, end) { return this.slice(start, end) }',
      arguments: [{ value: start }, { value: start + pathsAtOnce }],
      objectGroup: drop,
    })
    const { result: properties } = await session.send('Runtime.getProperties', {
      objectId: part.objectId ?? '',
      ownProperties: true,
    })
    const elements = properties.filter(property => /^\d+$/.test(property.name))
    return Promise.all(elements.map(element => pathOf(session, element.value?.objectId)))
  }
  const begin = (block: number): Promise<readonly string[]> => {
    const known = blocks.get(block) ?? askFor(block).catch(() => [])
    blocks.set(block, known)
    return known
  }
  return {
    drop,
    async paths(block) {
      const wanted = begin(block)
      for (let next = 1; next <= ahead; next += 1) void begin(block + next)
      const paths = await wanted
      blocks.delete(block)
      return paths
    },
    end() {
      session.send('Runtime.releaseObjectGroup', { objectGroup: drop }).catch(() => undefined)
    },
  }
}

async function pathOf(session: CDPSession, objectId: string | undefined): Promise<string> {
  if (objectId === undefined) return ''
  const { path } = await session.send('DOM.getFileInfo', { objectId }).catch(() => ({ path: '' }))
  return path
}
