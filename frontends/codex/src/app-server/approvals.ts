import { askerText, type EventOf, type Op } from "@skein/protocol"
import { asObject, asText, asTexts, given, isSameJson, type Json } from "@skein/protocol/json"
import { callWord, commandLine, commandOf } from "../words.ts"

import type { CallFacts } from "./items.ts"
import type { Notification } from "./telling.ts"

type Asked = EventOf<"approval.requested">

/** The request that asks the client about an approval, without the ids of its thread and turn. */
export function approvalRequest(asked: Asked, call: CallFacts | undefined, cwd: string): Notification {
  const shared = {
    itemId: call?.id ?? asked.approvalId,
    startedAtMs: asked.at,
    ...given("reason", reasonOf(asked)),
  }
  if (call !== undefined && callWord(call.name) === "file_change") {
    return { method: "item/fileChange/requestApproval", params: { ...shared, grantRoot: null } }
  }
  const isCommand = call !== undefined && callWord(call.name) === "command"
  const command = isCommand ? commandLine(call.input) : whatOf(asked, call)
  return {
    method: "item/commandExecution/requestApproval",
    params: {
      kind: "command",
      ...shared,
      command,
      cwd,
      commandActions: [{ type: "unknown", command: isCommand ? commandOf(call.input) : command }],
      ...given("approvalId", asked.subject === "call" ? undefined : asked.approvalId),
      ...amendments(asked),
      availableDecisions: decisions(asked),
    },
  }
}

/** Why it is asked, what the turn has read, and what the call did where it was tried first. */
function reasonOf(asked: Asked): string | undefined {
  const { subject, actions, reasons, taint = [], effects } = asked
  const unsaid = taint.filter((sentence) => !reasons.includes(sentence))
  const host = subject === "network" ? actions.map(({ target }) => `it wants to reach ${target}`) : []
  const changes = effects?.changes.map(({ kind, path }) => `${kind} ${path}`)
  const tried = changes && [`tried in a throw-away copy without network: ${changes.join(", ") || "no file changed"}`]
  const told = [...(tried ?? []), ...host.filter((sentence) => !reasons.includes(sentence)), ...reasons, ...unsaid]
  const text = `${askerText(asked)}${told.join("; ")}`
  return text === "" ? undefined : text
}

/** What a lasting answer would write: the beginning of a command, or a host. */
function amendments(asked: Asked): Json {
  const prefix = prefixOf(asked)
  const host = hostOf(asked)
  return {
    ...given("proposedExecpolicyAmendment", prefix && [...prefix]),
    ...(host === undefined
      ? {}
      : {
          networkApprovalContext: { host, protocol: portOf(asked) === "80" ? "http" : "https" },
          proposedNetworkPolicyAmendments: [
            { host, action: "allow" },
            { host, action: "deny" },
          ],
        }),
  }
}

function decisions(asked: Asked): (string | Json)[] {
  const prefix = prefixOf(asked)
  const host = hostOf(asked)
  const amended = {
    acceptWithExecpolicyAmendment: prefix && { execpolicy_amendment: [...prefix] },
    applyNetworkPolicyAmendment:
      host === undefined ? undefined : { network_policy_amendment: { host, action: "allow" } },
  }
  return [
    "accept",
    ...(asked.options.includes("allow_always") ? ["acceptForSession"] : []),
    ...Object.entries(amended).flatMap(([name, value]) => (value === undefined ? [] : [{ [name]: value }])),
    "decline",
    "cancel",
  ]
}

/** The words that a rule for ever would be about: only where every further word is as harmless, which ` *` says. */
function prefixOf({ always, options }: Asked): readonly string[] | undefined {
  if (always === undefined || !options.includes("allow_always")) return undefined
  const { prefix, command } = always
  if (prefix !== undefined) {
    const words = prefix.flatMap((word) => (typeof word === "string" ? [word] : []))
    return words.length === prefix.length ? words : undefined
  }
  const plain = /^([\w./:@=+-]+(?: [\w./:@=+-]+)*) \*$/.exec(command ?? "")?.[1]
  return plain?.split(" ")
}

function hostOf({ subject, actions }: Asked): string | undefined {
  if (subject !== "network") return undefined
  return actions[0]?.target.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1")
}

function portOf({ actions }: Asked): string | undefined {
  return /:(\d+)$/.exec(actions[0]?.target ?? "")?.[1]
}

/** What is asked about when it is no command: the tool and what it was given. */
function whatOf(asked: Asked, call: CallFacts | undefined): string {
  if (call !== undefined) return `${call.name} ${JSON.stringify(call.input ?? {})}`
  return asked.actions.map(({ verb, target }) => `${verb} ${target}`).join(", ") || asked.subject
}

type Decision = Pick<Op<"approval.answer">, "answer" | "interrupt" | "rules" | "scope">

/** Reads the client's decision. Anything but a clear acceptance refuses. */
export function readDecision(reply: Json | undefined, asked: Asked): Decision {
  const mayAlways = asked.options.includes("allow_always")
  const decision = reply?.decision
  const amended = asObject(decision)
  if (amended !== undefined) return readAmendment(amended, asked, mayAlways)
  switch (asText(decision)) {
    case "accept":
      return { answer: "allow_once" }
    case "acceptForSession":
      return { answer: mayAlways ? "allow_always" : "allow_once" }
    case "cancel":
      return { answer: "reject_once", interrupt: true }
    default:
      return { answer: "reject_once" }
  }
}

/** A rule of the person's own, for ever. One that cannot be read refuses: what it was to allow is not known. */
function readAmendment(amended: Json, asked: Asked, mayAlways: boolean): Decision {
  const exec = asObject(amended.acceptWithExecpolicyAmendment)
  const words = asTexts(exec?.execpolicy_amendment)
  if (exec !== undefined && words.length > 0) {
    const proposed = prefixOf(asked)
    // Words that nobody weighed are allowed this once: only what was proposed is as harmless as what is asked about.
    if (!mayAlways || !isSameJson(words, proposed)) return { answer: "allow_once" }
    const rule = { tool: asked.always?.tool ?? "bash", prefix: [...words], decision: "allow", scope: "user" } as const
    return { answer: "allow_always", rules: [rule], scope: "user" }
  }
  const network = asObject(asObject(amended.applyNetworkPolicyAmendment)?.network_policy_amendment)
  const host = asText(network?.host)?.toLowerCase()
  if (asked.subject !== "network" || host === undefined || host !== hostOf(asked)?.toLowerCase()) {
    return { answer: "reject_once" }
  }
  if (network?.action !== "allow") return { answer: mayAlways ? "reject_always" : "reject_once", scope: "user" }
  if (!mayAlways) return { answer: "allow_once" }
  // With the port that was asked about, which the client has no word for.
  const rule = {
    tool: asked.always?.tool ?? "*",
    host: asked.always?.host ?? host,
    decision: "allow",
    scope: "user",
  } as const
  return { answer: "allow_always", rules: [rule], scope: "user" }
}
