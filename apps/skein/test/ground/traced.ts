import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/**
 * What a process, with all its threads, asked of the kernel by a path while something was done: strace's lines, but
 * for what the runtime does by itself.
 */
export async function fileCallsOf(pid: number, act: () => Promise<void>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "skein-trace-"))
  const file = join(folder, "calls")
  const words = ["strace", "-f", "-e", "trace=%file", "-e", "signal=none", "-o", file, "-p", `${pid}`]
  const strace = Bun.spawn(words, { stdin: "ignore", stdout: "ignore", stderr: "pipe" })
  try {
    await isAttached(strace.stderr)
    await act()
  } finally {
    // It lets go of the process, which goes on.
    strace.kill("SIGINT")
    await strace.exited
  }
  const lines = readFileSync(file, "utf8").split("\n")
  rmSync(folder, { recursive: true, force: true })
  return lines.filter((line) => line.includes('"') && !line.includes("AT_EMPTY_PATH") && !line.includes(OWN_MEMORY))
}

/** The runtime looks how much memory it has, each second. */
const OWN_MEMORY = '"/proc/self/statm"'

async function isAttached(stderr: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stderr.getReader()
  const decoder = new TextDecoder()
  for (let said = ""; !said.includes("attached"); ) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`strace cannot look: ${said}`)
    said += decoder.decode(value, { stream: true })
  }
  reader.releaseLock()
}
