import {
  checkFields,
  events,
  type Heard,
  type Json,
  list,
  must,
  pieces,
  proofOf,
  type ServedWire,
  type Spoken,
  text,
  thoughtOf,
} from "./spoken.ts"

/** Google's generateContent. */
export const gemini: ServedWire = {
  contentType: "text/event-stream",
  read(body, manners) {
    checkFields(body, manners)
    const contents = list(body.contents)
    for (const [at, content] of contents.entries()) checkContent(content, contents[at + 1], at)
    const parts = contents.filter(({ role }) => role === "user").flatMap((content) => list(content.parts))
    const results = parts.flatMap((part) =>
      part.functionResponse === undefined ? [] : [part.functionResponse as Json],
    )
    const declared = list(body.tools).flatMap(({ functionDeclarations }) => list(functionDeclarations))
    return {
      own: contents.filter(({ role }) => role === "model").map(heard),
      results: results.map((result) => {
        const { output, error } = result.response as Json
        return { id: text(result.name), text: text(output ?? error), isError: error !== undefined }
      }),
      said: parts.flatMap((part) => (typeof part.text === "string" ? [part.text] : [])),
      pictures: parts.filter(({ inlineData }) => inlineData !== undefined).length,
      isAgent: list(contents.at(-1)?.parts).some(({ functionResponse }) => functionResponse !== undefined),
      tools: declared.map(({ name }) => text(name)),
    }
  },
  reply: (spoken, seed, manners) => events(framesOf(spoken, seed, manners.reasoning !== undefined)),
}

function checkContent(content: Json, next: Json | undefined, at: number): void {
  must(content.role === (at % 2 === 0 ? "user" : "model"), "Please ensure that roles alternate, the user first")
  const parts = list(content.parts)
  must(parts.length > 0, "contents.parts must not be empty")
  must(!parts.some((part) => part.text === "" && part.thoughtSignature === undefined), "a part without data")
  const names = namesOf(parts, "functionCall")
  const told = namesOf(list(next?.parts), "functionResponse")
  if (content.role === "model") {
    must(
      JSON.stringify(names) === JSON.stringify(told),
      "Please ensure that the number of function response parts is equal to the number of function call parts",
    )
  }
}

function namesOf(parts: readonly Json[], field: "functionCall" | "functionResponse"): readonly string[] {
  return parts.flatMap((part) => (part[field] === undefined ? [] : [text((part[field] as Json).name)]))
}

/** The first call of a message carries the signature of the thought that led to it. */
function heard(content: Json): Heard {
  const parts = list(content.parts)
  const calls = parts.filter(({ functionCall }) => functionCall !== undefined)
  const [first] = calls
  must(
    first === undefined || text(first.thoughtSignature) !== "",
    "Function call is missing a thought_signature in functionCall parts",
  )
  const signed = parts.find(({ thoughtSignature }) => thoughtSignature !== undefined)
  return {
    text: parts.flatMap((part) => (part.thought === true ? [] : [text(part.text)])).join(""),
    calls: calls.map(({ functionCall }, at) => {
      const { name, args } = functionCall as Json
      return { id: `${at} ${text(name)}`, name: text(name), args }
    }),
    proof: text((first ?? signed)?.thoughtSignature),
  }
}

function framesOf({ text: said, calls = [], isCut }: Spoken, seed: number, thinks: boolean) {
  const chunk = (parts: readonly Json[], more: Json = {}) => ({
    data: { responseId: `gem_${seed}`, candidates: [{ content: { role: "model", parts }, ...more }] },
  })
  const signed = { thoughtSignature: proofOf(seed) }
  const words = pieces(said ?? "").map((piece) => chunk([{ text: piece }]))
  const called = calls.map(({ name, args }, at) =>
    chunk([{ functionCall: { name, args }, ...(thinks && at === 0 ? signed : {}) }]),
  )
  const frames = [
    ...(thinks ? pieces(thoughtOf(seed)).map((piece) => chunk([{ text: piece, thought: true }])) : []),
    ...words,
    ...called,
  ]
  if (isCut === true) return frames.slice(0, -1)
  // A reply without calls is signed on its last part.
  const end = thinks && calls.length === 0 ? [{ text: "", ...signed }] : [{ text: "" }]
  const usage = { promptTokenCount: 10, candidatesTokenCount: 7 }
  const last = chunk(end, { finishReason: "STOP" })
  return [...frames, { data: { ...last.data, usageMetadata: usage } }]
}
