import { type DurableDraft, type InputPart, visible } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"
import { isSpent } from "../turn/budget.ts"
import { complete } from "../turn/complete.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { smallRequest, textContent } from "../turn/small-request.ts"

/** What the person may want to say next; no text where there is nothing to suggest, or nobody may be asked. */
export interface Suggested {
  readonly text?: string | undefined
  readonly spent: readonly DurableDraft[]
}

const NOTHING: Suggested = { spent: [] }
const PROMPT_CHARS_MAX = 1_000
const ANSWER_CHARS_MAX = 3_000
const SUGGESTION_CHARS_MAX = 100
const OUTPUT_TOKENS_MAX = 200

/** After a turn. Asks only the model of the task, and nobody while things are still on the session's own list. */
export async function suggestion(
  state: SessionState,
  ports: Pick<TurnPorts, "model" | "tokens" | "clock" | "random" | "retry" | "taskFor" | "spent">,
  signal: AbortSignal,
): Promise<Suggested> {
  const hasList = state.todos.some(({ status }) => status !== "completed")
  const choice = ports.taskFor("completion", state.settings.model)
  const answer = state.items.findLast((item) => item.kind === "agent_message")?.text
  if (choice.kind !== "model" || hasList || isSpent(state, ports) || answer === undefined) return NOTHING
  const said = wordsOf(state.said.at(-1)?.input ?? []).slice(0, PROMPT_CHARS_MAX)
  const text = `<person>\n${said}\n</person>\n<agent>\n${answer.slice(-ANSWER_CHARS_MAX)}\n</agent>`
  const request = smallRequest({
    ...{ model: choice.model, instructions: INSTRUCTIONS, outputTokensMax: OUTPUT_TOKENS_MAX },
    ...{ sessionId: state.sessionId, purpose: "completion", content: textContent(text, text.length) },
  })
  const { text: reply, failure, spent } = await complete(request, "completion", { ...ports, signal })
  return { text: failure === undefined ? usable(reply) : undefined, spent }
}

const INSTRUCTIONS = `A person works with a coding agent. Say what the person most likely wants to say to it next, in their language, in their \
words, at most ${SUGGESTION_CHARS_MAX} characters. Answer with that alone; with NONE where nothing follows.`

/** One line of plain words: never what the composer would take for a command, a shell line or a file. */
function usable(reply: string): string | undefined {
  const [line = ""] = reply
    .trim()
    .replaceAll(/^["'“`]+|["'”`]+$/g, "")
    .split("\n")
  const text = visible(line).trim()
  const isPlain = /^[\p{L}\p{N}]/u.test(text) && !/^none\b/i.test(text)
  return isPlain && [...text].length <= SUGGESTION_CHARS_MAX ? text : undefined
}

function wordsOf(input: readonly InputPart[]): string {
  return input.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")
}
