/** How much is watched and kept. Bytes and milliseconds. */
export interface Bounds {
  /** All that the store may hold; when it is more, what was not used for longest goes. */
  readonly bytesMax: number
  /** A larger file is kept by a scan only where the file system can share its blocks. */
  readonly fileBytesMax: number
  /** The largest file that is read at all: to keep it, when a call names it, or to know whether it changed. */
  readonly readBytesMax: number
  /** What one scan may add to the store. The next one goes on where it ended. */
  readonly scanBytesMax: number
  /** Blobs in one pack: closing it sorts them in one go. */
  readonly packBlobsMax: number
  /** A folder named like an output (`build`) that has more files, or bytes, is left out of a scan. */
  readonly outputEntriesMax: number
  readonly outputBytesMax: number
  /** A tree with more files and folders is not scanned. */
  readonly entriesMax: number
  /** A tree that takes longer to look through is not scanned. */
  readonly scanMs: number
}

const MB = 1_000_000

export const BOUNDS: Bounds = {
  bytesMax: 2_000 * MB,
  fileBytesMax: 10 * MB,
  readBytesMax: 256 * MB,
  scanBytesMax: 256 * MB,
  packBlobsMax: 20_000,
  outputEntriesMax: 1_000,
  outputBytesMax: 32 * MB,
  entriesMax: 200_000,
  scanMs: 10_000,
}

/** `12 MB`, `3 kB`, `1 byte`. */
export function sizeText(bytes: number): string {
  if (bytes >= MB) return `${Math.round(bytes / MB).toLocaleString("en")} MB`
  if (bytes >= 1_000) return `${Math.round(bytes / 1_000)} kB`
  return bytes === 1 ? "1 byte" : `${bytes} bytes`
}
