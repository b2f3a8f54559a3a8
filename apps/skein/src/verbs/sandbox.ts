import { constants } from "node:os"
import { compose, type Host } from "@skein/host"
import type { Settings } from "@skein/protocol"
import { hostRequest } from "../session/request.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/**
 * `skein sandbox [linux] [--] program …`: runs it as a command of a session would run, with our own streams. Read-only
 * unless this run says otherwise; a signal that ended it is 128 and its number, as a shell tells it.
 */
export const run: Run = async ({ flags, words, rest, io }) => {
  const command = [...(words[0] === "linux" ? words.slice(1) : words), ...rest]
  if (command.length === 0) throw new UsageError("skein sandbox needs a program: skein sandbox -- ls -l.")
  const request = hostRequest(flags, io)
  const host = compose(request)
  const stop = new AbortController()
  const unhook = io.onSignal(() => stop.abort())
  try {
    const { extraRoots } = host.settings
    const sandbox = saidSandbox(host) ?? "read-only"
    const { cwd } = request
    const end = await host.exec.attach({ command, cwd, sandbox, roots: [cwd, ...extraRoots], signal: stop.signal })
    const signal = Object.entries(constants.signals).find(([name]) => name === end.signal)?.[1]
    return end.exitCode ?? 128 + (signal ?? 0)
  } finally {
    unhook()
    await host.close()
  }
}

/** What is configured is for sessions: a program that is tried out in the sandbox is not to write on its word. */
function saidSandbox({ config, settings }: Host): Settings["sandbox"] | undefined {
  const layer = config.origin("sandbox")?.layer
  return layer === "flags" || layer === "override" ? settings.sandbox : undefined
}
