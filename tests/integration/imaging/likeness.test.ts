import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { alikeBits, distance } from '../../../electron/engine/app/look-alikes.ts'
import { likenessOf } from '../../../electron/engine/imaging/likeness.ts'
import { openPicture } from '../../../electron/engine/imaging/picture.ts'

async function looks(bytes: Uint8Array): Promise<Uint8Array | null> {
  return likenessOf(await openPicture(bytes, 100e6))
}

/** Bits that differ, of 64. */
async function apart(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, other] = [await looks(a), await looks(b)]
  if (one === null || other === null) throw new Error('too plain')
  return distance(one, other)
}

/** Something like a photograph: soft shapes of many sizes, and grain; another one for each seed. */
async function photo(seed: number, width = 450, height = 600): Promise<Buffer> {
  let state = seed * 2_654_435_761 + 1
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e37_79b9) >>> 0
    return state / 2 ** 32
  }
  const blobs = Array.from({ length: 40 }, () => {
    const [x, y, r] = [next() * width, next() * height, (0.05 + next() * 0.25) * width]
    return `<ellipse cx="${x}" cy="${y}" rx="${r}" ry="${r * (0.5 + next())}" fill="hsl(${next() * 360} 60% ${15 + next() * 70}%)"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${blobs.join('')}</svg>`
  return sharp(Buffer.from(svg)).flatten({ background: '#8899aa' }).blur(4).png().toBuffer()
}

/** A poster of one template: the same ground and frame, with another line of words and another price. */
async function poster(words: string, price: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="750" height="1000">
    <defs><linearGradient id="g" x2="1" y2="1"><stop offset="0" stop-color="#fbe3c0"/><stop offset="1" stop-color="#a02020"/></linearGradient></defs>
    <rect width="750" height="1000" fill="url(#g)"/><circle cx="560" cy="620" r="260" fill="#fff3"/>
    <rect x="60" y="700" width="630" height="220" rx="24" fill="#fff"/>
    <text x="375" y="200" font-size="72" text-anchor="middle" fill="#701010">${words}</text>
    <text x="375" y="840" font-size="90" text-anchor="middle" fill="#c00">${price}</text></svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

const seeds = [1, 2, 3, 4]

describe('what a picture looks like', () => {
  test('stays nearly the same when it is shrunk, recompressed, made lighter or cropped a little', async () => {
    for (const seed of seeds) {
      const original = await photo(seed)
      const changed = {
        shrunk: await sharp(original).resize(110).png().toBuffer(),
        enlarged: await sharp(original).resize(900).png().toBuffer(),
        recompressed: await sharp(original).jpeg({ quality: 30 }).toBuffer(),
        both: await sharp(original).resize(150).jpeg({ quality: 40 }).toBuffer(),
        lighter: await sharp(original).linear(0.9, 20).png().toBuffer(),
        grey: await sharp(original).greyscale().webp({ quality: 60 }).toBuffer(),
        cropped: await sharp(original).extract({ left: 7, top: 9, width: 436, height: 582 }).png().toBuffer(),
      }
      for (const [how, bytes] of Object.entries(changed))
        expect(await apart(original, bytes), `${how} ${seed}`).toBeLessThanOrEqual(alikeBits)
    }
  })

  test('differs between different pictures', async () => {
    const all = await Promise.all(seeds.map(seed => photo(seed)))
    for (const [at, one] of all.entries())
      for (const other of all.slice(at + 1)) expect(await apart(one, other)).toBeGreaterThan(alikeBits)
  })

  test('is nearly the same of different posters of one template: they are hits, and may say other things', async () => {
    const [one, other] = [await poster('新年特惠', '¥199'), await poster('全场清仓', '¥9.9')]
    expect(one.equals(other)).toBe(false)
    expect(await apart(one, other)).toBeLessThanOrEqual(alikeBits)
  })

  test('is that of the upright picture', async () => {
    const original = await sharp(await photo(3))
      .jpeg({ quality: 90 })
      .toBuffer()
    const turned = await sharp(original).rotate(270).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer()
    expect(await apart(original, turned)).toBeLessThanOrEqual(2)
  })

  test('is nothing where there is nothing to tell it by', async () => {
    const plain = (background: string) =>
      sharp({ create: { width: 300, height: 200, channels: 3, background } })
        .jpeg({ quality: 40 })
        .toBuffer()
    expect(await looks(await plain('#ffffff'))).toBeNull()
    expect(await looks(await plain('#204060'))).toBeNull()
  })

  test('is that of the ground which hides least, where it is transparent', async () => {
    const drawn = (fill: string) =>
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><rect x="60" y="40" width="120" height="300" fill="${fill}"/><circle cx="300" cy="180" r="70" fill="${fill}"/></svg>`,
      )
    expect(await looks(await sharp(drawn('#fff')).png().toBuffer())).not.toBeNull()
    expect(await looks(await sharp(drawn('#000')).png().toBuffer())).not.toBeNull()
  })
})
