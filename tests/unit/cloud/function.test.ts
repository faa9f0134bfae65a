import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCloudSdk, type GatewayReply } from '../../../electron/engine/checkers/wechat/practice/cloud-sdk.ts'
import { type CloudSdk, serve } from '../../../resources/cloudfunctions/prescreen-check/serve.js'
import { type Argument, type DeployedFunction, deployFunction, jsonReply } from './function.ts'

let deployed: DeployedFunction
beforeEach(() => {
  deployed = deployFunction()
})
afterEach(() => deployed.remove())

const image = { api: 'imgSecCheck', media: { contentType: 'image/png', base64: 'AA==' } }
const text = { api: 'msgSecCheck', data: { content: 'a' } }
const html: GatewayReply = { contentType: 'text/html', body: Buffer.from('<title>Sign in</title>') }
const as = (contentType: string, body: string): GatewayReply => ({ contentType, body: Buffer.from(body) })

test('it hands on what the platform said, with its code', async () => {
  const result = { suggest: 'risky', label: 20001 }
  deployed.edge.call = async () => jsonReply({ errcode: 0, errmsg: 'ok', result, trace_id: 'T' })
  expect(await deployed.main(text)).toEqual({
    errCode: 0,
    errMsg: 'openapi.security.msgSecCheck:ok',
    result,
    traceId: 'T',
  })
})

test('risky content and failures, which the SDK throws, come back as codes', async () => {
  deployed.edge.call = async () => jsonReply({ errcode: 87014, errmsg: 'risky content' })
  expect(await deployed.main(image)).toEqual({
    errCode: 87014,
    errMsg: 'openapi.security.imgSecCheck:fail risky content',
  })
  deployed.edge.call = async () => {
    throw new Error('socket hang up')
  }
  expect(await deployed.main(text)).toMatchObject({ errCode: -501001 })
})

test.each([
  ['a page', html],
  ['a page that says it is nothing', as('', '<title>502</title>')],
  ['a refusal of another type', as('application/octet-stream', '{"errcode":40001}')],
  ['an empty body', as('text/plain', '')],
  ['an empty body of another type', as('', '')],
  ['text', as('text/plain', 'upstream connect error')],
  ['JSON in quotes', as('application/json', '"{}"')],
  ['a list', as('application/json', '[1]')],
  ['fields that no check has', as('application/json', '{"errcode":0,"data":1}')],
  ['a result that is text', as('application/json', '{"errcode":0,"result":"pass"}')],
])('%s, to which the SDK adds errCode 0, is handed on without a code', async (_name, reply) => {
  deployed.edge.call = async () => reply
  for (const event of [text, image]) expect(await deployed.main(event)).not.toHaveProperty('errCode')
})

test('fields that are new do no harm beside one that only the check has', async () => {
  deployed.edge.call = async () => jsonReply({ errcode: 0, errmsg: 'ok', trace_id: 'T', next: 1 })
  expect(await deployed.main({ api: 'mediaCheckAsync', data: {} })).toMatchObject({ errCode: 0, traceId: 'T' })
})

test('an image arrives at the platform as the bytes that were sent', async () => {
  const bytes = Buffer.from([0x89, 0x50, 0xff, 0x00])
  let sent: unknown
  deployed.edge.call = async (api, { media }) => {
    sent = { api, media }
    return jsonReply({ errcode: 0, errmsg: 'ok' })
  }
  await deployed.main({ api: 'imgSecCheck', media: { contentType: 'image/png', base64: bytes.toString('base64') } })
  expect(sent).toEqual({
    api: 'security.imgSecCheck',
    // The SDK drops the type that it is given; the filename is what tells.
    media: { contentType: '', filename: 'media.png', value: bytes },
  })
})

test.each(['wx_client', 'wx_devtools', 'wx_http,scf', 'wx_client,scf', ''])(
  'a call that came as "%s" is refused: the quota is for those who hold a token',
  async source => {
    process.env.TCB_SOURCE = source
    deployed.edge.call = async () => {
      throw new Error('nothing may be called')
    }
    expect(await deployed.main(text)).toMatchObject({ errCode: 48001 })
  },
)

test.each(['constructor', '__proto__', 'getWXContext', undefined])('the api "%s" is none', async api => {
  expect(await deployed.main({ api })).toEqual({ errCode: -501007, errMsg: 'unknown api' })
})

test('its permissions name the three APIs that it calls, and its runtime has what it uses', () => {
  const read = (name: string) =>
    JSON.parse(
      readFileSync(new URL(`../../../resources/cloudfunctions/prescreen-check/${name}`, import.meta.url), 'utf8'),
    )
  expect(read('config.json').permissions.openapi).toEqual([
    'security.msgSecCheck',
    'security.imgSecCheck',
    'security.mediaCheckAsync',
  ])
  // Object.hasOwn is of Node 16.9.
  expect(Number(/Nodejs(\d+)/.exec(read('config.json').runtime)?.[1])).toBeGreaterThanOrEqual(18)
})

test('the SDK of the sandbox says of any reply what the real one says', async () => {
  const real: CloudSdk = createRequire(import.meta.url)('wx-server-sdk')
  const contentType = fc.constantFrom(
    'application/json',
    'application/json; encoding=utf-8',
    'text/plain',
    'text/html; charset=utf-8',
    ' image/png ',
    '',
  )
  const member = fc.oneof(fc.constantFrom(0, -1, 87014, 'pass', 'ok', '', null), fc.integer(), fc.string())
  const object = fc.dictionary(fc.constantFrom('errcode', 'errmsg', 'trace_id', 'result', 'a_b', 'buffer'), member)
  const body = fc.oneof(
    fc.string(),
    fc.constantFrom('', '{}', '[]', '[1]', '5', 'true', 'null', '"a_b"', '{"errcode":0}', '{"errcode":"0"}'),
    object.map(value => JSON.stringify(value)),
    fc.array(object).map(detail => JSON.stringify({ errcode: 0, detail, result: { suggest: 'pass', new_name: 1 } })),
  )
  await fc.assert(
    fc.asyncProperty(contentType, body, async (type, said) => {
      const reply = as(type, said)
      deployed.edge.call = async () => reply
      const args = { content: 'a', mediaUrl: 'b' }
      const expected = await outcomeOf(real, args)
      expect(
        await outcomeOf(
          createCloudSdk(async () => reply),
          args,
        ),
      ).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

test('the SDK of the sandbox sends what the real one sends', async () => {
  const real: CloudSdk = createRequire(import.meta.url)('wx-server-sdk')
  const args = { content: 'a', mediaUrl: 'b', mediaType: 2, version: 2, openid: 'o', scene: 1 }
  let sent: Readonly<Record<string, Argument>> = {}
  deployed.edge.call = async (_api, given) => {
    sent = given
    return jsonReply({ errcode: 0 })
  }
  await outcomeOf(real, args)
  const json = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, 'json' in value && value.json]))
  let ours = {}
  await outcomeOf(
    createCloudSdk(async (_api, given) => {
      ours = given
      return jsonReply({ errcode: 0 })
    }),
    args,
  )
  expect(ours).toEqual(json)
})

/** What the function makes of it: all that matters of the SDK's words. */
async function outcomeOf(sdk: CloudSdk, args: Record<string, unknown>) {
  const cloud = { openapi: sdk.openapi, getWXContext: () => ({ SOURCE: 'wx_http' }) }
  const raw = await sdk.openapi.security.msgSecCheck(args).catch((error: { errCode: unknown }) => error.errCode)
  const { errCode, ...served } = await serve(cloud)({ api: 'msgSecCheck', data: args })
  return { raw: typeof raw === 'object' ? { ...raw } : raw, errCode, served: errCode === 0 ? served : null }
}
