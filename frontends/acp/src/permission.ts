import { askedTitle, askerText, type EventOf, type Op } from "@skein/protocol"
import { type CallFacts, callFields, callReported, text } from "./calls.ts"
import { diffContent } from "./diffs.ts"
import { PermissionAnswer, read } from "./params.ts"
import type { Json } from "./rpc.ts"
import { fenced, oneLine } from "./text.ts"
import { acpOptions } from "./words.ts"

type Asked = EventOf<"approval.requested">

/**
 * The call a question is about. A question about something else gets a call of its own, which has to be reported before
 * it is asked, as clients know questions by their call.
 */
export function subjectOf(asked: Asked, call: CallFacts | undefined): { call: CallFacts; reports: readonly Json[] } {
  if (call !== undefined) return { call, reports: [] }
  const title = `${askerText(asked)}${askedTitle(asked)}`
  const own = { callId: asked.approvalId, name: asked.subject, title, kind: "other", locations: [] } as const
  return { call: own, reports: [callReported(own)] }
}

/** The params of `session/request_permission`: everything that would be done, and why it is asked. */
export function permissionRequest(sessionId: string, asked: Asked, call: CallFacts): Json {
  const actions = asked.actions.flatMap(({ verb, target, diff }) =>
    diff === undefined ? [text(`${verb}:\n${fenced(target)}`)] : diffContent({ path: target, diff }),
  )
  const unsaid = (asked.taint ?? []).filter((sentence) => !asked.reasons.includes(sentence))
  const why = [...asked.reasons, ...unsaid]
  const facts = [
    ...(why.length === 0 ? [] : [`Asked because ${why.join("; ")}.`]),
    ...(asked.cwd === undefined ? [] : [`In ${oneLine(asked.cwd, 300)}.`]),
  ]
  const reasons = facts.length === 0 ? [] : [text(facts.join(" "))]
  return {
    sessionId,
    toolCall: {
      ...callFields(call),
      // A host is asked about while its call runs.
      status: asked.subject === "network" ? "in_progress" : "pending",
      content: [...actions, ...effectsOf(asked), ...reasons],
    },
    options: acpOptions(asked.options, asked.always),
  }
}

/** What a call did in a throw-away copy: what allowing it would keep. */
function effectsOf({ effects }: Asked): readonly Json[] {
  if (effects === undefined) return []
  const { changes, network, output, exitCode } = effects
  const files = changes.map(({ kind, path }) => `${kind} ${path}`)
  const hosts = network.map(({ host, port, decision }) => `${host}:${port} ${decision}`)
  const facts = [
    ...(files.length === 0 ? ["It changed no file."] : files),
    ...hosts,
    ...(exitCode === undefined ? [] : [`exit ${exitCode}`]),
  ]
  return [
    text(`Tried in a throw-away copy without network:\n${fenced(facts.join("\n"))}`),
    ...changes.flatMap(({ path, diff }) => (diff === undefined ? [] : diffContent({ path, diff }))),
    ...(output.trim() === "" ? [] : [text(`It said:\n${fenced(output)}`)]),
  ]
}

/** The answer as our own; undefined when the client says that the turn was cancelled. Anything unclear refuses. */
export function readPermission(reply: unknown, { options }: Asked): Op<"approval.answer">["answer"] | undefined {
  const { outcome } = read(PermissionAnswer, reply)
  if (outcome.outcome === "cancelled") return undefined
  return options.find((answer) => answer === outcome.optionId) ?? "reject_once"
}
