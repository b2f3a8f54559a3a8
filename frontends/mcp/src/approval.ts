import type { ElicitRequestFormParams } from "@modelcontextprotocol/server"
import {
  askedTitle,
  askerText,
  type Engine,
  type EventOf,
  type Op,
  ruleText,
  SkeinError,
  visible,
} from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import type { Question } from "./work.ts"

type Approval = EventOf<"approval.requested">
type Answer = Op<"approval.answer">["answer"]

/** A form is a dialog: a person reads no more of it. */
const MESSAGE_CHARS_MAX = 6_000

/** An approval as a question to the client's person. */
export function approvalQuestion(asked: Approval, engine: Pick<Engine, "submit">): Question {
  const { sessionId, approvalId } = asked
  return {
    id: approvalId,
    params: approvalForm(asked),
    async answer(reply) {
      const op = { type: "approval.answer", sessionId, approvalId, ...readAnswer(reply, asked) } as const
      const receipt = await engine.submit(op)
      // Somebody else answered meanwhile, or the call was stopped.
      if (receipt.status === "accepted" || receipt.code === "approval.not_found") return
      throw new SkeinError(receipt.code, receipt.message)
    },
  }
}

/** Everything that would be done, why it is asked, and one field for the answer. */
export function approvalForm(asked: Approval): ElicitRequestFormParams {
  const options = asked.options.filter((option) => option !== "preview")
  return {
    mode: "form",
    message: messageOf(asked),
    requestedSchema: {
      type: "object",
      properties: {
        answer: {
          ...{ type: "string", title: "May it run?", enum: options },
          enumNames: options.map((option) => nameOf(option, asked)),
        },
      },
      required: ["answer"],
    },
  }
}

function messageOf(asked: Approval): string {
  const { actions, reasons, taint = [], cwd, effects } = asked
  const lines = [
    `${askerText(asked)}skein asks: ${askedTitle(asked)}`,
    ...actions.flatMap(({ diff }) => (diff === undefined ? [] : [diff])),
    ...(effects === undefined ? [] : [`Tried in a throw-away copy, it changed: ${changed(effects.changes)}`]),
    ...(reasons.length === 0 ? [] : [`Asked because ${reasons.join("; ")}.`]),
    ...taint.filter((sentence) => !reasons.includes(sentence)),
    ...(cwd === undefined ? [] : [`In ${cwd}.`]),
  ]
  const text = visible(lines.join("\n"))
  return text.length <= MESSAGE_CHARS_MAX ? text : `${text.slice(0, MESSAGE_CHARS_MAX)}\n(cut: it is longer)`
}

function changed(changes: readonly { readonly kind: string; readonly path: string }[]): string {
  return changes.map(({ kind, path }) => `${kind} ${path}`).join(", ") || "nothing"
}

function nameOf(option: Answer, { always }: Approval): string {
  switch (option) {
    case "allow_once":
      return "Allow once"
    case "allow_always":
      return always === undefined ? "Allow always" : visible(`Always in this session: ${ruleText(always)}`)
    case "reject_always":
      return "Refuse always"
    case "reject_once":
    case "preview":
      return "Refuse"
  }
}

/** Nothing but an option that was offered runs it. */
function readAnswer(reply: unknown, { options }: Approval): { answer: Answer; feedback?: string } {
  const { action, content } = asObject(reply) ?? {}
  if (reply === undefined) {
    return { answer: "reject_once", feedback: "The question could not be put to the person." }
  }
  const said = asObject(content)?.answer
  const chosen = action === "accept" ? options.find((option) => option === said && option !== "preview") : undefined
  return { answer: chosen ?? "reject_once" }
}
