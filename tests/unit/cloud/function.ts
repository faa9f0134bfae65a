import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { GatewayReply } from '../../../electron/engine/checkers/wechat/practice/cloud-sdk.ts'

/** Where the SDK's HTTP would begin: one call of one API as it leaves, and what the gateway answers. */
export interface Edge {
  call(api: string, args: Readonly<Record<string, Argument>>): Promise<GatewayReply>
}

/** A value that travels as JSON, or bytes with what a form says of them. */
export type Argument =
  | { readonly json: unknown }
  | { readonly value: Buffer; readonly contentType: string; readonly filename: string }

export interface DeployedFunction {
  main(event: Record<string, unknown>): Promise<Record<string, unknown>>
  readonly edge: Edge
  remove(): void
}

const load = createRequire(import.meta.url)

/** A gateway's answer in JSON, as WeChat sends it. */
export function jsonReply(body: unknown): GatewayReply {
  return { contentType: 'application/json; encoding=utf-8', body: Buffer.from(JSON.stringify(body)) }
}

/** The real wx-server-sdk, ending where the network would begin. Who called is in `TCB_SOURCE`, as in the cloud. */
export function stubNetwork(): { readonly edge: Edge; remove(): void } {
  const edge: Edge = { call: async () => jsonReply({ errcode: 0, errmsg: 'ok' }) }
  const gateway = load('@cloudbase/node-sdk/dist/wx')
  const real = gateway.callCompatibleWxOpenApi
  gateway.callCompatibleWxOpenApi = async (_sdk: unknown, given: { apiName: string; requestData: Buffer }) => {
    const { contentType, body } = await edge.call(given.apiName, readArguments(given.requestData))
    return Buffer.concat([field(1, body), field(2, Buffer.from(contentType))])
  }
  process.env.WX_CONTEXT_KEYS = 'WX_APPID'
  process.env.TCB_SOURCE = 'wx_http'
  return {
    edge,
    remove: () => {
      gateway.callCompatibleWxOpenApi = real
      delete process.env.WX_CONTEXT_KEYS
      delete process.env.TCB_SOURCE
    },
  }
}

/** Deploys the shipped cloud function with the real SDK. */
export function deployFunction(): DeployedFunction {
  const dir = mkdtempSync(join(tmpdir(), 'prescreen-cloud-'))
  cpSync(new URL('../../../resources/cloudfunctions/prescreen-check', import.meta.url), dir, { recursive: true })
  mkdirSync(join(dir, 'node_modules'))
  symlinkSync(dirname(load.resolve('wx-server-sdk')), join(dir, 'node_modules', 'wx-server-sdk'), 'junction')
  const { edge, remove } = stubNetwork()
  const { main } = createRequire(join(dir, 'index.js'))('./index.js')
  return {
    main,
    edge,
    remove: () => {
      remove()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

// The SDK speaks protocol buffers to its gateway: CommApiData { openapiData: 2 { pairs: 1 { key: 1, value: 2, contenttype: 3,
// filename: 4 } } } there, CommOpenApiResp { respData: 1, contentType: 2 } back.

function readArguments(message: Buffer): Record<string, Argument> {
  const [data = Buffer.alloc(0)] = fieldsOf(message).get(2) ?? []
  return Object.fromEntries(
    (fieldsOf(data).get(1) ?? []).map(pair => {
      const of = (number: number) => fieldsOf(pair).get(number)?.[0]
      const value = of(2) ?? Buffer.alloc(0)
      const filename = of(4)?.toString()
      const argument: Argument =
        filename === undefined
          ? { json: JSON.parse(value.toString()) }
          : { value, filename, contentType: of(3)?.toString() ?? '' }
      return [of(1)?.toString(), argument]
    }),
  )
}

/** The fields with a length; numbers among them are passed over. */
function fieldsOf(message: Buffer): ReadonlyMap<number, Buffer[]> {
  const fields = new Map<number, Buffer[]>()
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at] ?? 0
      at += 1
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const value = varint()
    if (tag % 8 !== 2) continue
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), message.subarray(at, at + value)])
    at += value
  }
  return fields
}

function field(number: number, bytes: Buffer): Buffer {
  const head = [number * 8 + 2]
  let length = bytes.length
  for (; length > 127; length = Math.floor(length / 128)) head.push((length % 128) + 128)
  return Buffer.concat([Buffer.from([...head, length]), bytes])
}
