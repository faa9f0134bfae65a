import { createRegistry } from './create-registry.ts'
import { qq } from './qq/qq.ts'
import { rules } from './rules/rules.ts'
import { wechat } from './wechat/wechat.ts'

/** Every source of verdicts that the product has; a new one is a folder here and a line below (docs/extending.md). */
export const registry = createRegistry([wechat, qq, rules])
