/**
 * What must be the same for a recorded answer to fit a request: the model, how far the conversation is, and what the
 * person said last. Everything else (prompts, tools, ids, paths in results) may have changed since.
 */
export interface Fingerprint {
  readonly model: string
  readonly messages: number
  /** SHA-256 of the last text by the user, 12 hex digits; empty when there is none. */
  readonly userText: string
  /** Its beginning, for saying what differs. */
  readonly preview: string
}

/** Reads a request body of any of the wires. */
export function fingerprint(path: string, body: unknown): Fingerprint {
  const fields = record(body)
  const messages = [fields.messages, fields.input, fields.contents].find(Array.isArray) ?? []
  const text = lastUserText(messages) ?? (typeof fields.input === "string" ? fields.input : "")
  return {
    model: typeof fields.model === "string" ? fields.model : modelInPath(path),
    messages: messages.length,
    userText: text === "" ? "" : new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 12),
    preview: text.slice(0, 60).replaceAll("\n", " "),
  }
}

/** What differs, in words; empty when the two fit. */
export function differences(recorded: Fingerprint, asked: Fingerprint): readonly string[] {
  const found: string[] = []
  if (recorded.model !== asked.model) found.push(`the model is ${asked.model}, on the tape ${recorded.model}`)
  if (recorded.messages !== asked.messages) found.push(`${asked.messages} messages, on the tape ${recorded.messages}`)
  if (recorded.userText !== asked.userText) {
    found.push(`the last user text is "${asked.preview}", on the tape "${recorded.preview}"`)
  }
  return found
}

/** Gemini and Bedrock name the model in the path. */
function modelInPath(path: string): string {
  const name = /\/models?\/([^/?]+?)(:streamGenerateContent|:generateContent|\/|\?|$)/.exec(path)?.[1] ?? ""
  return decodeURIComponent(name)
}

function lastUserText(messages: readonly unknown[]): string | undefined {
  for (const message of messages.toReversed()) {
    const { role, content, parts } = record(message)
    if (role !== "user") continue
    const text = textOf(content ?? parts)
    if (text !== "") return text
  }
  return undefined
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content
  if (!Array.isArray(content)) return ""
  const texts = content.map(record).filter(({ type }) => type === undefined || type === "text" || type === "input_text")
  return texts.map(({ text }) => (typeof text === "string" ? text : "")).join("\n")
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
}
