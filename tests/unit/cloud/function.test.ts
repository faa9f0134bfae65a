import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DeployedFunction, deployFunction } from './function.ts'

let deployed: DeployedFunction
beforeEach(() => {
  deployed = deployFunction()
})
afterEach(() => deployed.remove())

test('it hands on what the platform said, with its code', async () => {
  const said = { errCode: 0, errMsg: 'ok', result: { suggest: 'risky', label: 20001 }, traceId: 'T' }
  deployed.edge.call = async () => said
  expect(await deployed.main({ api: 'msgSecCheck', data: { content: 'a' } })).toEqual(said)
})

test('risky content and failures, which the SDK throws, come back as codes', async () => {
  deployed.edge.call = async () => ({ errCode: 87014, errMsg: 'risky content' })
  expect(await deployed.main({ api: 'imgSecCheck', media: { contentType: 'image/png', base64: 'AA==' } })).toEqual({
    errCode: 87014,
    errMsg: 'risky content',
  })
  deployed.edge.call = async () => {
    throw new Error('socket hang up')
  }
  expect(await deployed.main({ api: 'msgSecCheck', data: {} })).toEqual({
    errCode: -1,
    errMsg: 'system error: socket hang up',
  })
})

test('an image arrives at the platform as the bytes that were sent', async () => {
  const bytes = Buffer.from([0x89, 0x50, 0xff, 0x00])
  let media: unknown
  deployed.edge.call = async (_api, args) => {
    media = args.media
    return { errCode: 0, errMsg: 'ok' }
  }
  await deployed.main({ api: 'imgSecCheck', media: { contentType: 'image/png', base64: bytes.toString('base64') } })
  expect(media).toEqual({ contentType: 'image/png', value: bytes })
})

test.each(['wx_client', 'wx_devtools', 'wx_http,scf', 'wx_client,scf', ''])(
  'a call that came as "%s" is refused: the quota is for those who hold a token',
  async source => {
    deployed.edge.source = source
    deployed.edge.call = async () => {
      throw new Error('nothing may be called')
    }
    expect(await deployed.main({ api: 'msgSecCheck', data: { content: 'a' } })).toMatchObject({ errCode: 48001 })
  },
)

test.each(['constructor', '__proto__', 'getWXContext', undefined])('the api "%s" is none', async api => {
  expect(await deployed.main({ api })).toEqual({ errCode: -501007, errMsg: 'unknown api' })
})

test('its permissions name the three APIs that it calls', () => {
  const config = new URL('../../../resources/cloudfunctions/prescreen-check/config.json', import.meta.url)
  expect(JSON.parse(readFileSync(config, 'utf8')).permissions.openapi).toEqual([
    'security.msgSecCheck',
    'security.imgSecCheck',
    'security.mediaCheckAsync',
  ])
})
