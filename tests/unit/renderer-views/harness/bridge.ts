import type { Bridge, CallName, CallResult } from '../../../../shared/ipc.ts'
import type { DoctorStep } from '../../../../shared/profile.ts'
import type { QueueStatus } from '../../../../shared/queue.ts'
import { makeFakeBridge } from '../../../e2e/support/fake-bridge.ts'
import { fakeOptionsFrom } from '../../../e2e/support/fake-state.ts'

/** The fake bridge with answers that bring the side views into every state worth looking at: `?fail=profiles.save:vault_weak`. */
const given = new URLSearchParams(location.search)
const fake = makeFakeBridge(fakeOptionsFrom(location.search))
const [failing, code] = (given.get('fail') ?? '').split(':')

const steps: readonly DoctorStep[] = [
  { step: 'credentials', state: 'ok', zh: 'AppID 与密钥齐全。', en: 'The appid and the secret are there.', copy: null },
  {
    step: 'ip',
    state: 'failed',
    zh: '本机的出口 IP 不在白名单。请把这个地址加到平台后台的“API IP 白名单”，再测一次。',
    en: 'The public IP of this machine is not on the allow-list. Add this address in the console, then test again.',
    copy: '203.0.113.7',
  },
  { step: 'clock', state: 'ok', zh: '与平台相差不到 1 秒。', en: 'Within 1 s of the platform.', copy: null },
  {
    step: 'openid',
    state: 'warning',
    zh: '这个 openid 很可能已超过两小时。',
    en: 'This openid may be older than two hours.',
    copy: null,
  },
  { step: 'image', state: 'skipped', zh: '没有令牌，未测。', en: 'Not tried without a token.', copy: null },
]

const endpoint = { profile: 'p_brand', appid: 'wx1234567890abcdef', held: null }
const queue: QueueStatus = {
  paused: given.has('paused'),
  inFlight: 18,
  checksPerMinute: 1240,
  finishAt: Date.now() + 190_000,
  endpoints: [
    { ...endpoint, endpoint: 'wechat.img_sec_check', lastMinute: 700, perMinute: 800, today: 48_200, perDay: 80_000 },
    { ...endpoint, endpoint: 'wechat.msg_sec_check', lastMinute: 540, perMinute: 1600, today: 61_000, perDay: 800_000 },
    {
      profile: 'p_qq',
      appid: '1109876543',
      endpoint: 'qq.ImgSecCheck',
      lastMinute: 0,
      perMinute: 800,
      today: 80_000,
      perDay: 80_000,
      held: given.has('held')
        ? {
            class: 'DAY',
            code: 'quota_day',
            untilMs: Date.now() + 7_200_000,
            detail: 'errCode 45009 reach max api daily quota limit',
          }
        : null,
    },
    {
      profile: 'p_qq',
      appid: '1109876543',
      endpoint: 'qq.MsgSecCheck',
      lastMinute: 0,
      perMinute: null,
      today: 12,
      perDay: null,
      held: given.has('held')
        ? { class: 'CONFIG', code: 'ip_not_allowed', untilMs: null, detail: 'errcode 40164 invalid ip 203.0.113.7' }
        : null,
    },
  ],
  tokens: [
    { profile: 'p_brand', state: 'ok', expiresAt: Date.now() + 5_400_000, code: null, detail: null },
    { profile: 'p_qq', state: 'refused', expiresAt: null, code: 'secret_rejected', detail: 'errcode 40125' },
  ],
  relays: [],
}

const answers: Partial<Record<CallName, unknown>> = {
  'profiles.test': steps,
  'queue.status': queue,
  'queue.pause': queue,
}

globalThis.prescreen = {
  ...fake,
  async invoke(name, input) {
    if (name === failing) return { ok: false, error: { code, detail: 'detail' } } as CallResult<never>
    if (name === 'reports.export' && given.has('slow')) return await new Promise<CallResult<never>>(() => {})
    if (name in answers) return { ok: true, value: answers[name] } as CallResult<never>
    return await fake.invoke(name, input)
  },
  on(name, listener) {
    if (name === 'exportProgress' && given.has('slow')) {
      setTimeout(() => (listener as (event: unknown) => void)({ file: '/tmp/r.xlsx', rows: 3200, total: 10_024 }), 1500)
    }
    return fake.on(name, listener)
  },
} satisfies Bridge
await import('./main.tsx')
