/** What the function uses of wx-server-sdk. */
export interface CloudSdk {
  getWXContext(): { readonly SOURCE?: string }
  readonly openapi: { readonly security: Readonly<Record<CloudApi, CloudCheck>> }
}

export type CloudApi = 'msgSecCheck' | 'imgSecCheck' | 'mediaCheckAsync'
export type CloudCheck = (args: Record<string, unknown>) => Promise<Record<string, unknown>>

export function serve(
  cloud: CloudSdk,
): (event: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>
