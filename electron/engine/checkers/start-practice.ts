import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/start-sandbox.ts'
import type { Registry } from './create-registry.ts'
import { registry as product } from './registry.ts'

/** Starts the sandbox with the practices of a registry's platforms, the product's own unless another is given. */
export async function startPractice(options: SandboxOptions = {}, registry: Registry = product): Promise<Sandbox> {
  return startSandbox(await registry.practices(), options)
}
