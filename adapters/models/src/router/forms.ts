import { asObject, asText, type JsonObject, present } from "../wire/json.ts"
import { afterBlanks, jsonAt, objectOf } from "./json-text.ts"

/** A call as a model wrote it, before anyone knows whether there is such a tool. */
export interface WrittenCall {
  readonly name: string
  /** Values of parameters that were written as plain text are texts still: the tool's schema says what they are. */
  readonly arguments: JsonObject
}

interface Read {
  readonly calls: readonly WrittenCall[]
  /** Where the text goes on. */
  readonly end: number
}

/** One way in which models write calls. */
export interface Form {
  /** What every block of it begins with. */
  readonly opens: readonly string[]
  /** The block behind the opening; undefined when it is none. */
  readonly read: (text: string, from: number) => Read | undefined
}

/**
 * The forms of chat templates: Hermes, Qwen, Granite and Phi (`<tool_call>` with JSON), Qwen Coder and Llama
 * (`<function=`), Llama (`<|python_tag|>`), Mistral (`[TOOL_CALLS]`), Kimi (`<|tool_call_begin|>`), DeepSeek (the same
 * with wide bars), GLM (`<arg_key>`), MiniMax (`<invoke name=`).
 */
export const FORMS: readonly Form[] = [
  { opens: ["<tool_call>", "<function_call>", "<|tool_call|>"], read: tagged },
  { opens: ["<function="], read: (text, from) => named(text, from) },
  { opens: ["<|python_tag|>"], read: listed },
  { opens: ["[TOOL_CALLS]"], read: mistral },
  { opens: ["<|tool_calls_section_begin|>", "<|tool_call_begin|>"], read: kimi },
  { opens: ["<｜tool▁calls▁begin｜>", "<｜tool▁call▁begin｜>"], read: deepseek },
  { opens: ["<minimax:tool_call>", "<function_calls>", "<invoke name="], read: invoked },
]

/** What may stand behind the last call: ends of sections and of the reply. */
export const CLOSINGS =
  /^(?:\s|<\/tool_calls?>|<\/function_calls?>|<\/minimax:tool_call>|<\|tool_calls_section_end\|>|<｜tool▁calls▁end｜>|<｜end▁of▁sentence｜>|<\|(?:im_end|eot_id|eom_id|endoftext)\|>|<\/s>|\[\/TOOL_CALLS\])*/

/** The calls that a JSON value stands for: one or a list of `{name, arguments}`, in any of its spellings. */
export function callsOf(value: unknown): readonly WrittenCall[] {
  const all = Array.isArray(value) ? value : [value]
  const calls = all.flatMap((one) => present(callOf(one)))
  return calls.length === all.length ? calls : []
}

function callOf(value: unknown): WrittenCall | undefined {
  const object = asObject(value)
  const inner = asObject(object?.function) ?? object
  if (inner === undefined || object === undefined) return undefined
  const name = asText(inner.name) || asText(object.function) || asText(inner.tool_name) || asText(inner.tool)
  const given = ["arguments", "parameters", "args", "input"].find((key) => key in inner)
  const input = given === undefined ? undefined : objectOf(inner[given])
  return name === "" || input === undefined ? undefined : { name, arguments: input }
}

function tagged(text: string, from: number): Read | undefined {
  const at = afterBlanks(text, from)
  if (text.startsWith("<function=", at)) return named(text, at + "<function=".length)
  return listed(text, at) ?? glm(text, at)
}

/** JSON values one behind another, as `{…}` or `{…}; {…}`. */
function listed(text: string, from: number): Read | undefined {
  const calls: WrittenCall[] = []
  let end = from
  for (let next = jsonAt(text, end); next !== undefined; next = jsonAt(text, afterSemicolon(text, end))) {
    const read = callsOf(next.value)
    if (read.length === 0) return undefined
    calls.push(...read)
    end = next.end
  }
  return calls.length === 0 ? undefined : { calls, end }
}

function afterSemicolon(text: string, from: number): number {
  const at = afterBlanks(text, from)
  return text[at] === ";" ? at + 1 : at
}

/** `name>{…}</function>`, or `name><parameter=x>…</parameter></function>`. */
function named(text: string, from: number): Read | undefined {
  const name = /^\s*"?([\w.:-]{1,64})"?\s*>/.exec(text.slice(from, from + 80))
  if (name?.[1] === undefined) return undefined
  const inner = from + name[0].length
  const json = jsonAt(text, inner)
  const close = text.indexOf("</function>", json?.end ?? inner)
  const end = close < 0 ? (json?.end ?? text.length) : close
  const input = json === undefined ? parameters(text.slice(inner, end), PARAMETER) : objectOf(json.value)
  if (input === undefined) return undefined
  return { calls: [{ name: name[1], arguments: input }], end: close < 0 ? end : close + "</function>".length }
}

const PARAMETER = /\s*<parameter=([^>\n]{1,100})>([\s\S]*?)<\/parameter>\s*/y
const NAMED_PARAMETER = /\s*<parameter name="([^">\n]{1,100})"[^>\n]*>([\s\S]*?)<\/parameter>\s*/y
const GLM_ARGUMENT = /\s*<arg_key>([\s\S]{1,100}?)<\/arg_key>\s*<arg_value>([\s\S]*?)<\/arg_value>\s*/y

/** All of the text as parameters; undefined when anything else stands between them. */
function parameters(text: string, form: RegExp): JsonObject | undefined {
  const found: [string, unknown][] = []
  let at = 0
  while (afterBlanks(text, at) < text.length) {
    form.lastIndex = at
    const [whole = "", name = "", value = ""] = form.exec(text) ?? []
    if (whole === "") return undefined
    // The templates put a line break before and after a value, which is not the value's.
    found.push([name.trim(), value.replace(/^\n/, "").replace(/\n$/, "")])
    at += whole.length
  }
  return Object.fromEntries(found)
}

/** `name`, then keys and values in tags of their own. */
function glm(text: string, from: number): Read | undefined {
  const name = /^([\w.-]{1,64})\s*(?=<arg_key>|<\/tool_call>)/.exec(text.slice(from, from + 100))
  if (name?.[1] === undefined) return undefined
  const inner = from + name[0].length
  const close = text.indexOf("</tool_call>", inner)
  const end = close < 0 ? text.length : close
  const input = parameters(text.slice(inner, end), GLM_ARGUMENT)
  return input === undefined ? undefined : { calls: [{ name: name[1], arguments: input }], end }
}

/** `[{…}]`, or `name[ARGS]{…}` of newer templates, once for each call. */
function mistral(text: string, from: number): Read | undefined {
  const list = listed(text, from)
  if (list !== undefined) return list
  const name = /^\s*([\w.-]{1,64})(?:\[CALL_ID\]\w{1,64})?(?:\[ARGS\])?/.exec(text.slice(from, from + 200))
  if (name?.[1] === undefined) return undefined
  return withJson(text, from + name[0].length, name[1])
}

function withJson(text: string, from: number, name: string): Read | undefined {
  const json = jsonAt(text, from)
  const input = json === undefined ? undefined : asObject(json.value)
  return json === undefined || input === undefined ? undefined : { calls: [{ name, arguments: input }], end: json.end }
}

/** `functions.name:0<|tool_call_argument_begin|>{…}<|tool_call_end|>`, within a section or without one. */
function kimi(text: string, from: number): Read | undefined {
  return repeated(text, from, "<|tool_call_begin|>", (at) => {
    const name = /^\s*([\w.:-]{1,80})\s*<\|tool_call_argument_begin\|>/.exec(text.slice(at, at + 140))
    if (name?.[1] === undefined) return undefined
    const read = withJson(text, at + name[0].length, name[1].replace(/:\d+$/, ""))
    return closedBy(text, read, "<|tool_call_end|>")
  })
}

/** `name<｜tool▁sep｜>{…}`, before 3.1 `function<｜tool▁sep｜>name` and the arguments in a fence. */
function deepseek(text: string, from: number): Read | undefined {
  return repeated(text, from, "<｜tool▁call▁begin｜>", (at) => {
    const head = /^\s*(?:function<｜tool▁sep｜>([\w.-]{1,64})\s*```(?:json)?|([\w.-]{1,64})<｜tool▁sep｜>)/.exec(
      text.slice(at, at + 200),
    )
    const name = head?.[1] ?? head?.[2]
    if (head === null || name === undefined) return undefined
    const read = closedBy(text, withJson(text, at + head[0].length, name), "```")
    return closedBy(text, read, "<｜tool▁call▁end｜>")
  })
}

/** `"name"><parameter name="x">…</parameter></invoke>`, within a section or without one. */
function invoked(text: string, from: number): Read | undefined {
  return repeated(text, from, "<invoke name=", (at) => {
    const name = /^"([\w.-]{1,64})"\s*>/.exec(text.slice(at, at + 80))
    const close = text.indexOf("</invoke>", at)
    if (name?.[1] === undefined || close < 0) return undefined
    const input = parameters(text.slice(at + name[0].length, close), NAMED_PARAMETER)
    return input === undefined
      ? undefined
      : { calls: [{ name: name[1], arguments: input }], end: close + "</invoke>".length }
  })
}

/** `read` once for each `open`; the first may have been read past by whoever found it. */
function repeated(text: string, from: number, open: string, read: (at: number) => Read | undefined): Read | undefined {
  const calls: WrittenCall[] = []
  let at = from
  do {
    const start = afterBlanks(text, at)
    const next = read(text.startsWith(open, start) ? start + open.length : start)
    if (next === undefined) return undefined
    calls.push(...next.calls)
    at = next.end
  } while (text.startsWith(open, afterBlanks(text, at)))
  return { calls, end: at }
}

function closedBy(text: string, read: Read | undefined, close: string): Read | undefined {
  if (read === undefined) return undefined
  const at = afterBlanks(text, read.end)
  return text.startsWith(close, at) ? { ...read, end: at + close.length } : read
}
