import type { CallResult, EventOf, ShellLine, ToolCall } from "@skein/protocol"
import type { CallBlock } from "./block.ts"

type Settled = Omit<EventOf<"call.settled">, "type"> | Omit<EventOf<"shell.ended">, "type">
type Result = Pick<
  CallBlock,
  "view" | "images" | "changes" | "network" | "bytes" | "exitCode" | "confinement" | "durationMs" | "isUntrusted"
>

/** A call as it was asked for. */
export function requestedBlock(
  event: Omit<EventOf<"call.requested">, "kind"> & { readonly toolKind: CallBlock["toolKind"] },
): CallBlock {
  const { callId, name, title, toolKind } = event
  return {
    kind: "call",
    id: callId,
    isFinal: false,
    callId,
    name,
    title,
    toolKind,
    state: "validating",
    isUntrusted: false,
  }
}

/** A command of the person's own. */
export function shellBlock({
  callId,
  command,
  isPrivate,
  at,
}: Pick<EventOf<"shell.started">, "callId" | "command" | "isPrivate" | "at">): CallBlock {
  const name = isPrivate ? PRIVATE_SHELL : SHELL
  return {
    ...{ kind: "call", id: callId, isFinal: false, callId, name, title: command, toolKind: "execute" },
    state: "executing",
    startedAt: at,
    isUntrusted: false,
    isPersons: true,
  }
}

/** As the person wrote it. */
const SHELL = "!"
const PRIVATE_SHELL = "!!"

/** The block of a call that is over. */
export function settledBlock(block: CallBlock, event: Settled): CallBlock {
  return {
    ...block,
    ...resultOf(event),
    isFinal: true,
    preview: undefined,
    state: event.outcome,
    failure: event.outcome === "success" ? undefined : failureOf(event),
  }
}

/** A call of the fold, for transcripts that are drawn from their end. */
export function itemBlock(item: ToolCall): CallBlock {
  const { callId, name, title, toolKind, state, result } = item
  const block: CallBlock = {
    kind: "call",
    id: callId,
    isFinal: result !== undefined,
    callId,
    name,
    title,
    toolKind,
    state,
    isUntrusted: false,
  }
  if (result === undefined) return block
  return { ...block, ...resultOf(result), failure: state === "success" ? undefined : failureOf(result) }
}

/** The block of the person's own command. */
export function shellItemBlock({ callId, command, isPrivate, state, result }: ShellLine): CallBlock {
  const name = isPrivate ? PRIVATE_SHELL : SHELL
  const failure = state === "success" ? undefined : failureOf(result)
  const block: CallBlock = {
    kind: "call",
    id: callId,
    isFinal: true,
    callId,
    name,
    title: command,
    toolKind: "execute",
    state,
    isUntrusted: false,
    isPersons: true,
  }
  return { ...block, ...resultOf(result), failure }
}

function resultOf(result: Settled | CallResult): Result {
  const changes = "changes" in result ? result.changes : undefined
  const { forHuman, forModel, network, bytes, exitCode, confinement, durationMs, provenance } = result
  const images = forModel.filter((part) => part.type === "image")
  return {
    view: forHuman,
    images: images.length === 0 ? undefined : images,
    changes,
    network,
    bytes,
    exitCode,
    confinement,
    durationMs,
    isUntrusted: provenance?.isTrusted === false,
  }
}

/** A no, of a person or a rule, is no error of the tool. */
function failureOf({
  code = "",
  forHuman,
  forModel,
}: Pick<Settled, "code" | "forHuman" | "forModel">): CallBlock["failure"] {
  const text = forHuman?.body ?? forModel.map((part) => (part.type === "text" ? part.text : "")).join("")
  const isRefusal = code === "call.denied" || code === "call.unattended"
  return { code, text, isRefusal }
}
