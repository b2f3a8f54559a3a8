/** How much may come out of an archive. */
export interface UnpackBounds {
  readonly filesMax: number
  /** Of one file, unpacked. */
  readonly fileBytesMax: number
  /** Of everything, unpacked. */
  readonly bytesMax: number
}

export const BOUNDS: UnpackBounds = { filesMax: 5000, fileBytesMax: 32 * 2 ** 20, bytesMax: 128 * 2 ** 20 }

/**
 * `unknown_format`: neither zip nor tar. `damaged`: it is cut off or contradicts itself. `too_large`: beyond the bounds.
 * `unsafe_path`: a name that leads out of the folder, or that two files share. `not_a_file`: a link, a device, a pipe.
 * `unsupported`: encrypted, or packed in a way that is not read.
 */
export type UnpackErrorCode = "unknown_format" | "damaged" | "too_large" | "unsafe_path" | "not_a_file" | "unsupported"

/** An archive that is refused as a whole. The message names what in it, with hidden characters made visible. */
export class UnpackError extends Error {
  override readonly name = "UnpackError"
  readonly code: UnpackErrorCode
  constructor(code: UnpackErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
  }
}

/** Counts what was unpacked so far. Throws UnpackError `too_large` at the first thing that is too much. */
export interface Tally {
  /** `bytes`: what the archive says of it, before it is unpacked. */
  file(name: string, bytes: number): void
}

export function tally({ filesMax, fileBytesMax, bytesMax }: UnpackBounds): Tally {
  let files = 0
  let total = 0
  return {
    file(name, bytes) {
      files += 1
      total += bytes
      if (files > filesMax) throw new UnpackError("too_large", `It holds more than ${filesMax} files.`)
      if (bytes > fileBytesMax)
        throw new UnpackError(
          "too_large",
          `${shown(name)} has ${bytes} bytes; ${fileBytesMax} is the most for one file.`,
        )
      if (total > bytesMax) throw new UnpackError("too_large", `It holds more than ${bytesMax} bytes.`)
    },
  }
}

const NAME_CHARS_MAX = 120

/** A name of an archive as part of a sentence. */
export function shown(name: string): string {
  return JSON.stringify(name.slice(0, NAME_CHARS_MAX)).replaceAll(
    /[\u007f-\u009f\u{ad}\u{61c}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
