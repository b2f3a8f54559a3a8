import {
  type CommandReply,
  hostPattern,
  type Item,
  NETWORKS,
  type Network,
  type NetworkAttempt,
  type SessionId,
} from "@skein/protocol"
import { defineCommand, usageReply } from "./command.ts"
import { columns, count, firstLines, oneLine } from "./text.ts"

const MEANINGS: Readonly<Record<Network["access"], string>> = {
  off: "commands reach nothing, and nobody is asked",
  ask: "commands reach the hosts of the list; you are asked about others",
  on: "commands reach everything public",
}

const SHOWN_MAX = 40

export const network = defineCommand({
  name: "network",
  summary: "What commands may reach, and what they tried.",
  usage: `[${NETWORKS.join("|")} | allow <host> | remove <host>]`,
  whileBusy: true,
  async run(args, { ask, facts, sessionId }) {
    const { settings } = await facts()
    const now = settings.network ?? { access: "ask", allow: [] }
    const access = NETWORKS.find((name) => name === args)
    if (access !== undefined)
      return changed(sessionId, { ...now, access }, `The network is ${access}: ${MEANINGS[access]}.`)
    if (args === "") {
      const { items } = await ask({ type: "session.read", sessionId })
      return { kind: "show", text: shown(now, items) }
    }
    const [, word = "", given = ""] = /^(\S+)\s+(.*)$/s.exec(args) ?? []
    if (word !== "allow" && word !== "remove") return usageReply(network, `There is no /network ${oneLine(args)}.`)
    const host = hostPattern(given)
    if (host === undefined) {
      const hint = "It takes example.com, *.example.com or example.com:8443, without a scheme or a path."
      return usageReply(network, `${oneLine(given)} is no host. ${hint}`)
    }
    return word === "allow" ? allowed(sessionId, now, host) : removed(sessionId, now, host)
  },
})

function allowed(sessionId: SessionId, now: Network, host: string): CommandReply {
  if (now.allow.includes(host)) return { kind: "show", text: `${host} is on the list already.` }
  const off = now.access === "off" ? " The network is off: /network ask makes the list count." : ""
  return changed(sessionId, { ...now, allow: [...now.allow, host] }, `Commands may reach ${host}.${off}`)
}

function removed(sessionId: SessionId, now: Network, host: string): CommandReply {
  if (!now.allow.includes(host)) return { kind: "show", text: `${host} is not on the list. /network shows it.` }
  const allow = now.allow.filter((entry) => entry !== host)
  return changed(sessionId, { ...now, allow }, `${host} is not on the list any more.`)
}

function changed(sessionId: SessionId, to: Network, done: string): CommandReply {
  return { kind: "ops", ops: [{ type: "settings.change", sessionId, changes: { network: to } }], done }
}

function shown({ access, allow }: Network, items: readonly Item[]): string {
  const rows: [string, string][] = [
    ["network", `${access}: ${MEANINGS[access]}`],
    ["list", allow.length === 0 ? "empty, so nothing" : allow.join(", ")],
  ]
  const tried = attemptsIn(items).map(({ decision, host, port, bytesOut, bytesIn, reason }): [string, string] => [
    `${decision} ${host.includes(":") ? `[${host}]` : host}:${port}`,
    decision === "allowed" ? `${count(bytesOut)} bytes out, ${count(bytesIn)} in` : oneLine(reason),
  ])
  const told =
    tried.length === 0 ? ["Commands of this session tried nothing."] : ["Tried in this session:", ...columns(tried)]
  return [...columns(rows), ...firstLines(told, SHOWN_MAX)].join("\n")
}

/** Of all calls together, in the order they were first tried. */
function attemptsIn(items: readonly Item[]): readonly NetworkAttempt[] {
  const known = new Map<string, NetworkAttempt>()
  for (const item of items) {
    const attempts = item.kind === "tool_call" ? (item.result?.network ?? []) : []
    for (const attempt of attempts) {
      const key = `${attempt.decision} ${attempt.host} ${attempt.port}`
      const { bytesOut = 0, bytesIn = 0 } = known.get(key) ?? {}
      known.set(key, { ...attempt, bytesOut: bytesOut + attempt.bytesOut, bytesIn: bytesIn + attempt.bytesIn })
    }
  }
  return [...known.values()]
}
