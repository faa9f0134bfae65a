/**
 * Makes one check of content security and returns what the platform said, with its code. Only `invokecloudfunction` is served; a
 * mini program's users could otherwise spend the account's quota.
 */
exports.serve = cloud => {
  const { security } = cloud.openapi
  const checks = {
    msgSecCheck: event => security.msgSecCheck(event.data),
    imgSecCheck: event =>
      security.imgSecCheck({
        media: { contentType: event.media.contentType, value: Buffer.from(event.media.base64, 'base64') },
      }),
    mediaCheckAsync: event => security.mediaCheckAsync(event.data),
  }
  return async event => {
    if (cloud.getWXContext().SOURCE !== 'wx_http') return failed(48001, 'only calls through the HTTP API are served')
    const check = Object.hasOwn(checks, event.api) ? checks[event.api] : null
    if (check === null) return failed(-501007, 'unknown api')
    try {
      const reply = await check(event)
      return isAnswer(reply) ? { ...reply } : { errMsg: `no answer of the check, but ${Object.keys(reply).join(', ')}` }
    } catch (error) {
      // The SDK throws for every code but 0, and 87014 (risky content) is one of them.
      return typeof error.errCode === 'number'
        ? failed(error.errCode, String(error.errMsg))
        : failed(-1, `system error: ${error.message}`)
    }
  }
}

/**
 * The SDK adds `errCode` 0 to whatever came: a page that is no JSON becomes `{contentType, buffer}`, other text `{result: text}`.
 * A reply without a code of its own is handed on without one, and the workstation takes it for no answer.
 */
function isAnswer({ errCode, errMsg, result, detail, traceId, ...rest }) {
  const hasOwnField = isObject(result) || typeof traceId === 'string'
  return (
    !('buffer' in rest || 'contentType' in rest) &&
    (result === undefined || isObject(result)) &&
    (hasOwnField || Object.keys(rest).length === 0)
  )
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function failed(errCode, errMsg) {
  return { errCode, errMsg }
}
