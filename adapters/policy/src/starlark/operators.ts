import { compare } from "./builtins.ts"
import { type Position, StarlarkError } from "./error.ts"
import { isEqual, isTrue, itemsOf, keyOf, shown, typeName, type Value } from "./values.ts"

/** Of one string or list. */
const SIZE_MAX = 100_000

export function unary(operator: string, value: Value, at: Position): Value {
  if (operator === "not") return !isTrue(value)
  if (typeof value !== "number") throw new StarlarkError(`a ${typeName(value)} has no sign`, at)
  return operator === "-" ? -value : value
}

/** What two values make, for every operator but `and` and `or`. */
export function binary(operator: string, left: Value, right: Value, at: Position): Value {
  switch (operator) {
    case "==":
      return isEqual(left, right)
    case "!=":
      return !isEqual(left, right)
    case "<":
      return compare(left, right, at) < 0
    case ">":
      return compare(left, right, at) > 0
    case "<=":
      return compare(left, right, at) <= 0
    case ">=":
      return compare(left, right, at) >= 0
    case "in":
      return isIn(left, right, at)
    case "not in":
      return !isIn(left, right, at)
    case "+":
      return added(left, right, at)
    case "%":
      if (typeof left === "string") return left.replace("%s", () => shown(right))
  }
  if (operator === "*" && typeof right === "number" && typeof left !== "number") return repeated(left, right, at)
  if (typeof left !== "number" || typeof right !== "number") {
    throw new StarlarkError(`a ${typeName(left)} and a ${typeName(right)} do not go with ${operator}`, at)
  }
  return calculated(operator, left, right, at)
}

function calculated(operator: string, left: number, right: number, at: Position): number {
  if (operator === "-") return left - right
  if (operator === "*") return left * right
  if (right === 0) throw new StarlarkError("division by zero", at)
  if (operator === "//") return Math.floor(left / right)
  if (operator === "%") return ((left % right) + right) % right
  throw new StarlarkError(`${operator} is not available here`, at)
}

function added(left: Value, right: Value, at: Position): Value {
  if (typeof left === "number" && typeof right === "number") return left + right
  if (typeof left === "string" && typeof right === "string") return bounded(left + right, at)
  if (typeof left === "object" && typeof right === "object" && left !== null && right !== null) {
    if (left.kind === "list" && right.kind === "list")
      return { kind: "list", items: bounded([...left.items, ...right.items], at) }
    if (left.kind === "tuple" && right.kind === "tuple")
      return { kind: "tuple", items: bounded([...left.items, ...right.items], at) }
  }
  throw new StarlarkError(`a ${typeName(left)} and a ${typeName(right)} cannot be added`, at)
}

function repeated(value: Value, times: number, at: Position): Value {
  const count = Math.max(0, Math.floor(times))
  if (typeof value === "string") {
    if (value.length * count > SIZE_MAX) throw new StarlarkError("this grows too large", at)
    return value.repeat(count)
  }
  const items = itemsOf(value, at)
  if (items.length * count > SIZE_MAX) throw new StarlarkError("this grows too large", at)
  return { kind: "list", items: Array.from({ length: count }, () => items).flat() }
}

function bounded<T extends string | Value[]>(value: T, at: Position): T {
  if (value.length > SIZE_MAX) throw new StarlarkError("this grows too large", at)
  return value
}

function isIn(left: Value, right: Value, at: Position): boolean {
  if (typeof right === "string") return typeof left === "string" && right.includes(left)
  return itemsOf(right, at).some((item) => isEqual(item, left))
}

export function indexed(of: Value, index: Value, at: Position): Value {
  if (typeof of === "object" && of !== null && of.kind === "dict") {
    const found = of.entries.get(keyOf(index, at))
    if (found === undefined) throw new StarlarkError(`there is no ${shown(index, true)} in it`, at)
    return found
  }
  if (typeof index !== "number") throw new StarlarkError(`a ${typeName(index)} is no index`, at)
  const items = typeof of === "string" ? [...of] : itemsOf(of, at)
  const found = items.at(index)
  if (found === undefined) throw new StarlarkError(`there is no item ${index}`, at)
  return found
}

export function sliced(of: Value, [from, to]: readonly (Value | undefined)[], at: Position): Value {
  const [start, end] = [from ?? undefined, to ?? undefined]
  if ((start !== undefined && typeof start !== "number") || (end !== undefined && typeof end !== "number")) {
    throw new StarlarkError("a slice goes from number to number", at)
  }
  if (typeof of === "string") return of.slice(start, end)
  return { kind: "list", items: itemsOf(of, at).slice(start, end) }
}
