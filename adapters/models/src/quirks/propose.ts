import { asArray, asObject } from "../wire/json.ts"
import type { Complaint } from "./complaint.ts"
import { at } from "./edits.ts"
import { type Change, type Edit, isDroppable, KEYWORDS, SET_PATHS } from "./quirk.ts"

/**
 * What could be changed in a request so that a server takes it, the smallest and likeliest first; empty where its words
 * fit nothing that was sent. Pure: `body` is what was refused.
 */
export function propose(complaint: Complaint, body: unknown): readonly Change[] {
  const asked: Asked = { ...complaint, body, isUnknown: UNKNOWN.test(complaint.words) }
  const found = RULES.flatMap((rule) => rule(asked))
  const changes = found.length > 0 || !SAYS_NOTHING.test(complaint.words) ? found : blind(asked)
  return unique(
    changes.filter(({ edits = [] }) => edits.every((edit) => edit.kind !== "drop" || isDroppable(edit.path))),
  )
}

interface Asked extends Complaint {
  readonly body: unknown
  /** It says that something is not known, not taken, not allowed. */
  readonly isUnknown: boolean
}

type Rule = (asked: Asked) => readonly Change[]

const UNKNOWN =
  /unknown|unrecogni[sz]ed|unsupported|not (?:be )?(?:currently )?(?:supported|permitted|allowed|accepted|implemented|available|recogni[sz]ed|enabled|valid)|(?:does not|doesn't|cannot|can't|only) (?:support|accept|allow|take|have|find)|unexpected|extra (?:inputs?|fields?)|extra_forbidden|additional propert|no such|invalid (?:parameter|argument|field|key|name|property|json)|deprecated|removed|must not|should not|remove /
/** `Bad Request`, `invalid_request_error`, nothing: words that lead nowhere. */
const SAYS_NOTHING =
  /^\W*(?:(?:bad|invalid|malformed|error|request|body|payload|input|params?|parameters?|http|400|422|unprocessable|entity|param|incorrect|the|is|was|a|client|status|code|provider|returned|_)\W*)*$/

/** In the order in which they are tried. */
const RULES: readonly Rule[] = [
  outputCap,
  usageOption,
  systemRole,
  reasoningBack,
  contentShape,
  callIds,
  pictures,
  sampling,
  outputSchema,
  schemaKeywords,
  effort,
  cache,
  strictness,
  anyNamed,
]

const CAPS = ["max_tokens", "max_completion_tokens", "max_output_tokens", "generationConfig.maxOutputTokens"]
const BOUND =
  /\[\s*\d+\s*,\s*(\d+)\s*\]|(?:<=|at most|less than or equal to|maximum(?: value)?(?: is| of|:)?|(?:cannot|can't|must not|may not) (?:exceed|be (?:greater|larger|more) than)|up to|between \d+ and)\s*:?\s*(\d+)/

function outputCap({ names, words, body, isUnknown }: Asked): readonly Change[] {
  const path = CAPS.find((cap) => isSent(body, cap) && isNamed(names, cap))
  if (path === undefined) return []
  const [, range, most] = BOUND.exec(words) ?? []
  const value = Number(range ?? most)
  if (value > 0) return [{ edits: [{ kind: "cap", path, value }] }]
  if (!isUnknown && !words.includes("instead")) return []
  if (path === "max_tokens") return [{ dialect: { outputCapField: "max_completion_tokens" } }, dropped(path)]
  if (path === "max_completion_tokens") return [{ dialect: { outputCapField: "max_tokens" } }, dropped(path)]
  return [dropped(path)]
}

function usageOption({ names, body }: Asked): readonly Change[] {
  const isMeant =
    isSent(body, "stream_options") && (isNamed(names, "stream_options") || isNamed(names, "include_usage"))
  return isMeant ? [{ dialect: { lacksUsageOption: true } }] : []
}

function systemRole({ words, body, isUnknown }: Asked): readonly Change[] {
  const roles = asArray(asObject(body)?.messages).map((message) => asObject(message)?.role)
  const isOfRoles = /\brole|variant/.test(words)
  if (roles.includes("developer") && isOfRoles && words.includes("developer"))
    return [{ dialect: { systemRole: "system" } }, { edits: [{ kind: "system_in_user" }] }]
  const isRefused = isOfRoles && words.includes("system") && (isUnknown || /alternate|must be/.test(words))
  return roles.includes("system") && isRefused ? [{ edits: [{ kind: "system_in_user" }] }] : []
}

/** Some servers want the model's reasoning back, some refuse it, each by one of two names. */
function reasoningBack({ names, words, body, isUnknown }: Asked): readonly Change[] {
  const field = (["reasoning_content", "reasoning"] as const).find((name) => isNamed(names, name))
  if (field === undefined || !Array.isArray(asObject(body)?.messages)) return []
  const isSentBack = isSent(body, `messages.*.${field}`)
  if (isSentBack && isUnknown) return [dropped(`messages.*.${field}`)]
  const isWanted = /missing|required|must|pass(?:ed)? back|expected|provide|include/.test(words)
  return isWanted && !isUnknown ? [{ dialect: { reasoningField: field, isReasoningOptional: false } }] : []
}

function contentShape({ words, body }: Asked): readonly Change[] {
  const isOfContent = /content|\btext\b/.test(words)
  if (!isOfContent) return []
  const contents = asArray(asObject(body)?.messages).map((message) => asObject(message)?.content)
  const isEmptyRefused = /empty|blank|non-?null|null|none is not|required|must (?:have|contain)|missing/.test(words)
  const hasEmpty = contents.some((content) => content === null || content === undefined || content === "")
  const isListRefused = /string|str\b/.test(words) && /must|should|expected|valid|invalid/.test(words)
  return [
    ...(isListRefused && contents.some(Array.isArray) ? [{ edits: [{ kind: "flatten_content" }] } as const] : []),
    ...((isEmptyRefused || isListRefused) && hasEmpty
      ? (["", "(no text)"] as const).map((text) => ({ edits: [{ kind: "fill_content", text } as const] }))
      : []),
  ]
}

const ID_CHARS_MAX = 24

function callIds({ names, words, body }: Asked): readonly Change[] {
  const isMeant = /tool_call.{0,20}id|call_id|toolcall.{0,20}id|function call id|call id/.test(
    `${words} ${names.join(" ")}`,
  )
  const hasIds = isSent(body, "messages.*.tool_call_id") || isSent(body, "messages.*.tool_calls")
  const length =
    /(?:length|long|characters?|max\w*)\D{0,20}(\d{1,3})|(\d{1,3})\D{0,12}(?:characters?|letters|chars)/.exec(words)
  const isOfShape = length !== null || /pattern|alphanumeric|a-z|length/.test(words)
  if (!isMeant || !hasIds || !isOfShape) return []
  const said = Number(length?.[1] ?? length?.[2] ?? ID_CHARS_MAX)
  return [{ dialect: { callIdLength: Math.min(Math.max(said, 4), ID_CHARS_MAX) } }]
}

function pictures({ words, body, isUnknown }: Asked): readonly Change[] {
  const isMeant = /image|vision|multi-?modal|picture|inline_?data/.test(words)
  return isMeant && isUnknown && hasPicture(body) ? [{ dialect: { lacksImages: true } }] : []
}

function hasPicture(body: unknown): boolean {
  return /"(?:image_url|inlineData)":|"type":"(?:image|input_image)"/.test(JSON.stringify(body))
}

function sampling({ names, words, body }: Asked): readonly Change[] {
  return SET_PATHS.filter((path) => isNamed(names, path)).flatMap((path): Change[] => {
    if (isSent(body, path)) return [dropped(path)]
    const fixed = /(?:must be|only|equal to|=|set to)\D{0,24}?(\d(?:\.\d+)?)/.exec(words)?.[1]
    return fixed === undefined ? [] : [{ edits: [{ kind: "set", path, value: Number(fixed) }] }]
  })
}

const SCHEMA_FIELDS = ["response_format", "text.format", "output_config.format", "generationConfig.responseJsonSchema"]

function outputSchema({ names, words, body, isUnknown }: Asked): readonly Change[] {
  const isMeant =
    /response_?format|json_?schema|responsejsonschema|text\.format|output_config\.format|output format/.test(words)
  const older =
    isSent(body, "tools.*.functionDeclarations.*.parametersJsonSchema") && /parameters_?json_?schema/.test(words)
  return [
    ...(older ? [{ dialect: { lacksJsonSchema: true } }] : []),
    ...((isMeant || isNamed(names, "response_format")) && isUnknown && SCHEMA_FIELDS.some((path) => isSent(body, path))
      ? [{ dialect: { lacksOutputSchema: true } }]
      : []),
  ]
}

function schemaKeywords({ names, words }: Asked): readonly Change[] {
  if (!/schema|tool|function|parameter|properties|declaration/.test(words)) return []
  const meant = KEYWORDS.filter((keyword) => names.some((name) => lastOf(name).toLowerCase() === keyword.toLowerCase()))
  return meant.map((keyword) => ({ edits: [{ kind: "drop_keyword", keyword }] }))
}

const EFFORTS = ["thinking", "output_config.effort", "reasoning", "generationConfig.thinkingConfig"]

function effort({ names, words, body }: Asked): readonly Change[] {
  if (/reasoning[ ._]summar/.test(words) && isSent(body, "reasoning.summary"))
    return [{ dialect: { lacksReasoningSummary: true } }]
  if (isSent(body, "reasoning_effort") && isNamed(names, "reasoning_effort")) return [{ dialect: { effort: "none" } }]
  const isMeant = /thinking|reasoning|effort/.test(words)
  return isMeant ? EFFORTS.filter((path) => isSent(body, path)).map(dropped) : []
}

function cache({ names, body, isUnknown }: Asked): readonly Change[] {
  const isMeant = isNamed(names, "prompt_cache_key") || isNamed(names, "cache_control")
  const isThere = /"(?:prompt_cache_key|cache_control)":/.test(JSON.stringify(body))
  return isMeant && isUnknown && isThere ? [{ dialect: { cache: "none" } }] : []
}

function strictness({ names, isUnknown }: Asked): readonly Change[] {
  if (!isUnknown || !names.some((name) => lastOf(name) === "strict")) return []
  return [{ edits: [drop("tools.*.strict"), drop("tools.*.function.strict")] }]
}

/** What it does not know and what is there: left out. */
function anyNamed({ names, body, isUnknown }: Asked): readonly Change[] {
  if (!isUnknown) return []
  return names
    .flatMap((name) => pathsOf(name, body))
    .filter(isDroppable)
    .map(dropped)
}

/** What is of no weight, one by one. */
function blind({ body }: Asked): readonly Change[] {
  const marks = /"(?:prompt_cache_key|cache_control)":/.test(JSON.stringify(body))
  return [
    ...(isSent(body, "stream_options") ? [{ dialect: { lacksUsageOption: true } }] : []),
    ...(marks ? [{ dialect: { cache: "none" } } as const] : []),
    ...(isSent(body, "reasoning_effort") ? [{ dialect: { effort: "none" } } as const] : []),
    ...["parallel_tool_calls", "include", "options", "tools.*.strict"]
      .filter((path) => isSent(body, path))
      .map(dropped),
  ]
}

/** Where a name is in the body: as the path it is, or as the last part of one of ours. */
function pathsOf(name: string, body: unknown): readonly string[] {
  if (isSent(body, name)) return [name]
  const last = lastOf(name)
  return PLACES.map((place) => `${place}${last}`)
    .filter((path) => isSent(body, path))
    .slice(0, 1)
}

const PLACES = ["", "tools.*.", "tools.*.function.", "messages.*.", "generationConfig.", "input.*.", "options."]

function isSent(body: unknown, path: string): boolean {
  let isThere = false
  at(body, path, () => (isThere = true))
  return isThere
}

/** Whether a field is meant: by its own name, or by a path that ends in it, however it is written. */
function isNamed(names: readonly string[], path: string): boolean {
  const wanted = plain(lastOf(path))
  return names.some((name) => plain(lastOf(name)) === wanted || plain(name) === plain(path))
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "")
}

function lastOf(path: string): string {
  return path.split(".").findLast((part) => part !== "*") ?? ""
}

function dropped(path: string): Change {
  return { edits: [drop(path)] }
}

function drop(path: string): Edit {
  return { kind: "drop", path }
}

function unique(changes: readonly Change[]): readonly Change[] {
  return [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()]
}
