import { failureText } from '../../../shared/failures.ts'
import type { DoctorStep, Profile } from '../../../shared/profile.ts'
import { detailText } from '../../../shared/remarks/index.ts'
import { failureOfRelay, type RelayClient, type RelayFailure } from '../relay/client.ts'
import type { SelfTestStep } from '../relay/protocol.ts'

/** Tests a profile's relay for the doctor: whether it accepts the key, and whether a push to this app would arrive. */
export async function testRelay(
  client: RelayClient | null,
  profile: Pick<Profile, 'platform' | 'appid'>,
  signal: AbortSignal,
): Promise<readonly DoctorStep[]> {
  if (client === null) {
    return [
      step(
        'failed',
        '没有中继的密钥，收不到推送。请在档案里填写。',
        'There is no key for the relay, so no push arrives. Enter it in the profile.',
      ),
    ]
  }
  const health = await client.health(signal)
  if (health.kind === 'relay_failure') {
    return [refused(health)]
  }
  const test = await client.selfTest({ platform: profile.platform, appid: profile.appid }, signal)
  if (test.kind === 'relay_failure') {
    return [refused(test)]
  }
  const broken = test.steps.find(({ state }) => state === 'failed')
  if (broken !== undefined) {
    const { zh, en } = selfTestSteps[broken.step]
    const reason = broken.detail
    return [
      step(
        'failed',
        `推送到不了工作站：${zh}${reason === '' ? '' : `（${reason}）`}。`,
        `A push does not reach the workstation: ${en}${reason === '' ? '' : ` (${reason})`}.`,
      ),
    ]
  }
  if (test.reachedBy === 'local') {
    const reason = test.reachDetail
    return [
      step(
        'warning',
        `中继工作正常，但它连不到自己的公网地址（${reason}）；平台也可能连不到。`,
        `The relay works but cannot reach its own public address (${reason}); the platforms may not reach it either.`,
      ),
    ]
  }
  return [step('ok', '中继收到了自己的测试推送。', 'The relay received its own test push.')]
}

const selfTestSteps: Readonly<Record<SelfTestStep['step'], { readonly zh: string; readonly en: string }>> = {
  verification: { zh: '像平台那样校验地址时，中继没有答对', en: "the relay failed the console's check of its address" },
  push: { zh: '中继没有接受自己的测试推送', en: 'the relay did not take its own test push' },
  event: { zh: '测试推送没有出现在事件流里', en: 'the test push did not come up in the stream of events' },
}

function step(state: DoctorStep['state'], zh: string, en: string): DoctorStep {
  return { step: 'relay', state, zh, en, copy: null }
}

/** In the words of a check that fails for the same reason. */
function refused(failed: RelayFailure): DoctorStep {
  const { code, detail } = failureOfRelay(failed)
  const sentence = (language: 'zh' | 'en', bracketed: (text: string) => string) =>
    failureText(code, language) + (detail === '' ? '' : bracketed(detailText(detail, language)))
  return step(
    'failed',
    sentence('zh', text => `（${text}）`),
    sentence('en', text => ` (${text})`),
  )
}
