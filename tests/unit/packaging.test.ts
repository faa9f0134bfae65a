import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { describe, expect, test } from 'vitest'
import configuration, { fuses } from '../../resources/electron-builder.config.ts'

const repository = resolve(import.meta.dirname, '../..')
const read = createRequire(join(repository, 'package.json'))

describe('the fuses of a release', () => {
  test('are all decided, those of tomorrow fail the build', () => {
    const decided = fuses('release')
    expect(decided.strictlyRequireAllFuses).toBe(true)
    for (const fuse of Object.values(FuseV1Options).filter(value => typeof value === 'number')) {
      expect(decided, FuseV1Options[fuse]).toHaveProperty(String(fuse))
    }
  })

  test('let nobody run other code in its name', () => {
    expect(fuses('release')).toMatchObject({
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    })
  })

  test('differ in the test flavour by the inspector alone', () => {
    expect(fuses('test')).toEqual({ ...fuses('release'), [FuseV1Options.EnableNodeCliInspectArguments]: true })
  })
})

describe('the configuration', () => {
  test('is one that electron-builder takes', async () => {
    const { validateConfiguration } = read('app-builder-lib/out/util/config/config.js')
    const { DebugLogger } = read('builder-util')
    await expect(validateConfiguration(configuration, new DebugLogger(false))).resolves.toBeUndefined()
    await expect(validateConfiguration({ ...configuration, nonsense: 1 }, new DebugLogger(false))).rejects.toThrow()
  })

  test('ships the rule books, within the archive whose integrity is checked', () => {
    expect(configuration.files).toContain('resources/rules/**')
    expect([configuration.asarUnpack].flat().filter(pattern => String(pattern).includes('rules'))).toEqual([])
  })

  test('never rebuilds the addons, and makes what was promised for each platform', () => {
    expect(configuration).toMatchObject({
      npmRebuild: false,
      asar: true,
      win: { target: [{ target: 'nsis', arch: ['x64', 'arm64'] }] },
      mac: { target: [{ target: 'dmg', arch: ['arm64', 'x64'] }] },
      linux: { target: ['AppImage', 'deb'] },
    })
  })

  test('names icons that are there', () => {
    for (const icon of [configuration.win?.icon, configuration.mac?.icon, configuration.linux?.icon]) {
      expect(existsSync(join(repository, String(icon))), String(icon)).toBe(true)
    }
  })

  test('offers the program for its files and makes it the default of none', () => {
    const { fileAssociations, win, mac, linux, nsis } = configuration
    // Of these electron-builder makes defaults on Windows, whatever their rank.
    expect(fileAssociations).toBeUndefined()
    expect(win?.fileAssociations).toBeUndefined()
    expect(linux?.fileAssociations).toEqual(mac?.fileAssociations)
    const offered = [mac?.fileAssociations ?? []].flat()
    expect(offered.map(({ rank }) => rank)).toEqual(offered.map(() => 'Alternate'))

    // <EXT> for NSIS' own way to write what is filled in.
    const script = readFileSync(join(repository, String(nsis?.include)), 'utf8').replaceAll(/\$\{(\w+)\}/g, '<$1>')
    const materials = [...script.matchAll(/<ACTION> "(\w+)" "([\w ]+)"/g)].map(([, ext, name]) => [ext, name])
    expect(materials).toEqual(offered.flatMap(({ ext, name }) => [ext].flat().map(one => [one, name])))
    // Nothing is written to an extension but the word that there is one more program.
    const writes = [...script.matchAll(/^\s*WriteReg\w+ SHELL_CONTEXT (.*)$/gm)].map(([, what = '']) => what)
    const toExtensions = writes.filter(what => what.includes('.<EXT>'))
    expect(toExtensions).toEqual([String.raw`"Software\Classes\.<EXT>\OpenWithProgids" "<MATERIAL_PROGID>"`])
    for (const what of writes.filter(other => !toExtensions.includes(other))) {
      expect(what).toContain(String.raw`"Software\Classes\<MATERIAL_PROGID>`)
    }
    // What installing wrote, removing takes away.
    const [, removing] = script.split('!macro customUnInstall')
    expect(removing).toContain(String.raw`DeleteRegKey SHELL_CONTEXT "Software\Classes\<MATERIAL_PROGID>"`)
    expect(removing).toContain('forEachMaterial withdrawFor')
    const [, withdrawing] = script.split('!macro withdrawFor')
    expect(withdrawing).toContain(`DeleteRegValue SHELL_CONTEXT ${toExtensions[0]}`)
  })

  test('ships no package that only the window is built from', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
    for (const name of [
      'react',
      'react-dom',
      '@mantine/core',
      'recharts',
      'zustand',
      'i18next',
      'electron',
      'playwright',
    ]) {
      expect(dependencies).not.toHaveProperty(name)
      expect(devDependencies).toHaveProperty(name)
    }
  })
})
