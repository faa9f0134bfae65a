import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the function sees of the SDK: one call of one API, and who called. */
export interface Edge {
  source: string
  call(api: string, args: Record<string, unknown>): Promise<Record<string, unknown>>
}

export interface DeployedFunction {
  main(event: Record<string, unknown>): Promise<Record<string, unknown>>
  readonly edge: Edge
  remove(): void
}

/** Deploys the shipped cloud function with an SDK that ends where the network would begin. */
export function deployFunction(): DeployedFunction {
  const dir = mkdtempSync(join(tmpdir(), 'prescreen-cloud-'))
  cpSync(new URL('../../../resources/cloudfunctions/prescreen-check', import.meta.url), dir, { recursive: true })
  const sdk = join(dir, 'node_modules', 'wx-server-sdk')
  mkdirSync(sdk, { recursive: true })
  writeFileSync(
    join(sdk, 'index.js'),
    `const edge = { source: 'wx_http', call: async () => ({ errCode: 0, errMsg: 'ok' }) }
     const call = api => async args => {
       const reply = await edge.call(api, args)
       if (reply.errCode !== undefined && reply.errCode !== 0) {
         throw Object.assign(new Error(api + ':fail ' + reply.errMsg), reply)
       }
       return reply
     }
     module.exports = {
       edge,
       DYNAMIC_CURRENT_ENV: Symbol('env'),
       init() {},
       getWXContext: () => ({ SOURCE: edge.source }),
       openapi: { security: {
         msgSecCheck: call('msgSecCheck'), imgSecCheck: call('imgSecCheck'), mediaCheckAsync: call('mediaCheckAsync'),
       } },
     }`,
  )
  const load = createRequire(join(dir, 'index.js'))
  const { main } = load('./index.js')
  return { main, edge: load('wx-server-sdk').edge, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
