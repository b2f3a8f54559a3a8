import { type RunContext, ToolFailure } from "@skein/core/ports"
import { visible } from "@skein/protocol"
import type { PersonQuestion } from "@skein/protocol/questions"
import type { AskedByServer, SamplingRequest } from "../connection/live-server.ts"
import { answersTo, elicited } from "./elicited.ts"

const TEXT_MAX = 3_000
/** Of what is too long to be shown whole, so much of its end. */
const END_MAX = 1_000

/** What a server may ask while a call of it runs: a model, when the person says yes to exactly that, and the person themselves. */
export function askedDuring(server: string, context: RunContext): AskedByServer {
  return {
    async sample(request) {
      const { askModel } = context
      if (askModel === undefined) throw new ToolFailure("No model may be asked here.")
      if (wholeOf(request).length > SAMPLE_CHARS_MAX)
        throw new ToolFailure(`A model is asked at most ${SAMPLE_CHARS_MAX} characters for a server.`)
      const [answer] = await answersTo([samplingQuestion(server, request)], context)
      if (answer?.chosen[0] !== YES) throw new ToolFailure("The person did not allow it.")
      const text = await askModel({
        ...{ task: "oracle", outputTokensMax: Math.min(request.outputTokensMax, OUTPUT_TOKENS_MAX) },
        instructions: request.system ?? "Answer.",
        text: promptOf(request),
      })
      return { text, model: "skein" }
    },
    elicit: (request) => elicited(server, request, context),
  }
}

const YES = "Let it ask"
const NO = "No"
const OUTPUT_TOKENS_MAX = 8_000
const SAMPLE_CHARS_MAX = 64_000

function promptOf({ messages }: SamplingRequest): string {
  return messages.map(({ role, text }) => (messages.length === 1 ? text : `${role}: ${text}`)).join("\n\n")
}

function wholeOf(request: SamplingRequest): string {
  return [request.system, promptOf(request)].filter((text) => text !== undefined).join("\n\n")
}

function samplingQuestion(server: string, request: SamplingRequest): PersonQuestion {
  return {
    header: "Model",
    question: `The MCP server ${server} wants to ask your model, at your cost:\n${bothEnds(visible(wholeOf(request)).trim())}`,
    options: [{ label: YES }, { label: NO }],
    isMultiple: false,
    isFree: false,
  }
}

/** What a person says yes to has its end where they can see it: between the two, how much is not shown. */
function bothEnds(text: string): string {
  if (text.length <= TEXT_MAX) return text
  const left = text.length - TEXT_MAX
  return `${text.slice(0, TEXT_MAX - END_MAX)}\n… ${left} more characters, not shown …\n${text.slice(-END_MAX)}`
}
