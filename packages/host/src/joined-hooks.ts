import type { HookOutcome, Hooks, HooksPort, Place } from "@skein/core/ports"
import type { HookList } from "@skein/protocol"

type Listed = HooksPort & { list(place: Place): Promise<HookList> }

/** The hooks of several as one: all are run beside each other, and the strictest word holds. */
export function joinedHooks(ports: readonly Listed[]): Listed {
  return {
    at: async (place) => joined(await Promise.all(ports.map((port) => port.at(place)))),
    async list(place) {
      const lists = await Promise.all(ports.map((port) => port.list(place)))
      return { hooks: lists.flatMap(({ hooks }) => hooks), flaws: lists.flatMap(({ flaws }) => flaws) }
    },
  }
}

function joined(all: readonly Hooks[]): Hooks {
  return {
    has: (event) => all.some((hooks) => hooks.has(event)),
    async run(point, signal) {
      const asked = all.filter((hooks) => hooks.has(point.event))
      const [only] = asked
      if (only !== undefined && asked.length === 1) return only.run(point, signal)
      return strictest(await Promise.all(asked.map((hooks) => hooks.run(point, signal))))
    },
    statusOf: (point) => all.map((hooks) => hooks.statusOf?.(point)).find((status) => status !== undefined),
    changed: changedOf(all),
  }
}

/** Files of several are taken together, or not at all: whoever answers does not tell them apart. */
function changedOf(all: readonly Hooks[]): Hooks["changed"] {
  const files = all.flatMap(({ changed }) => changed?.files ?? [])
  if (files.length === 0) return undefined
  const settle = async (how: { readonly isTaken: boolean }) =>
    joined(await Promise.all(all.map((hooks) => hooks.changed?.settle(how) ?? hooks)))
  return { files, settle }
}

const BY_STRICTNESS = ["deny", "ask", "allow"] as const

/** What all said together: any no holds, reasons are those of whoever decides, and of those who rewrite the last counts. */
export function strictest(all: readonly HookOutcome[]): HookOutcome {
  const decision = BY_STRICTNESS.find((word) => all.some((outcome) => outcome.decision === word))
  const deciding = all.filter((outcome) => outcome.decision !== undefined && outcome.decision === decision)
  const reason = lines(deciding.map((outcome) => outcome.reason))
  const block = lines(all.map((outcome) => outcome.block?.reason))
  const stop = all.find((outcome) => outcome.stop !== undefined)?.stop
  const input = decision === "deny" ? undefined : all.findLast((outcome) => outcome.input !== undefined)?.input
  const output = all.findLast((outcome) => outcome.output !== undefined)?.output
  const context = lines(all.map((outcome) => outcome.context))
  return {
    ...(all.some((outcome) => outcome.block !== undefined) ? { block: { reason: block } } : {}),
    ...(stop === undefined ? {} : { stop }),
    ...(decision === undefined ? {} : { decision }),
    ...(reason === "" ? {} : { reason }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(context === "" ? {} : { context }),
    messages: all.flatMap(({ messages }) => messages),
    ran: all.flatMap(({ ran }) => ran),
  }
}

function lines(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== "").join("\n")
}
