/** One event of a stream of server-sent events; comments are left out. */
export interface SseFrame {
  readonly event: string
  readonly data: string
}

/** Reads a stream only as fast as its frames are taken. What is cut off at the end is none. */
export async function* sseFrames(body: ReadableStream<Uint8Array>): AsyncGenerator<SseFrame, void> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest: string[] = []
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const text = decoder.decode(next.value, { stream: true })
      const lines = text.split("\n")
      lines[0] = `${rest.at(-1) ?? ""}${lines[0] ?? ""}`
      const all = [...rest.slice(0, -1), ...lines]
      let from = 0
      for (let at = 0; at < all.length - 1; at++) {
        if (all[at] !== "") continue
        const frame = frameOf(all.slice(from, at))
        from = at + 1
        if (frame !== undefined) yield frame
      }
      rest = all.slice(from)
    }
  } finally {
    // Whoever reads was told already how it ended.
    await reader.cancel().catch(() => undefined)
  }
}

function frameOf(lines: readonly string[]): SseFrame | undefined {
  const field = (name: string) =>
    lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))
  const data = field("data")
  return data.length === 0 ? undefined : { event: field("event")[0] ?? "message", data: data.join("\n") }
}
