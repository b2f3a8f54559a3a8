import { visible } from "@skein/protocol"
import type { Machine } from "./machine.ts"

/**
 * The first line that the person's own command says of these facts, which it gets as JSON on its stdin. It starts in the home:
 * what a project calls by the same name is not run. Why it gave none is told.
 */
export async function statusLine(
  command: string,
  facts: Readonly<Record<string, unknown>>,
  { home, programs, tell }: Machine,
): Promise<string | undefined> {
  const running = { input: `${JSON.stringify(facts)}\n`, timeoutMs: TIMEOUT_MS, bytesMax: BYTES_MAX, cwd: home }
  const ran = await programs.run(["sh", "-c", command], running)
  if (ran === undefined) return failed("there is no sh")
  if (ran.exitCode === undefined) return failed(`it took more than ${TIMEOUT_MS / 1000} s, or said more than 16 kB`)
  if (ran.exitCode !== 0) {
    const why = firstLine(ran.complaint)
    return failed(`it ended with exit code ${ran.exitCode}${why === "" ? "" : `: ${why}`}`)
  }
  const line = firstLine(new TextDecoder().decode(ran.out))
  return line === "" ? undefined : line

  function failed(why: string): undefined {
    tell(`The status command gave nothing: ${why}.`)
  }
}

const TIMEOUT_MS = 3_000
const BYTES_MAX = 16 * 1024
/** Characters. */
const LINE_MAX = 120

function firstLine(text: string): string {
  const line = Bun.stripANSI(text.split("\n", 1)[0] ?? "").trim()
  return [...visible(line)].slice(0, LINE_MAX).join("")
}
