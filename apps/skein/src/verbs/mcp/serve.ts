import { existsSync, realpathSync, statSync } from "node:fs"
import { compose, type Host, type HostRequest } from "@skein/host"
import { type McpSource, workspaceSource } from "@skein/mcp-server"
import { parseHostRule, readRules, splitRules } from "@skein/protocol/rule-strings"
import type { Flags } from "../../flags.ts"
import type { Io } from "../../io.ts"
import { NO_MODEL } from "../../session/own-call.ts"
import { hostRequest, path } from "../../session/request.ts"
import { Blocked, UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { VERSION } from "../../version.ts"
import { serveOverLines } from "./over-lines.ts"
import { servedFile } from "./served-file.ts"

/** `skein mcp serve`: its tools, for the agent at the other end of stdin and stdout, until that closes its end. */
export const run: Run = async ({ flags, words, io }) => {
  refuseBus(flags)
  const request = serveRequest(flags, words, io)
  const host = compose(request)
  try {
    for (const warning of host.warnings) io.err(`note    ${warning}`)
    const source = () => folderSource(host, request.cwd)
    const listen = flags.text("listen")
    if (listen !== undefined) return await (await import("./listen.ts")).listenMcp(listen, { source, flags, io })
    return await serveOverLines(source(), io)
  } finally {
    await host.close()
  }
}

function folderSource(host: Host, cwd: string): McpSource {
  const { extraRoots } = host.settings
  return workspaceSource(host.engine, {
    ...{ version: VERSION, cwd, extraRoots, redact: host.redact },
    readFile: (path, bytesMax) => servedFile(path, [cwd, ...extraRoots], bytesMax),
    model: async () => (await host.startModel()) ?? NO_MODEL,
  })
}

/** The folder that is named is the one that is worked in. */
function serveRequest(flags: Flags, words: readonly string[], io: Io): HostRequest {
  const [folder, ...more] = words
  if (more.length > 0) throw new UsageError(`One folder can be served, not ${words.length}.`)
  const base = hostRequest(flags, io)
  const cwd = folder === undefined ? base.cwd : path(folder, base.cwd)
  if (!existsSync(cwd) || !statSync(cwd).isDirectory()) {
    throw new UsageError(`Cannot serve ${JSON.stringify(folder ?? cwd)}: there is no such folder.`)
  }
  const request = { ...base, cwd: realpathSync(cwd) }
  return { ...request, rules: rulesOf(flags, request) }
}

function rulesOf(flags: Flags, { cwd, home }: HostRequest): HostRequest["rules"] {
  const rules = (name: string, decision: "allow" | "deny") => {
    const texts = splitRules(flags.list(name)).map(parseHostRule)
    const { rules, refused, unsupported } = readRules(texts, decision, "session", { cwd, home })
    const [wrong] = [...refused, ...unsupported]
    if (wrong !== undefined) throw new UsageError(`--${name}: ${wrong}`)
    return rules
  }
  return [...rules("allow-tools", "allow"), ...rules("deny-tools", "deny")]
}

function refuseBus(flags: Flags): void {
  if (!flags.has("bus-url")) return
  throw new Blocked(
    "Joining an agent bus is not available in this version: there is no bus client here, so its tools (bus_events, bus_status, " +
      "ralph_status) and resources have nothing behind them. Leave out --bus-url.",
  )
}
