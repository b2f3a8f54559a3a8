import { type Conversation, type Frame, KEY, must, type Reply, type Wire } from "./wire.ts"

interface Part {
  readonly text?: string
  readonly thought?: boolean
  readonly functionCall?: { readonly name: string; readonly args: unknown }
  readonly functionResponse?: { readonly name: string; readonly response: { output?: string; error?: string } }
}
interface Body {
  readonly systemInstruction?: { readonly parts: readonly Part[] }
  readonly contents: readonly { readonly role: string; readonly parts: readonly Part[] }[]
  readonly tools?: readonly { functionDeclarations: readonly { name: string; parametersJsonSchema: unknown }[] }[]
}

export const gemini: Wire = {
  name: "Google Gemini",
  model: "google/gemini-4-argon",
  env: (url) => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: KEY }),
  path: /^\/v1beta\/models\/(?:gemini-4-argon|other-model):streamGenerateContent\?alt=sse$/,
  keyHeader: "x-goog-api-key",
  frames,
  read,
  error: (type, message) => JSON.stringify({ error: { status: type, message } }),
  errorFrame: (type, message) => ({ data: JSON.stringify({ error: { status: type, message } }) }),
}

function frames({ thought, text, calls = [], lacksUsage }: Reply, seed: string): Frame[] {
  const signature = thought?.signature ?? `sig-${seed}`
  const chunk = (parts: readonly Part[], more: Readonly<Record<string, unknown>> = {}): Frame => ({
    data: JSON.stringify({ responseId: `gem_${seed}`, candidates: [{ content: { role: "model", parts }, ...more }] }),
  })
  const said = [...(text ?? "").matchAll(/[\s\S]{1,9}/gu)].map(([piece]) => chunk([{ text: piece }]))
  const last = JSON.parse(chunk([{ text: "" }], { finishReason: "STOP" }).data)
  const usage = lacksUsage ? {} : { usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 7 } }
  return [
    ...said,
    ...(calls.length === 0
      ? []
      : [chunk(calls.map(({ name, args }) => ({ functionCall: { name, args }, thoughtSignature: signature })))]),
    { data: JSON.stringify({ ...last, ...usage }) },
  ]
}

function read(value: unknown): Conversation {
  const body = value as Body
  must(body.contents[0]?.role === "user", "the first content is the user's")
  must(body.contents.at(-1)?.role === "user", "the last content is the user's")
  let open: string[] = []
  for (const [at, { role, parts }] of body.contents.entries()) {
    must(parts.length > 0, "no content is empty")
    must(body.contents[at - 1]?.role !== role, `two contents of ${role} in a row`)
    const told = parts.flatMap(({ functionResponse }) =>
      functionResponse === undefined ? [] : [functionResponse.name],
    )
    must(JSON.stringify(told) === JSON.stringify(open), `calls ${open} are answered by ${told}`)
    open = parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall.name]))
  }
  must(open.length === 0, `calls ${open} have no answer`)
  const all = (role: string) => body.contents.filter((content) => content.role === role).flatMap(({ parts }) => parts)
  const texts = (role: string) =>
    all(role).flatMap(({ text, thought }) => (text === undefined || text === "" || thought ? [] : [text]))
  return {
    system: (body.systemInstruction?.parts ?? []).map(({ text }) => text).join("\n"),
    tools: (body.tools ?? []).flatMap(({ functionDeclarations }) =>
      functionDeclarations.map(({ name, parametersJsonSchema }) => ({ name, schema: parametersJsonSchema })),
    ),
    said: texts("user"),
    answered: texts("model"),
    calls: all("model").flatMap(({ functionCall }, at) =>
      functionCall === undefined ? [] : [{ id: `${at}`, name: functionCall.name, args: functionCall.args }],
    ),
    results: all("user").flatMap(({ functionResponse }, at) =>
      functionResponse === undefined
        ? []
        : [{ id: `${at}`, text: functionResponse.response.output ?? functionResponse.response.error ?? "" }],
    ),
  }
}
