import type { Host } from "@skein/host"
import { UsageError } from "../usage.ts"

/** Reads of a repository, confined: nothing that its settings or attributes name can write or send anything. */
export interface GitLook {
  /** What it printed. Throws UsageError with git's own words when it did not succeed. */
  read(args: readonly string[], bytesMax?: number): Promise<string>
  /** Undefined where it did not succeed. */
  tried(args: readonly string[]): Promise<string | undefined>
}

const BYTES_MAX = 100_000
const TIMEOUT_MS = 60_000
/** No hook, watcher or pager of the repository; and text that git quotes is its own, whatever the names hold. */
const PLAIN = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.pager=cat"]

export function gitLook(host: Pick<Host, "exec">, cwd: string, signal: AbortSignal): GitLook {
  const run = async (args: readonly string[], bytesMax = BYTES_MAX) => {
    const { exitCode, output } = await host.exec.run({
      command: ["git", "--no-optional-locks", ...PLAIN, ...args],
      ...{ cwd, sandbox: "read-only", roots: [], timeoutMs: TIMEOUT_MS, bytesMax, signal },
    })
    return { isDone: exitCode === 0, output }
  }
  return {
    async read(args, bytesMax) {
      const { isDone, output } = await run(args, bytesMax)
      if (isDone) return output
      throw new UsageError(`git ${args.join(" ")} did not succeed: ${output.trim().slice(0, 500)}`)
    },
    async tried(args) {
      const { isDone, output } = await run(args)
      return isDone ? output : undefined
    },
  }
}

/** A name of a branch or a commit as a person gave it. Throws UsageError for what git would take for a flag. */
export function plainRef(ref: string): string {
  if (/^[^-\s]\S*$/.test(ref) && !ref.includes("..")) return ref
  throw new UsageError(`${JSON.stringify(ref)} names no branch or commit.`)
}
