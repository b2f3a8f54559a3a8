import { type ModelQuestion, ToolFailure } from "../ports/index.ts"
import { modelNow } from "../transcript/model.ts"
import type { SessionState } from "../transcript/state.ts"
import { isSpent } from "../turn/budget.ts"
import { complete } from "../turn/complete.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { smallRequest, textContent } from "../turn/small-request.ts"

/** More than this is no question beside a conversation. */
const TEXT_CHARS_MAX = 400_000

/** One answer for a tool, of whoever does its task; the session's own model where nobody is named. See `RunContext.askModel`. */
export async function askModel(question: ModelQuestion, state: SessionState, ports: TurnPorts): Promise<string> {
  const { task, instructions, text, outputTokensMax } = question
  const own = modelNow(state)
  const choice = ports.taskFor(task, own)
  if (choice.kind === "off") throw new ToolFailure(`No model may be asked for this: ${choice.why}. Do it yourself.`)
  if (isSpent(state, ports)) throw new ToolFailure("The budget is spent: no model is asked beside you. Do it yourself.")
  const model = choice.kind === "model" ? choice.model : own
  const request = smallRequest({
    ...{ model, instructions, outputTokensMax, content: textContent(text, TEXT_CHARS_MAX) },
    ...{ sessionId: state.sessionId, purpose: task },
  })
  const { text: answer, failure, spent } = await complete(request, "tool", ports)
  await ports.emit(spent)
  if (failure !== undefined) throw new ToolFailure(`${model} was asked, and ${failure}. Do it yourself, or try again.`)
  return answer
}
