import type { EventOf, Op } from "@skein/protocol"
import { asObject, asText, given, type Json } from "@skein/protocol/json"
import { callWord, commandLine, commandOf } from "../words.ts"
import type { Notification } from "./feed.ts"
import type { CallFacts } from "./items.ts"

type Asked = EventOf<"approval.requested">

/** The request that asks the client about an approval, without the ids of its thread and turn. */
export function approvalRequest(asked: Asked, call: CallFacts | undefined, cwd: string): Notification {
  const shared = {
    itemId: call?.id ?? asked.approvalId,
    startedAtMs: asked.at,
    ...given("reason", asked.reasons.length === 0 ? undefined : asked.reasons.join("; ")),
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
      availableDecisions: [
        "accept",
        ...(asked.options.includes("allow_always") ? ["acceptForSession"] : []),
        "decline",
        "cancel",
      ],
    },
  }
}

/** What is asked about when it is no command: the tool and what it was given. */
function whatOf(asked: Asked, call: CallFacts | undefined): string {
  if (call !== undefined) return `${call.name} ${JSON.stringify(call.input ?? {})}`
  return asked.actions.map(({ verb, target }) => `${verb} ${target}`).join(", ") || asked.subject
}

/** Reads the client's decision. Anything but a clear acceptance refuses. */
export function readDecision(
  reply: Json | undefined,
  asked: Asked,
): Pick<Op<"approval.answer">, "answer" | "interrupt"> {
  const mayAlways = asked.options.includes("allow_always")
  const decision = reply?.decision
  const isAmendment = asObject(decision)?.acceptWithExecpolicyAmendment !== undefined
  switch (isAmendment ? "acceptForSession" : asText(decision)) {
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
