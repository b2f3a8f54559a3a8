import { type Position, StarlarkError } from "./error.ts"
import {
  type CallArguments,
  type Callable,
  isEqual,
  isTrue,
  itemsOf,
  keyOf,
  shown,
  typeName,
  type Value,
} from "./values.ts"

/** Enough for every loop that a policy needs. */
const RANGE_MAX = 10_000

/** What is there without being defined. */
export const BUILTINS: ReadonlyMap<string, Value> = new Map(
  (
    [
      [
        "len",
        ({ positional: [value = null], at }) =>
          typeof value === "string" ? [...value].length : itemsOf(value, at).length,
      ],
      ["str", ({ positional: [value = null] }) => shown(value)],
      ["repr", ({ positional: [value = null] }) => shown(value, true)],
      ["type", ({ positional: [value = null] }) => typeName(value)],
      ["bool", ({ positional: [value = null] }) => isTrue(value)],
      ["list", ({ positional: [value], at }) => list(value === undefined ? [] : itemsOf(value, at))],
      ["tuple", ({ positional: [value], at }) => tuple(value === undefined ? [] : itemsOf(value, at))],
      ["dict", ({ named }) => ({ kind: "dict", entries: new Map(named) })],
      ["any", ({ positional: [value = null], at }) => itemsOf(value, at).some(isTrue)],
      ["all", ({ positional: [value = null], at }) => itemsOf(value, at).every(isTrue)],
      ["reversed", ({ positional: [value = null], at }) => list(itemsOf(value, at).toReversed())],
      [
        "sorted",
        ({ positional: [value = null], at }) => list(itemsOf(value, at).toSorted((a, b) => compare(a, b, at))),
      ],
      [
        "enumerate",
        ({ positional: [value = null], at }) => list(itemsOf(value, at).map((item, index) => tuple([index, item]))),
      ],
      ["zip", ({ positional, at }) => zip(positional.map((value) => itemsOf(value, at)))],
      ["range", range],
      [
        "fail",
        ({ positional, at }) => {
          throw new StarlarkError(`fail: ${positional.map((value) => shown(value)).join(" ")}`, at)
        },
      ],
      ["print", () => null],
    ] as const satisfies readonly (readonly [string, Callable["call"]])[]
  ).map(([name, call]): [string, Callable] => [name, { kind: "function", name, call: call as Callable["call"] }]),
)

function list(items: readonly Value[]): Value {
  return { kind: "list", items: [...items] }
}

function tuple(items: readonly Value[]): Value {
  return { kind: "tuple", items }
}

function zip(lists: readonly (readonly Value[])[]): Value {
  const count = lists.length === 0 ? 0 : Math.min(...lists.map((items) => items.length))
  return list(Array.from({ length: count }, (_, at) => tuple(lists.map((items) => items[at] ?? null))))
}

function range({ positional, at }: CallArguments): Value {
  const numbers = positional.map((value) => {
    if (typeof value === "number") return value
    throw new StarlarkError(`range takes numbers, not a ${typeName(value)}`, at)
  })
  const [from = 0, to = 0, step = 1] = numbers.length === 1 ? [0, ...numbers] : numbers
  if (step === 0) throw new StarlarkError("range takes no step of 0", at)
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (count > RANGE_MAX) throw new StarlarkError(`range gives at most ${RANGE_MAX} numbers`, at)
  return list(Array.from({ length: count }, (_, index) => from + index * step))
}

export function compare(left: Value, right: Value, at: Position): number {
  if (typeof left === "number" && typeof right === "number") return left - right
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0
  throw new StarlarkError(`a ${typeName(left)} and a ${typeName(right)} have no order`, at)
}

type Method = (args: CallArguments) => Value

/** What `value.name` is. Throws for what there is not. */
export function methodOf(value: Value, name: string, at: Position): Callable {
  const call = typeof value === "string" ? ofText(value, name) : ofCollection(value, name)
  if (call === undefined) throw new StarlarkError(`a ${typeName(value)} has no ${name}`, at)
  return { kind: "function", name, call }
}

function ofText(text: string, name: string): Method | undefined {
  const methods: Readonly<Record<string, Method>> = {
    join: ({ positional: [value = null], at }) =>
      itemsOf(value, at)
        .map((item) => textIn(item, at))
        .join(text),
    split: ({ positional: [by], at }) =>
      list(by === undefined ? text.split(/\s+/).filter((part) => part !== "") : text.split(textIn(by, at))),
    splitlines: () => list(text.split("\n")),
    strip: () => text.trim(),
    upper: () => text.toUpperCase(),
    lower: () => text.toLowerCase(),
    startswith: ({ positional: [part = null], at }) => text.startsWith(textIn(part, at)),
    endswith: ({ positional: [part = null], at }) => text.endsWith(textIn(part, at)),
    replace: ({ positional: [from = null, to = null], at }) => text.replaceAll(textIn(from, at), () => textIn(to, at)),
    format: ({ positional, named, at }) => formatted(text, positional, named, at),
  }
  return Object.hasOwn(methods, name) ? methods[name] : undefined
}

function ofCollection(value: Value, name: string): Method | undefined {
  if (typeof value !== "object" || value === null) return undefined
  if (value.kind === "list") {
    const { items } = value
    const methods: Readonly<Record<string, Method>> = {
      append({ positional: [item = null] }) {
        items.push(item)
        return null
      },
      extend({ positional: [more = null], at }) {
        items.push(...itemsOf(more, at))
        return null
      },
      index: ({ positional: [item = null] }) => items.findIndex((each) => isEqual(each, item)),
    }
    return Object.hasOwn(methods, name) ? methods[name] : undefined
  }
  if (value.kind !== "dict") return undefined
  const { entries } = value
  const methods: Readonly<Record<string, Method>> = {
    keys: () => list([...entries.keys()]),
    values: () => list([...entries.values()]),
    items: () => list([...entries].map((entry) => tuple(entry))),
    get: ({ positional: [key = null, otherwise = null], at }) => entries.get(keyOf(key, at)) ?? otherwise,
  }
  return Object.hasOwn(methods, name) ? methods[name] : undefined
}

function textIn(value: Value, at: Position): string {
  if (typeof value === "string") return value
  throw new StarlarkError(`expected a string, found a ${typeName(value)}`, at)
}

function formatted(
  text: string,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
  at: Position,
): string {
  let next = 0
  return text.replace(/\{\{|\}\}|\{(\w*)\}/g, (found, name: string | undefined) => {
    if (name === undefined) return found[0] ?? ""
    const value = name === "" ? positional[next++] : /^\d+$/.test(name) ? positional[Number(name)] : named.get(name)
    if (value === undefined) throw new StarlarkError(`format has no value for {${name}}`, at)
    return shown(value)
  })
}
