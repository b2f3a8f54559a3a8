/** A file of an archive. */
export interface TarFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** The plain files of a tar archive in the ustar format, as npm's packages are. Throws for one that is cut off. */
export function* tarFiles(archive: Uint8Array): Generator<TarFile> {
  const decoder = new TextDecoder()
  const field = (at: number, length: number): string =>
    decoder.decode(archive.subarray(at, at + length)).replace(/\0[\s\S]*$/, "")
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(field(at + 124, 12).trim(), 8)
    const from = at + BLOCK
    if (!Number.isSafeInteger(size) || size < 0 || from + size > archive.length)
      throw new Error("The archive is cut off")
    const prefix = field(at + 345, 155)
    const name = field(at, 100)
    const kind = field(at + 156, 1)
    if (kind === "" || kind === "0") {
      yield { path: prefix === "" ? name : `${prefix}/${name}`, bytes: archive.subarray(from, from + size) }
    }
    at = from + Math.ceil(size / BLOCK) * BLOCK
  }
}

const BLOCK = 512
