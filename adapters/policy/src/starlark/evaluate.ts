import { BUILTINS, methodOf } from "./builtins.ts"
import { type Position, StarlarkError } from "./error.ts"
import { binary, indexed, sliced, unary } from "./operators.ts"
import { parse } from "./parse.ts"
import type { Argument, Block, Clause, Expression, Statement, Target } from "./syntax.ts"
import { type CallArguments, isCallable, isTrue, itemsOf, keyOf, shown, typeName, type Value } from "./values.ts"

/** Steps of one file; a policy takes some hundreds. */
const STEPS_MAX = 500_000
const CALLS_DEEP_MAX = 64

/** Runs a file with these functions beside the language's own. Throws StarlarkError with the place. */
export function evaluate(source: string, functions: ReadonlyMap<string, Value>): void {
  const globals = new Scope(new Map([...BUILTINS, ...functions]))
  const machine = { steps: 0, depth: 0 }
  run(parse(source), new Scope(new Map(), globals), machine)
}

interface Machine {
  steps: number
  depth: number
}

class Scope {
  readonly #values: Map<string, Value>
  readonly #above: Scope | undefined
  constructor(values: Map<string, Value>, above?: Scope) {
    this.#values = values
    this.#above = above
  }
  get(name: string): Value | undefined {
    const own = this.#values.get(name)
    return own === undefined ? this.#above?.get(name) : own
  }
  set(name: string, value: Value): void {
    this.#values.set(name, value)
  }
}

type Ended = { readonly kind: "return"; readonly value: Value } | { readonly kind: "break" | "continue" }

function run(block: Block, scope: Scope, machine: Machine): Ended | undefined {
  for (const statement of block) {
    const ended = perform(statement, scope, machine)
    if (ended !== undefined) return ended
  }
  return undefined
}

function step(machine: Machine, at: Position): void {
  if (++machine.steps > STEPS_MAX) throw new StarlarkError("this takes too many steps", at)
}

function perform(statement: Statement, scope: Scope, machine: Machine): Ended | undefined {
  const { at } = statement
  step(machine, at)
  const value = (expression: Expression) => evaluated(expression, scope, machine)
  switch (statement.kind) {
    case "pass":
      return undefined
    case "break":
    case "continue":
      return { kind: statement.kind }
    case "return":
      return { kind: "return", value: statement.of === undefined ? null : value(statement.of) }
    case "expression":
      value(statement.of)
      return undefined
    case "assign":
      assign(statement.target, value(statement.value), scope)
      return undefined
    case "extend": {
      const { name, operator } = statement
      const old = scope.get(name)
      if (old === undefined) throw new StarlarkError(`Variable \`${name}\` not found`, at)
      scope.set(name, binary(operator, old, value(statement.value), at))
      return undefined
    }
    case "if":
      return run(isTrue(value(statement.test)) ? statement.then : statement.otherwise, scope, machine)
    case "for":
      return loop(statement, scope, machine)
    case "def":
      scope.set(statement.name, defined(statement, scope, machine))
      return undefined
  }
}

function loop(statement: Extract<Statement, { kind: "for" }>, scope: Scope, machine: Machine): Ended | undefined {
  for (const item of [...itemsOf(evaluated(statement.of, scope, machine), statement.at)]) {
    step(machine, statement.at)
    assign(statement.target, item, scope)
    const ended = run(statement.body, scope, machine)
    if (ended?.kind === "return") return ended
    if (ended?.kind === "break") return undefined
  }
  return undefined
}

function defined(statement: Extract<Statement, { kind: "def" }>, scope: Scope, machine: Machine): Value {
  const { name, parameters, body } = statement
  const defaults = new Map(
    parameters.flatMap(({ name: parameter, otherwise }) =>
      otherwise === undefined ? [] : [[parameter, evaluated(otherwise, scope, machine)] as const],
    ),
  )
  const call = ({ positional, named, at }: CallArguments): Value => {
    if (positional.length > parameters.length)
      throw new StarlarkError(`${name} takes ${parameters.length} arguments, not ${positional.length}`, at)
    for (const given of named.keys()) {
      if (!parameters.some((parameter) => parameter.name === given))
        throw new StarlarkError(`${name} has no argument ${given}`, at)
    }
    const values = new Map<string, Value>()
    for (const [index, parameter] of parameters.entries()) {
      const given = positional[index] ?? named.get(parameter.name)
      const value = given === undefined ? defaults.get(parameter.name) : given
      if (value === undefined) throw new StarlarkError(`${name} needs its argument ${parameter.name}`, at)
      values.set(parameter.name, value)
    }
    if (++machine.depth > CALLS_DEEP_MAX) throw new StarlarkError("functions call each other too deeply", at)
    const ended = run(body, new Scope(values, scope), machine)
    machine.depth--
    return ended?.kind === "return" ? ended.value : null
  }
  return { kind: "function", name, call }
}

function assign(target: Target, value: Value, scope: Scope): void {
  if (target.kind === "name") return scope.set(target.name, value)
  const items = itemsOf(value, target.at)
  if (items.length !== target.items.length) {
    throw new StarlarkError(`${target.items.length} names for ${items.length} values`, target.at)
  }
  for (const [index, each] of target.items.entries()) assign(each, items[index] ?? null, scope)
}

function evaluated(expression: Expression, scope: Scope, machine: Machine): Value {
  const { at } = expression
  step(machine, at)
  const value = (inner: Expression) => evaluated(inner, scope, machine)
  switch (expression.kind) {
    case "value":
      return expression.value
    case "name": {
      const found = scope.get(expression.name)
      if (found === undefined) throw new StarlarkError(`Variable \`${expression.name}\` not found`, at)
      return found
    }
    case "list":
      return { kind: "list", items: expression.items.map(value) }
    case "tuple":
      return { kind: "tuple", items: expression.items.map(value) }
    case "dict":
      return {
        kind: "dict",
        entries: new Map(expression.entries.map(([key, each]) => [keyOf(value(key), key.at), value(each)])),
      }
    case "comprehension":
      return comprehended(expression, scope, machine)
    case "call":
      return called(expression, scope, machine)
    case "dot":
      return methodOf(value(expression.of), expression.name, at)
    case "index":
      return indexed(value(expression.of), value(expression.index), at)
    case "slice":
      return sliced(
        value(expression.of),
        [expression.from, expression.to].map((end) => (end === undefined ? undefined : value(end))),
        at,
      )
    case "unary":
      return unary(expression.operator, value(expression.of), at)
    case "binary":
      return either(expression, scope, machine)
    case "if":
      return value(isTrue(value(expression.test)) ? expression.then : expression.otherwise)
  }
}

function called({ callee, args, at }: Extract<Expression, { kind: "call" }>, scope: Scope, machine: Machine): Value {
  const target = evaluated(callee, scope, machine)
  if (!isCallable(target)) throw new StarlarkError(`a ${typeName(target)} cannot be called`, at)
  const positional: Value[] = []
  const named = new Map<string, Value>()
  for (const argument of args) add(argument, evaluated(argument.value, scope, machine))
  return target.call({ positional, named, at })

  function add({ name, spread }: Argument, value: Value): void {
    if (spread === "list") positional.push(...itemsOf(value, at))
    else if (spread === "dict") {
      for (const key of itemsOf(value, at)) keep(shown(key), indexed(value, key, at))
    } else if (name !== undefined) keep(name, value)
    else if (named.size > 0) throw new StarlarkError("an argument without a name stands behind one with a name", at)
    else positional.push(value)
  }

  function keep(name: string, value: Value): void {
    if (named.has(name)) throw new StarlarkError(`the argument ${name} is given twice`, at)
    named.set(name, value)
  }
}

function comprehended(
  expression: Extract<Expression, { kind: "comprehension" }>,
  scope: Scope,
  machine: Machine,
): Value {
  const items: Value[] = []
  const entries = new Map<ReturnType<typeof keyOf>, Value>()
  const { of, value, clauses, at } = expression
  through(clauses, new Scope(new Map(), scope))
  return value === undefined ? { kind: "list", items } : { kind: "dict", entries }

  function through([clause, ...rest]: readonly Clause[], inner: Scope): void {
    step(machine, at)
    if (clause === undefined) {
      const head = evaluated(of, inner, machine)
      if (value === undefined) items.push(head)
      else entries.set(keyOf(head, at), evaluated(value, inner, machine))
    } else if (clause.kind === "if") {
      if (isTrue(evaluated(clause.test, inner, machine))) through(rest, inner)
    } else {
      for (const item of itemsOf(evaluated(clause.of, inner, machine), at)) {
        assign(clause.target, item, inner)
        through(rest, inner)
      }
    }
  }
}

function either(
  { operator, left, right, at }: Extract<Expression, { kind: "binary" }>,
  scope: Scope,
  machine: Machine,
): Value {
  const first = evaluated(left, scope, machine)
  if (operator === "and") return isTrue(first) ? evaluated(right, scope, machine) : first
  if (operator === "or") return isTrue(first) ? first : evaluated(right, scope, machine)
  return binary(operator, first, evaluated(right, scope, machine), at)
}
