#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// A command's first call is to leave within a second of its start: what was compiled once is not compiled again.
enableCompileCache()
await import('./program.ts')
