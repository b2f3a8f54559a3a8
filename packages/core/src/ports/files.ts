/**
 * Files as tools need them. Paths are absolute. All failures are ToolFailure, with a text for the model.
 * Implementations never hang on a device, FIFO or socket, and never follow a link out of what was resolved.
 */
export interface FilesPort {
  /** Links resolved for every existing part of the path; the rest appended. */
  resolve(path: string): Promise<string>
  /** Undefined when nothing is there. Does not follow a last link. */
  stat(path: string): Promise<FileStat | undefined>
  /** The whole file, refused over `bytesMax`. */
  read(path: string, options: { readonly bytesMax: number }): Promise<FileBytes>
  /** At most `bytesMax` bytes from `offset`. */
  readPart(path: string, options: { readonly offset: number; readonly bytesMax: number }): Promise<Uint8Array>
  list(path: string): Promise<readonly FileEntry[]>
  /**
   * Puts bytes in place of what is there, whole or not at all: a temporary file beside it, then a rename. Keeps mode,
   * owner, extended attributes and links. `expected` is the SHA-256 the file must have now, or null for no file; when it
   * has not, nothing is written and ToolFailure says so. Makes missing parent folders.
   */
  replace(path: string, bytes: Uint8Array, expected: string | null, options?: NewFile): Promise<FileBytes>
  /**
   * Takes a file away whose SHA-256 is `expected`; when it is not, nothing is done and ToolFailure says so. Of a file with
   * several names only this name. Folders that it leaves empty stay.
   */
  delete(path: string, expected: string): Promise<void>
}

export interface NewFile {
  /** The file it comes from: a new one gets its mode, owner and extended attributes. Absolute, resolved. */
  readonly like?: string | undefined
  /** Without `like`: its permission bits, whatever the process's mask. */
  readonly mode?: number | undefined
}

export interface FileStat {
  readonly kind: "file" | "directory" | "link" | "other"
  readonly bytes: number
  readonly mode: number
  readonly modifiedMs: number
}

export interface FileBytes {
  readonly bytes: Uint8Array
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string
}

export interface FileEntry {
  readonly name: string
  readonly kind: "file" | "directory" | "link" | "other"
}
