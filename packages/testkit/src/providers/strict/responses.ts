import {
  checkFields,
  events,
  type Heard,
  type Json,
  list,
  type Manners,
  must,
  pieces,
  proofOf,
  type ServedWire,
  type Spoken,
  text,
  thoughtOf,
} from "./spoken.ts"

/** OpenAI's Responses, without state. */
export const responses: ServedWire = {
  contentType: "text/event-stream",
  read(body, manners) {
    checkFields(body, manners)
    must(body.stream === true && body.store === false, "stream must be true and store false")
    checkTools(list(body.tools), manners)
    const input = list(body.input)
    checkItems(input)
    const thinks = list(body.include as unknown).length > 0
    must(!thinks || JSON.stringify(body.include) === '["reasoning.encrypted_content"]', "include is not supported")
    const outputs = input.filter(({ type }) => type === "function_call_output")
    const parts = input.filter(({ role }) => role === "user").flatMap(({ content }) => list(content))
    return {
      own: ownMessages(input),
      results: outputs.map(({ call_id, output }) => ({ id: text(call_id), text: textsOf(output).join("\n") })),
      said: textsOf(parts),
      pictures: [...parts, ...outputs.flatMap(({ output }) => list(output))].filter(
        ({ type }) => type === "input_image",
      ).length,
      isAgent: input.at(-1)?.type === "function_call_output" || input.at(-2)?.type === "function_call_output",
      tools: list(body.tools).map(({ name }) => text(name)),
    }
  },
  reply: (spoken, seed, manners) => events(framesOf(spoken, seed, manners.reasoning !== undefined)),
}

function checkTools(tools: readonly Json[], { strict }: Manners): void {
  for (const tool of tools) {
    must(tool.type === "function", `tools: unknown type ${text(tool.type)}`)
    must(strict === undefined || tool.strict === strict, `tools.strict must be ${String(strict)}`)
  }
}

function checkItems(input: readonly Json[]): void {
  const open = new Set<string>()
  for (const [at, item] of input.entries()) {
    const id = text(item.call_id)
    // With an id it would have to be kept by the server, which keeps nothing.
    must(item.type === "reasoning" || item.id === undefined, `Item with id '${text(item.id)}' not found`)
    switch (item.type) {
      case "function_call":
        must(id !== "" && id.length <= 64 && !open.has(id), `call_id '${id}' is too long, empty, or used twice`)
        open.add(id)
        break
      case "function_call_output":
        must(open.delete(id), `No tool call found for function call output with call_id ${id}`)
        break
      case "reasoning":
        must(isOwn(input[at + 1]), "Item 'reasoning' was provided without its required following item")
        break
      default:
        must(item.type === "message", `unknown item ${text(item.type)}`)
        must(item.role !== "user" || open.size === 0, `No tool output found for function calls ${[...open]}`)
        must(list(item.content).length > 0, "a message without content")
    }
  }
  must(open.size === 0, `No tool output found for function calls ${[...open]}`)
}

function isOwn(item: Json | undefined): boolean {
  return item?.type === "function_call" || item?.role === "assistant" || item?.type === "reasoning"
}

/** Items of the model that stand together are one message of it. */
function ownMessages(input: readonly Json[]): readonly Heard[] {
  const groups: Json[][] = []
  for (const [at, item] of input.entries()) {
    if (!isOwn(item)) continue
    if (at === 0 || !isOwn(input[at - 1])) groups.push([])
    groups.at(-1)?.push(item)
  }
  return groups.map((items) => ({
    text: items.flatMap(({ type, content }) => (type === "message" ? textsOf(content) : [])).join(""),
    calls: items
      .filter(({ type }) => type === "function_call")
      .map((item) => ({
        id: text(item.call_id),
        name: text(item.name),
        args: JSON.parse(text(item.arguments)) as unknown,
      })),
    proof: text(items.find(({ type }) => type === "reasoning")?.encrypted_content),
  }))
}

function textsOf(content: unknown): string[] {
  if (typeof content === "string") return [content]
  return list(content).flatMap((part) => (typeof part.text === "string" ? [part.text] : []))
}

function framesOf({ text: said, calls = [], isCut }: Spoken, seed: number, thinks: boolean) {
  const frame = (type: string, body: Json) => ({ event: type, data: { type, ...body } })
  const items = [
    ...(thinks ? [thought(seed)] : []),
    ...(said === undefined ? [] : [message(said, seed)]),
    ...calls.map((call, at) => called(call, `${seed}_${at}`)),
  ]
  const frames = [
    frame("response.created", { response: { id: `resp_${seed}` } }),
    ...items.flatMap(({ item, open, type, deltas }, output_index) => [
      frame("response.output_item.added", { output_index, item: { ...item, ...open } }),
      ...deltas.map((delta) =>
        frame(type, { output_index, item_id: item.id, content_index: 0, summary_index: 0, delta }),
      ),
      frame("response.output_item.done", { output_index, item }),
    ]),
  ]
  if (isCut === true) return frames.slice(0, -2)
  const usage = { input_tokens: 10, output_tokens: 7 }
  return [...frames, frame("response.completed", { response: { id: `resp_${seed}`, status: "completed", usage } })]
}

function thought(seed: number) {
  const summary = [{ type: "summary_text", text: thoughtOf(seed) }]
  return {
    item: { type: "reasoning", id: `rs_${seed}`, summary, encrypted_content: proofOf(seed) },
    open: { summary: [], encrypted_content: null },
    type: "response.reasoning_summary_text.delta",
    deltas: pieces(thoughtOf(seed)),
  }
}

function message(said: string, seed: number) {
  return {
    item: { type: "message", id: `msg_${seed}`, role: "assistant", content: [{ type: "output_text", text: said }] },
    open: { content: [] },
    type: "response.output_text.delta",
    deltas: pieces(said),
  }
}

function called({ name, args }: NonNullable<Spoken["calls"]>[number], id: string) {
  const whole = JSON.stringify(args)
  return {
    item: { type: "function_call", id: `fc_${id}`, call_id: `call_${id}`, name, arguments: whole },
    open: { arguments: "" },
    type: "response.function_call_arguments.delta",
    deltas: pieces(whole, 3),
  }
}
