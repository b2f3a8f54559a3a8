import type { Event, Mode } from "@skein/protocol"
import { asObject, asText, type Json } from "@skein/protocol/json"

import { RpcError } from "./peer.ts"
import type { Notification } from "./telling.ts"

/** What a client of `review/start` wants looked at: the prompt, and what it is called for a person. */
export interface ReviewTarget {
  readonly prompt: string
  readonly name: string
}

const HOW = `Change nothing. Read the files around a change before you judge it. Report what the author would mend if they knew: bugs, lost data, races, broken contracts, holes in security, each with the case in which it goes wrong. No praise, no style; no finding is a good answer.

Your last message is the whole review: first one paragraph that says whether the changes are right as they are, and why; then, where there are findings, a line "Full review comments:" and for each "- [P0-P3] title — path:start-end" with why below it, indented by two spaces, the worst first.`

/** Reads a target in Codex's words; its prompts are Codex's. Throws RpcError. */
export function reviewTarget(params: Json): ReviewTarget {
  const target = asObject(params.target)
  switch (asText(target?.type)) {
    case "uncommittedChanges":
      return {
        name: "current changes",
        prompt: `Review the current code changes (staged, unstaged, and untracked files) and provide prioritized findings.\n\n${HOW}`,
      }
    case "baseBranch": {
      const branch = said(target, "branch")
      const prompt = `Review the code changes against the base branch '${branch}': find the merge base with it and look at the diff from there. Provide prioritized, actionable findings.\n\n${HOW}`
      return { name: `changes against '${branch}'`, prompt }
    }
    case "commit": {
      const sha = said(target, "sha")
      const title = asText(target?.title)
      const named = title === undefined ? sha : `${sha} ("${title}")`
      const prompt = `Review the code changes introduced by commit ${named}. Provide prioritized, actionable findings.\n\n${HOW}`
      return { name: `commit ${sha.slice(0, 7)}${title === undefined ? "" : `: ${title}`}`, prompt }
    }
    case "custom": {
      const instructions = said(target, "instructions")
      return { name: instructions.split("\n", 1)[0] ?? "", prompt: `${instructions}\n\n${HOW}` }
    }
    default:
      throw new RpcError("Invalid request: unknown review target")
  }
}

function said(target: Json | undefined, key: string): string {
  const value = asText(target?.[key])?.trim()
  if (value === undefined || value === "") throw new RpcError(`Invalid request: ${key} must not be blank`)
  return value
}

/** One review in a thread, as its client is told of it: what the reviewer says comes whole, at the end. */
export class ReviewTurn {
  /** What the thread goes back to when it is over. */
  readonly modeBefore: Mode
  readonly #name: string
  #text = ""

  constructor(name: string, modeBefore: Mode) {
    this.#name = name
    this.modeBefore = modeBefore
  }

  /** The notifications of an event as they are in a review. */
  told(event: Event, notifications: readonly Notification[]): readonly Notification[] {
    if (event.type === "item.completed" && event.kind === "agent_message" && event.text.trim() !== "") {
      this.#text = event.text
    }
    const shown = notifications.filter((notification) => !isMessage(notification))
    if (event.type === "turn.started") return [...shown, ...this.#item(shown, "enteredReviewMode", this.#name)]
    if (event.type !== "turn.ended") return shown
    const text = this.#text === "" ? "Reviewer failed to output a response." : this.#text
    const last = shown.at(-1)
    const before = shown.slice(0, -1)
    const exited = this.#item(shown, "exitedReviewMode", text)
    return [...before, ...exited, ...this.#item(shown, "agentMessage", text), ...(last === undefined ? [] : [last])]
  }

  #item(shown: readonly Notification[], type: string, text: string): readonly Notification[] {
    const { threadId } = shown[0]?.params ?? {}
    const turnId = shown.map(({ params }) => asText(asObject(params.turn)?.id)).find((id) => id !== undefined)
    const content = type === "agentMessage" ? { text } : { review: text }
    const params = { threadId, turnId, item: { type, id: `${turnId}-${type}`, ...content } }
    return ["item/started", "item/completed"].map((method) => ({ method, params }))
  }
}

function isMessage({ method, params }: Notification): boolean {
  return method === "item/agentMessage/delta" || asText(asObject(params.item)?.type) === "agentMessage"
}
