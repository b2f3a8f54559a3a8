import { gunzipSync } from "node:zlib"
import { BOUNDS, type UnpackBounds, UnpackError } from "./bounds.ts"
import type { PackedFile } from "./packed-file.ts"
import { isTar, untar } from "./tar.ts"
import { isZip, unzip } from "./zip.ts"

/**
 * The files of a zip or tar archive, packed with gzip or not: told by its bytes, not its name. All of it is checked before
 * anything is given, so that a hostile archive leaves nothing behind; folders without a file are left out. Links, devices and
 * paths that lead out are refused, never repaired. Throws UnpackError.
 */
export function unpack(archive: Uint8Array, bounds: UnpackBounds = BOUNDS): readonly PackedFile[] {
  if (isZip(archive)) return unzip(archive, bounds)
  if (isGzip(archive)) return untar(gunzipped(archive, bounds), bounds)
  if (isTar(archive)) return untar(archive, bounds)
  throw new UnpackError("unknown_format", "It is neither a zip nor a tar archive.")
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** A header and its rest, for every file; and the two empty ones at the end. */
const TAR_OVERHEAD_BYTES = 2048

function gunzipped(bytes: Uint8Array, { bytesMax, filesMax }: UnpackBounds): Uint8Array {
  const maxOutputLength = bytesMax + (filesMax + 1) * TAR_OVERHEAD_BYTES
  try {
    return gunzipSync(bytes, { maxOutputLength })
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError
    throw isTooLarge
      ? new UnpackError("too_large", `It holds more than ${bytesMax} bytes.`, { cause })
      : new UnpackError("damaged", "Its gzip data is damaged or cut off.", { cause })
  }
}
