import { closeSync } from "node:fs"
import { ToolFailure } from "@skein/core/ports"
import { openPipe } from "../pipe.ts"
import { readAll } from "../reading.ts"

/** The three streams of a lasting process, from our side. */
export interface Streams {
  /** What the process gets as 0, 1 and 2. Ours until `handedOver`, whoever they were sent to. */
  readonly theirs: readonly [number, number, number]
  handedOver(): void
  write(bytes: Uint8Array): Promise<void>
  closeInput(): void
  /** Resolves when nothing more comes, or at the latest after `ms`; then nothing is told any more and all is closed. */
  finish(ms: number): Promise<void>
}

export type OnOutput = (bytes: Uint8Array, stream: "stdout" | "stderr") => void

/** Three kernel pipes. */
export async function pipes(onOutput: OnOutput): Promise<Streams> {
  const [input, output, error] = [await openPipe(), await openPipe(), await openPipe()]
  const read = (fd: number, stream: "stdout" | "stderr") => readAll(fd, async (bytes) => onOutput(bytes, stream))
  const readers = [read(output.read, "stdout"), read(error.read, "stderr")]
  const sink = Bun.file(input.write).writer()
  const theirs = [input.read, output.write, error.write] as const
  let isOpen = true

  async function closeInput(): Promise<void> {
    if (!isOpen) return
    isOpen = false
    // What nobody reads any more is not missed by whoever closes it.
    await Promise.resolve(sink.end()).catch(() => undefined)
    closeSync(input.write)
  }

  return {
    theirs,
    handedOver: () => theirs.forEach(closeSync),
    async write(bytes) {
      if (!isOpen) throw new ToolFailure("Its input is closed.")
      try {
        sink.write(bytes)
        await sink.flush()
      } catch (cause) {
        throw new ToolFailure("It does not read its input any more.", { cause })
      }
    },
    closeInput: () => void closeInput(),
    async finish(ms) {
      await Promise.all(readers.map((reader) => reader.within(ms)))
      await Promise.all(readers.map((reader) => reader.stop()))
      for (const fd of [output.read, error.read]) closeSync(fd)
      await closeInput()
    },
  }
}
