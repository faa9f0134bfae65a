/** What answers in a platform's place: with status 200, by whatever stands on the way. */
export const garbage = {
  text: reply('text/plain', 'upstream connect error or disconnect/reset before headers'),
  html: reply('text/html', htmlPage('Sign in to this network')),
  empty: reply('text/plain', ''),
  binary: reply('application/octet-stream', Buffer.from([0, 255, 254, 128, 10, 0, 193, 31])),
} as const

export function htmlPage(title: string): string {
  return `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`
}

function reply(contentType: string, body: string | Buffer) {
  return { contentType, body: Buffer.from(body) }
}
