import { expect, test } from 'vitest'
import { isPlainPublicHttp } from '../../../shared/plain-http.ts'

test.each([
  'http://relay.example.com',
  ' HTTP://Relay.Example.com:8080/x',
  'http://8.8.8.8',
  'http://172.32.0.1',
  'http://[2001:db8::1]/',
])('%s is warned of', address => expect(isPlainPublicHttp(address)).toBe(true))

test.each([
  'https://relay.example.com',
  'http://localhost:8787',
  'http://broker',
  'http://127.0.0.1:1',
  'http://10.1.2.3',
  'http://192.168.0.1',
  'http://172.31.0.1',
  'http://[::1]:80',
  'http://[fd00::1]',
  'http://gate.corp.internal',
  'not an address',
  '',
])('%s is not', address => expect(isPlainPublicHttp(address)).toBe(false))
