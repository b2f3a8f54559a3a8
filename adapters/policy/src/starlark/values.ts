import { type Position, StarlarkError } from "./error.ts"

export type Value = string | number | boolean | null | List | Tuple | Dict | Callable

export interface List {
  readonly kind: "list"
  readonly items: Value[]
}
export interface Tuple {
  readonly kind: "tuple"
  readonly items: readonly Value[]
}
export interface Dict {
  readonly kind: "dict"
  readonly entries: Map<string | number | boolean | null, Value>
}
export interface Callable {
  readonly kind: "function"
  readonly name: string
  readonly call: (args: CallArguments) => Value
}
export interface CallArguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  readonly at: Position
}

export function isCallable(value: Value): value is Callable {
  return typeof value === "object" && value !== null && value.kind === "function"
}

export function typeName(value: Value): string {
  if (value === null) return "NoneType"
  if (typeof value === "string") return "string"
  if (typeof value === "number") return "int"
  return typeof value === "boolean" ? "bool" : value.kind
}

export function isTrue(value: Value): boolean {
  if (value === null || typeof value !== "object") return Boolean(value)
  if (value.kind === "function") return true
  return value.kind === "dict" ? value.entries.size > 0 : value.items.length > 0
}

/** What can be gone through: a list, a tuple, the keys of a dict. */
export function itemsOf(value: Value, at: Position): readonly Value[] {
  if (typeof value === "object" && value !== null) {
    if (value.kind === "list" || value.kind === "tuple") return value.items
    if (value.kind === "dict") return [...value.entries.keys()]
  }
  throw new StarlarkError(`a ${typeName(value)} cannot be gone through`, at)
}

export function keyOf(value: Value, at: Position): string | number | boolean | null {
  if (typeof value === "object" && value !== null) throw new StarlarkError(`a ${typeName(value)} is no key`, at)
  return value
}

export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false
  if (left.kind === "function" || right.kind === "function" || left.kind !== right.kind) return false
  if (left.kind === "dict" || right.kind === "dict") {
    if (left.kind !== "dict" || right.kind !== "dict" || left.entries.size !== right.entries.size) return false
    return [...left.entries].every(
      ([key, value]) => right.entries.has(key) && isEqual(value, right.entries.get(key) ?? null),
    )
  }
  return (
    left.items.length === right.items.length && left.items.every((item, at) => isEqual(item, right.items[at] ?? null))
  )
}

export function shown(value: Value, isInside = false): string {
  if (value === null) return "None"
  if (typeof value === "string") return isInside ? JSON.stringify(value) : value
  if (typeof value === "boolean") return value ? "True" : "False"
  if (typeof value === "number") return String(value)
  if (value.kind === "function") return `<function ${value.name}>`
  if (value.kind === "dict")
    return `{${[...value.entries].map(([key, each]) => `${shown(key, true)}: ${shown(each, true)}`).join(", ")}}`
  const inside = value.items.map((item) => shown(item, true)).join(", ")
  if (value.kind === "list") return `[${inside}]`
  return value.items.length === 1 ? `(${inside},)` : `(${inside})`
}
