import type { Dialect } from "../wire/wire.ts"

/**
 * What one server wants otherwise than its wire says, for one model: found out from a 400, and kept until the person
 * deletes it.
 */
export interface Quirk {
  /** `provider/model`. */
  readonly model: string
  /** Whose server: behind another address the same model may have none of it. */
  readonly host: string
  /** When it was found, `YYYY-MM-DD`. */
  readonly date: string
  /** The words of the refusal it was read from, as a person may see them. */
  readonly said: string
  readonly change: Change
}

/** What is laid over a request: fields of the dialect, edits of the body, and what is known of the model. */
export interface Change {
  readonly dialect?: QuirkDialect | undefined
  readonly edits?: readonly Edit[] | undefined
  /** The model's window, where the server named it. */
  readonly contextTokens?: number | undefined
}

/** The fields of a dialect that a server's words can change: none of them sends anything elsewhere or says more. */
export type QuirkDialect = Partial<Pick<Dialect, (typeof QUIRK_FIELDS)[number]>>
const QUIRK_FIELDS = [
  "outputCapField",
  "systemRole",
  "reasoningField",
  "isReasoningOptional",
  "effort",
  "lacksUsageOption",
  "lacksReasoningSummary",
  "lacksOutputSchema",
  "lacksJsonSchema",
  "lacksImages",
  "isGateway",
  "cache",
  "callIdLength",
] as const

/** A closed list. Paths are keys joined with dots; `*` stands for every entry of a list. */
export type Edit =
  | { readonly kind: "drop"; readonly path: string }
  /** A number that is larger becomes this. */
  | { readonly kind: "cap"; readonly path: string; readonly value: number }
  | { readonly kind: "set"; readonly path: SetPath; readonly value: number }
  /** A keyword of JSON Schema, wherever a schema in the body holds it. */
  | { readonly kind: "drop_keyword"; readonly keyword: Keyword }
  /** Messages without content get this text. */
  | { readonly kind: "fill_content"; readonly text: string }
  /** Lists that hold nothing but texts become one text. */
  | { readonly kind: "flatten_content" }
  /** The system text stands at the beginning of the person's first message. */
  | { readonly kind: "system_in_user" }

export const SET_PATHS = ["temperature", "top_p"] as const
type SetPath = (typeof SET_PATHS)[number]

/** What may be left out of a schema: the tool checks its input by itself, so the model is only told less. */
export const KEYWORDS = [
  "$schema",
  "additionalProperties",
  "default",
  "description",
  "examples",
  "exclusiveMaximum",
  "exclusiveMinimum",
  "format",
  "maxItems",
  "maxLength",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "multipleOf",
  "pattern",
  "propertyNames",
  "title",
  "uniqueItems",
] as const
type Keyword = (typeof KEYWORDS)[number]

/**
 * What is never dropped, whatever a server says: the conversation and what it is for, and `store`, without which some
 * providers would keep it.
 */
const KEPT = new Set(
  (
    "model messages input contents content parts text role system systemInstruction instructions stream store type name " +
    "tools function functionDeclarations parameters parametersJsonSchema input_schema id call_id tool_call_id tool_use_id " +
    "tool_calls arguments output image_url source inlineData data url properties required enum items const anyOf oneOf"
  ).split(" "),
)

/** Where the conversation stands, on whichever wire. */
const CONVERSATION = new Set("messages input contents system systemInstruction instructions".split(" "))

/** All that may be dropped inside of it: marks and thoughts. Never what was said, asked for, found, or went wrong. */
const BESIDE_WORDS = new Set(
  (
    "reasoning reasoning_content reasoning_details thinking cache_control phase citations annotations detail extra_content " +
    "tool_name strict"
  ).split(" "),
)

/** Whether a path may be dropped: it is no part of the conversation, and no part of what the tools are. */
export function isDroppable(path: string): boolean {
  const parts = path.split(".")
  const last = parts.at(-1) ?? ""
  if (!PATH.test(path) || KEPT.has(last) || last === "*") return false
  return parts.length === 1 || !CONVERSATION.has(parts[0] ?? "") || BESIDE_WORDS.has(last)
}

const PATH = /^[\w$-]{1,60}(?:\.(?:\*|[\w$-]{1,60})){0,7}$/

/** Several changes as one; the later hold. */
export function joined(changes: readonly Change[]): Change {
  const dialect = Object.assign({}, ...changes.map((change) => change.dialect)) as QuirkDialect
  const edits = new Map(changes.flatMap((change) => (change.edits ?? []).map((edit) => [JSON.stringify(edit), edit])))
  const contextTokens = changes.findLast((change) => change.contextTokens !== undefined)?.contextTokens
  return {
    ...(Object.keys(dialect).length === 0 ? {} : { dialect }),
    ...(edits.size === 0 ? {} : { edits: [...edits.values()] }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
  }
}

/** What a change does, in a few words for a person. */
export function changeText({ dialect = {}, edits = [], contextTokens }: Change): string {
  const window = contextTokens === undefined ? [] : [`a window of ${contextTokens} tokens`]
  return [...Object.entries(dialect).map(fieldText), ...edits.map(editText), ...window].join(", ")
}

function fieldText([field, value]: readonly [string, unknown]): string {
  switch (field) {
    case "outputCapField":
      return `the output is capped by ${value}`
    case "systemRole":
      return `the system text has the role ${value}`
    case "reasoningField":
      return `reasoning goes back as ${value}`
    case "isReasoningOptional":
      return value === true ? "empty reasoning is left out" : "reasoning is never left out"
    case "effort":
      return value === "none" ? "no effort" : `the effort as ${value}`
    case "cache":
      return value === "none" ? "no cache marks" : `the cache by ${value}`
    case "callIdLength":
      return `ids of calls with ${value} letters`
    case "isGateway":
      return "no beta headers"
    default:
      return LACKS[field] ?? `${field} = ${value}`
  }
}

const LACKS: Readonly<Record<string, string>> = {
  lacksUsageOption: "no stream_options",
  lacksReasoningSummary: "no summary of the reasoning",
  lacksOutputSchema: "the answer's schema in words",
  lacksJsonSchema: "older tool schemas",
  lacksImages: "no pictures",
}

function editText(edit: Edit): string {
  switch (edit.kind) {
    case "drop":
      return `no ${edit.path}`
    case "cap":
      return `${edit.path} at most ${edit.value}`
    case "set":
      return `${edit.path} = ${edit.value}`
    case "drop_keyword":
      return `no ${edit.keyword} in schemas`
    case "fill_content":
      return edit.text === "" ? "empty text instead of null" : `${JSON.stringify(edit.text)} for empty messages`
    case "flatten_content":
      return "texts instead of lists of texts"
    case "system_in_user":
      return "the system text in the first message"
  }
}
