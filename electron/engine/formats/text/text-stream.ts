import type { Failure } from '../../../../shared/conclusion.ts'
import type { Encoding, EncodingSaid } from '../../../../shared/encodings.ts'
import { remark } from '../../../../shared/remarks/index.ts'
import { inputFailure } from '../../base/input-failure.ts'
import { changeSince, type OpenFile } from '../../base/open-file.ts'
import { createEncodingDetector } from './decode-text.ts'

export interface TextStream {
  readonly kind: 'stream'
  readonly encoding: EncodingSaid
  /** The decoded text in pieces. Ends early when something fails; then `failure` says what. */
  readonly pieces: AsyncGenerator<string>
  failure(): Failure | null
}

const pieceBytes = 1 << 18

/** Decodes a file of any size in constant memory: one pass to be certain of the encoding, one for the text. */
export async function openTextStream(
  file: OpenFile,
  stated: Encoding | null,
  signal: AbortSignal,
): Promise<TextStream | Failure> {
  const detector = createEncodingDetector(stated)
  for await (const bytes of piecesOf(file, signal)) detector.push(bytes)
  const detected = detector.finish()
  if (detected.kind === 'failure') return detected
  const { encoding } = detected
  let failure: Failure | null = null

  async function* decode(): AsyncGenerator<string> {
    const decoder = new TextDecoder(encoding, { fatal: true })
    try {
      for await (const bytes of piecesOf(file, signal)) yield decoder.decode(bytes, { stream: true })
      yield decoder.decode()
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      // The first pass found every byte valid, so the bytes are others now.
      failure = inputFailure('changed_file', [remark('written_meanwhile')])
    }
    failure ??= await changeSince(file)
  }

  return { kind: 'stream', encoding: detected.said, pieces: decode(), failure: () => failure }
}

async function* piecesOf(file: OpenFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let position = 0
  while (true) {
    signal.throwIfAborted()
    const buffer = Buffer.allocUnsafe(pieceBytes)
    const { bytesRead } = await file.handle.read(buffer, 0, pieceBytes, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
