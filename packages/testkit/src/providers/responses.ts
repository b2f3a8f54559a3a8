import { AFTER_TOOL, type Provider, type Reply, refusal, served, streamed, type WireEvent } from "./served.ts"

/** What a test may want to know of a request. */
export interface SeenRequest {
  readonly key: string | null
  readonly model: string
  readonly effort: string | undefined
  readonly format: unknown
  /** The newest input item. */
  readonly last: { readonly type: string; readonly content?: readonly Part[] }
}

interface Part {
  readonly type: string
  readonly text?: string
  readonly image_url?: string
}

interface Body {
  readonly model: string
  readonly input: readonly SeenRequest["last"][]
  readonly reasoning?: { readonly effort?: string }
  readonly text?: { readonly format?: unknown }
}

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 7 },
  total_tokens: 130,
}

/** A provider on loopback that speaks streams of the OpenAI Responses API. */
export function responses(replyTo: (prompt: string) => Reply): Provider & { readonly seen: SeenRequest[] } {
  const seen: SeenRequest[] = []
  const provider = served("/responses", (body, headers) => {
    const { model, input, reasoning, text } = body as Body
    const last = input.at(-1) ?? { type: "none" }
    seen.push({ key: headers.get("authorization"), model, effort: reasoning?.effort, format: text?.format, last })
    // The newest part: what a turn that was cut short left unanswered stands before it.
    const prompt = last.content?.at(-1)?.text ?? ""
    const reply = last.type === "function_call_output" ? AFTER_TOOL : replyTo(prompt)
    return reply.status === undefined ? streamed(eventsOf(reply), reply.hangs) : refusal(reply.status)
  })
  return { ...provider, url: `${provider.url}/v1`, seen }
}

function eventsOf({ text, call, hangs }: Reply): WireEvent[] {
  const items = [...(text === undefined ? [] : [messageOf(text)]), ...(call === undefined ? [] : [callOf(call)])]
  return [
    { type: "response.created", response: { id: "resp_1" } },
    ...items.flatMap(({ item, delta }, output_index) => [
      { type: "response.output_item.added", output_index, item: { ...item, content: [], arguments: "" } },
      { ...delta, output_index, item_id: item.id },
      ...(hangs ? [] : [{ type: "response.output_item.done", output_index, item }]),
    ]),
    ...(hangs ? [] : [{ type: "response.completed", response: { id: "resp_1", usage: USAGE } }]),
  ]
}

function messageOf(text: string) {
  const content = [{ type: "output_text", text }]
  return {
    item: { type: "message", id: "msg_1", role: "assistant", content },
    delta: { type: "response.output_text.delta", content_index: 0, delta: text },
  }
}

function callOf({ name, input }: NonNullable<Reply["call"]>) {
  const text = JSON.stringify(input)
  return {
    item: { type: "function_call", id: "fc_1", call_id: "call_1", name, arguments: text },
    delta: { type: "response.function_call_arguments.delta", delta: text },
  }
}
