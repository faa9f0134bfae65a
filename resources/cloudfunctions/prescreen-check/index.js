const cloud = require('wx-server-sdk')

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV })

/** The three checks of content security, as the workstation asks for them. */
const checks = {
  msgSecCheck: event => cloud.openapi.security.msgSecCheck(event.data),
  imgSecCheck: event =>
    cloud.openapi.security.imgSecCheck({
      media: { contentType: event.media.contentType, value: Buffer.from(event.media.base64, 'base64') },
    }),
  mediaCheckAsync: event => cloud.openapi.security.mediaCheckAsync(event.data),
}

/**
 * Makes one check and returns what the platform said, with its code: `errCode` 0 alone is no verdict, and a call that fails
 * says so. Only `invokecloudfunction` is served; a mini program's users could otherwise spend the account's quota.
 */
exports.main = async event => {
  if (cloud.getWXContext().SOURCE !== 'wx_http') return failed(48001, 'only calls through the HTTP API are served')
  const check = Object.hasOwn(checks, event.api) ? checks[event.api] : null
  if (check === null) return failed(-501007, 'unknown api')
  try {
    const reply = await check(event)
    // A reply without a code is handed on without one: the workstation takes it for no answer.
    return { ...reply }
  } catch (error) {
    // The SDK throws for every code but 0, and 87014 (risky content) is one of them.
    return typeof error.errCode === 'number'
      ? failed(error.errCode, String(error.errMsg))
      : failed(-1, `system error: ${error.message}`)
  }
}

function failed(errCode, errMsg) {
  return { errCode, errMsg }
}
