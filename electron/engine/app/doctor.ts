import type { Failure } from '../../../shared/conclusion.ts'
import { type ControlState, controlSentence } from '../../../shared/controls.ts'
import { type FailureCode, failureText } from '../../../shared/failures.ts'
import type { DoctorStep } from '../../../shared/profile.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import type { Clock } from '../base/clock.ts'
import type { AssetServices } from '../screening/asset.ts'
import { interactiveRun, runCheck } from '../screening/check.ts'
import type { Controls } from '../screening/controls/controls.ts'
import { type AccountLane, endpointOf, type Lane } from '../screening/lane.ts'
import type { Token } from '../tokens/tokens.ts'

type Step = DoctorStep['step']

export interface DoctorServices extends Pick<AssetServices, 'tokens' | 'pacer' | 'callSlots' | 'random'> {
  readonly clock: Clock
}

/**
 * Finds out whether a profile works, with at most one harmless check call: credentials, token, IP allow-list, the quota's reading,
 * then a short text, and whether each endpoint flags its control. Every failure says what to do next.
 */
export function createDoctor(
  services: DoctorServices,
  /** Null where no control checks are made. */
  controls: Controls | null,
): (lane: Lane, signal: AbortSignal) => Promise<readonly DoctorStep[]> {
  return async (lane, signal) => {
    const report = createReport()
    if (lane.needs === 'nothing') {
      report.add('credentials', 'ok', '无需账号，在本机检查。', 'Needs no account; looks on this computer.')
      return report.steps
    }
    if (!examineCredentials(report, lane)) return report.steps
    const token = await examineToken(services, report, lane, signal)
    if (token === null) return report.steps
    await examineQuota(services, report, lane, token, signal)
    const isCallable = await examineText(services, report, lane, signal)
    // For an endpoint that cannot be called it would only repeat the finding.
    if (isCallable && controls !== null) await examineControls(controls, report, lane, signal)
    return report.steps
  }
}

function createReport() {
  const steps: DoctorStep[] = []
  const add = (step: Step, state: DoctorStep['state'], zh: string, en: string, copy: string | null = null) => {
    steps.push({ step, state, zh, en, copy })
  }
  return {
    steps: steps as readonly DoctorStep[],
    add,
    fail: (
      step: Step,
      failure: { readonly code: FailureCode; readonly detail: string },
      state: DoctorStep['state'] = 'failed',
    ) => {
      const sentence = (language: 'zh' | 'en') => {
        const detail = detailText(failure.detail, language)
        return detail === ''
          ? failureText(failure.code, language)
          : `${failureText(failure.code, language)} (${detail})`
      }
      const ip =
        failure.code === 'ip_not_allowed' ? (/(?:\d{1,3}\.){3}\d{1,3}/.exec(failure.detail)?.[0] ?? null) : null
      add(step, state, sentence('zh'), sentence('en'), ip)
    },
  }
}

type Report = ReturnType<typeof createReport>

function secretOf({ tokenRequest: { credentials } }: AccountLane): string | null {
  if (credentials.mode === 'broker') return credentials.url
  return credentials.mode === 'static' ? credentials.token : credentials.secret
}

/** False when there is nothing to go on with. */
function examineCredentials(report: Report, lane: AccountLane): boolean {
  const secret = secretOf(lane)
  if (secret === null || secret === '') {
    report.fail('credentials', { code: 'secret_missing', detail: '' })
    return false
  }
  report.add('credentials', 'ok', '凭据齐全。', 'The credentials are complete.')
  return true
}

/** The token, and what getting it says about this machine's address; null when there is none to be had. */
async function examineToken(
  services: DoctorServices,
  { add, fail }: Report,
  lane: AccountLane,
  signal: AbortSignal,
): Promise<Token | null> {
  const { profile, platform, transport, tokenRequest } = lane
  // A person asked: what was remembered as refused is tried again.
  services.tokens.retry(tokenRequest)
  services.pacer.release({ appid: profile.appid, endpoint: null })
  const before = services.clock.now()
  let fetches = 0
  const ask = platform.fetchToken
  const fetchToken: typeof ask =
    ask &&
    ((...given) => {
      fetches += 1
      return ask(...given)
    })
  const token = await services.tokens.get({ ...tokenRequest, platform: { ...platform, fetchToken } }, signal)
  if (token.kind === 'failure') {
    fail(ipCodes.has(token.code) ? 'ip' : 'token', token)
    return null
  }
  const ms = services.clock.now() - before
  const isFresh = fetches > 0
  if (isFresh) add('token', 'ok', `取得访问令牌（${ms} 毫秒）。`, `Got an access token (${ms} ms).`)
  else add('token', 'ok', '已有的访问令牌仍在有效期内。', 'The access token at hand is still valid.')

  // Only calls that carry the AppSecret are held against the list (spec §1.3), so a kept token says nothing about it.
  const { credentials } = tokenRequest
  const isListed = platform.tokenModes.includes('stable')
  if (isFresh && isListed) add('ip', 'ok', ...ipAllowed)
  else if (credentials.mode === 'stable') {
    if (ask === null) return token.token
    // In ordinary mode this reads the present token and neither renews nor ends it (spec §1.2).
    const asked = { mode: credentials.mode, appid: profile.appid, secret: secretOf(lane) ?? '' }
    const again = await ask(transport, asked, signal)
    if (again.kind === 'token') add('ip', 'ok', ...ipAllowed)
    else fail(ipCodes.has(again.code) ? 'ip' : 'token', again, again.class === 'RETRY' ? 'warning' : 'failed')
  } else if (isListed) add('ip', 'skipped', ...ipUnasked[credentials.mode])
  return token.token
}

async function examineQuota(
  services: DoctorServices,
  { add, fail }: Report,
  { profile, platform, transport }: AccountLane,
  token: Token,
  signal: AbortSignal,
): Promise<void> {
  if (platform.readQuota === null) {
    add(
      'quota',
      'skipped',
      '该平台没有额度查询接口，只按本机计数。',
      'This platform has no quota query; only calls of this computer are counted.',
    )
    return
  }
  const known = new Set<string>()
  for (const { id, quotaPath } of platform.endpoints) {
    if (quotaPath === null || known.has(id)) continue
    known.add(id)
    const asked = { quotaPath, accessToken: token.value, tokenParameter: token.parameter }
    const reading = await platform.readQuota(transport, asked, signal)
    if (reading.kind === 'failure') {
      fail('quota', reading, 'warning')
      continue
    }
    if (reading.kind === 'not_counted') {
      add(
        'quota',
        'skipped',
        `${id}：平台对这个账号没有额度记录，只按本机计数。`,
        `${id}: the platform keeps no count for this account; only calls of this computer are counted.`,
      )
      continue
    }
    services.pacer.reading({ appid: profile.appid, endpoint: id }, reading.quota)
    const { dailyLimit, remain } = reading.quota
    add(
      'quota',
      remain > 0 ? 'ok' : 'warning',
      `${id}：今日剩余 ${remain} / ${dailyLimit}。`,
      `${id}: ${remain} of ${dailyLimit} left today.`,
    )
  }
}

/** Whether a text can be checked: false when the platform says why not. */
async function examineText(
  services: DoctorServices,
  { add, fail }: Report,
  lane: AccountLane,
  signal: AbortSignal,
): Promise<boolean> {
  const { profile, platform } = lane
  const endpoint = endpointOf(lane, 'text')
  if (endpoint === null) return false
  const { conclusion, stop } = await runCheck(services, lane, endpoint, harmlessText, interactiveRun(signal))
  const problem: Pick<Failure, 'code' | 'detail'> | null = conclusion?.kind === 'failure' ? conclusion : stop
  if (problem !== null) fail(openidCodes.has(problem.code) ? 'openid' : 'text', problem)
  else add('text', 'ok', `${endpoint.id} 可以调用。`, `${endpoint.id} can be called.`)
  if (profile.openids.length === 0 && platform.withoutUser !== null) {
    add('openid', 'warning', platform.withoutUser.zh, platform.withoutUser.en)
  }
  return problem === null
}

async function examineControls(controls: Controls, { add }: Report, lane: Lane, signal: AbortSignal): Promise<void> {
  for (const kind of ['text', 'image', 'media-url'] as const) {
    const controlled = endpointOf(lane, kind)
    if (controlled === null || (kind === 'media-url' && lane.publish === null)) continue
    const view = await controls.ask(lane, controlled, signal)
    const detail = view.detail === null || view.detail === '' ? '' : ` (${view.detail})`
    add('control', controlSteps[view.state], controlSentence(view, 'zh') + detail, controlSentence(view, 'en') + detail)
  }
}

const controlSteps: Readonly<Record<ControlState, DoctorStep['state']>> = {
  flagged: 'ok',
  clean: 'warning',
  unknown: 'warning',
  impossible: 'skipped',
}

const ipAllowed = ['平台接受本机的出口 IP。', "The platform accepts this computer's public IP."] as const
/** Where asking would do harm, or says nothing about this machine. */
const ipUnasked: Readonly<Record<'classic' | 'broker' | 'static', readonly [zh: string, en: string]>> = {
  classic: [
    '没有检查 IP 白名单：令牌仍在有效期内，而普通接口再取一次会让线上正在用的令牌失效。改用稳定版接口即可检查。',
    'The IP allow-list was not tested: the token is still valid, and fetching another with the classic API would end the one that production uses. With the stable token API it can be tested.',
  ],
  broker: [
    '没有检查 IP 白名单：令牌由中控服务获取，要加入白名单的是它的出口 IP。',
    'The IP allow-list was not tested: the token broker fetches the token, and it is its public IP that has to be on the list.',
  ],
  static: [
    '没有检查 IP 白名单：手动填写的令牌不经过它。',
    'The IP allow-list was not tested: a token that was entered by hand does not involve it.',
  ],
}

/** About the address that asks (spec §1.3). */
const ipCodes: ReadonlySet<FailureCode> = new Set(['ip_not_allowed', 'admin_confirmation', 'admin_refused'])

const openidCodes: ReadonlySet<FailureCode> = new Set([
  'openid_missing',
  'openid_inactive',
  'openid_foreign',
  'openid_invalid',
])

const harmlessText = {
  kind: 'text',
  name: 'whole',
  rect: null,
  frame: null,
  range: [0, 4],
  line: 1,
  column: 1,
  text: '你好世界',
} as const
