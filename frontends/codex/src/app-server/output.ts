/** How much of an output was told. */
export interface Said {
  /** Bytes of it so far. */
  bytes: number
}

/** What is new of an output. `preview` ends where the output ends; what was lost before it is not told. */
export function fresh(said: Said, bytes: number, preview: string): string {
  if (bytes <= said.bytes) return ""
  const text = Buffer.from(preview)
    .subarray(-(bytes - said.bytes))
    .toString()
  if (text !== "") said.bytes = bytes
  return text
}
