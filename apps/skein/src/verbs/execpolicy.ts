import { existsSync, readFileSync } from "node:fs"
import { compose } from "@skein/host"
import { jsonLine, jsonPage } from "@skein/protocol"
import { hostRequest, path } from "../session/request.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

export const run: Run = async () => {
  throw new UsageError("skein execpolicy check --rules <file> … <command …> checks a command.")
}

/** `skein execpolicy check`: output and exit codes as Codex's. */
export const check: Run = async ({ flags, rest, io }) => {
  const files = flags.list("rules")
  if (files.length === 0) throw new UsageError("skein execpolicy check needs --rules <file>.")
  if (rest.length === 0) throw new UsageError("skein execpolicy check needs a command after its flags.")
  const host = compose(hostRequest(flags, io))
  try {
    const { check: matched, PolicyFileError, readPolicy } = await host.execPolicy()
    const sources = files.map((file) => ({ name: file, path: path(file, io.cwd) }))
    const missing = sources.find((source) => !existsSync(source.path))
    if (missing !== undefined)
      return failed(`failed to read policy at ${missing.name}`, "No such file or directory (os error 2)")
    try {
      const policy = readPolicy(
        sources.map((source) => ({ name: source.name, source: readFileSync(source.path, "utf8") })),
      )
      const found = matched(policy, rest, flags.has("resolve-host-executables"))
      io.out(flags.has("pretty") ? jsonPage(found) : jsonLine(found))
      return 0
    } catch (error) {
      if (error instanceof PolicyFileError) return failed(error.message, error.detail)
      throw error
    }
  } finally {
    await host.close()
  }

  function failed(what: string, cause: string): number {
    io.err(`Error: ${what}`)
    io.err("")
    io.err("Caused by:")
    io.err(`    ${cause}`)
    return 1
  }
}
