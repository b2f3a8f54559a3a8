import { type Position, StarlarkError } from "../starlark/error.ts"
import { evaluate } from "../starlark/evaluate.ts"
import { type CallArguments, typeName, type Value } from "../starlark/values.ts"
import { shellWords } from "./words.ts"

/** Codex's decisions, loosest first. */
export const DECISIONS = ["allow", "prompt", "forbidden"] as const
export type ExecDecision = (typeof DECISIONS)[number]

export interface PrefixRule {
  readonly pattern: readonly (readonly string[])[]
  readonly decision: ExecDecision
  readonly justification?: string | undefined
}
export interface NetworkRule {
  readonly host: string
  readonly protocol: string
  readonly decision: ExecDecision
  readonly justification?: string | undefined
}
/** The rules of one or several `*.rules` files. */
export interface ExecPolicy {
  readonly prefixes: readonly PrefixRule[]
  /** By basename: the absolute paths that may stand for it. */
  readonly executables: ReadonlyMap<string, readonly string[]>
  readonly hosts: readonly NetworkRule[]
}

/** What is wrong in a file of rules: the message is Codex's, `detail` says where and what. */
export class PolicyFileError extends Error {
  override readonly name = "PolicyFileError"
  readonly detail: string
  constructor(file: string, detail: string, cause: unknown) {
    super(`failed to parse policy at ${file}`, { cause })
    this.detail = detail
  }
}

/**
 * Reads files of rules, in order: Codex's Starlark with `prefix_rule`, `host_executable` and `network_rule`. Examples given
 * with `match` and `not_match` are checked. Throws PolicyFileError with file and place.
 */
export function readPolicy(files: readonly { readonly name: string; readonly source: string }[]): ExecPolicy {
  const prefixes: PrefixRule[] = []
  const executables = new Map<string, readonly string[]>()
  const hosts: NetworkRule[] = []
  const functions = new Map<string, Value>([
    ["prefix_rule", builtin("prefix_rule", (args) => prefixes.push(prefixRule(args)))],
    ["network_rule", builtin("network_rule", (args) => hosts.push(networkRule(args)))],
    [
      "host_executable",
      builtin("host_executable", (args) => {
        const { name, paths } = hostExecutable(args)
        executables.set(name, paths)
      }),
    ],
  ])
  for (const { name, source } of files) {
    try {
      evaluate(source, functions)
    } catch (error) {
      if (!(error instanceof StarlarkError)) throw error
      const { line, column } = error.at
      throw new PolicyFileError(name, `${name}:${line}:${column}: ${error.message}`, error)
    }
  }
  return { prefixes, executables, hosts }
}

function builtin(name: string, act: (args: Arguments) => unknown): Value {
  return {
    kind: "function",
    name,
    call(given) {
      act(new Arguments(name, given))
      return null
    },
  }
}

/** The arguments of one call, each taken once; what nobody took is an error. */
class Arguments {
  readonly at: Position
  readonly #function: string
  readonly #given: CallArguments
  readonly #taken = new Set<string>()
  #position = 0

  constructor(name: string, given: CallArguments) {
    this.#function = name
    this.#given = given
    this.at = given.at
  }

  take(name: string): Value | undefined {
    this.#taken.add(name)
    const positional = this.#given.positional[this.#position++]
    const named = this.#given.named.get(name)
    if (positional !== undefined && named !== undefined) throw this.wrong(`the argument ${name} is given twice`)
    return positional ?? named
  }

  needed(name: string): Value {
    const value = this.take(name)
    if (value === undefined) throw this.wrong(`Missing named-only parameter \`${name}\` for call to ${this.#function}`)
    return value
  }

  end(): void {
    const extra = [...this.#given.named.keys()].find((name) => !this.#taken.has(name))
    if (extra !== undefined)
      throw this.wrong(`Found \`${extra}\` extra named parameter(s) for call to ${this.#function}`)
    if (this.#given.positional.length > this.#position)
      throw this.wrong(`Too many arguments for call to ${this.#function}`)
  }

  text(name: string): string {
    return this.textIn(name, this.needed(name))
  }

  optionalText(name: string): string | undefined {
    const value = this.take(name)
    return value === undefined || value === null ? undefined : this.textIn(name, value)
  }

  textIn(name: string, value: Value): string {
    if (typeof value === "string") return value
    throw this.wrong(`Type of parameter \`${name}\` doesn't match, expected \`str\`, actual \`${typeName(value)}\``)
  }

  items(name: string, value: Value): readonly Value[] {
    if (typeof value === "object" && value !== null && (value.kind === "list" || value.kind === "tuple"))
      return value.items
    throw this.wrong(`Type of parameter \`${name}\` doesn't match, expected \`list\`, actual \`${typeName(value)}\``)
  }

  wrong(message: string): StarlarkError {
    return new StarlarkError(message, this.at)
  }
}

function prefixRule(args: Arguments): PrefixRule {
  const pattern = patternIn(args, args.needed("pattern"))
  const decision = decisionIn(args, args.optionalText("decision") ?? "allow")
  const matching = examplesIn(args, "match")
  const others = examplesIn(args, "not_match")
  const justification = justificationIn(args)
  args.end()
  const rule = { pattern, decision, ...(justification === undefined ? {} : { justification }) }
  const missed = matching.filter((argv) => !hasPrefix(rule, argv))
  if (missed.length > 0)
    throw args.wrong(
      `expected every example to match at least one rule. rules: [${told(pattern)}]; unmatched examples: ${missed.map((argv) => JSON.stringify(argv.join(" "))).join(", ")}`,
    )
  const [hit] = others.filter((argv) => hasPrefix(rule, argv))
  if (hit !== undefined) throw args.wrong(`expected example to not match rule \`${told(pattern)}\`: ${hit.join(" ")}`)
  return rule
}

function told(pattern: PrefixRule["pattern"]): string {
  return JSON.stringify(pattern.map((choice) => (choice.length === 1 ? choice[0] : choice)))
}

/** Token by token against the beginning, upper and lower case told apart. */
export function hasPrefix({ pattern }: Pick<PrefixRule, "pattern">, argv: readonly string[]): boolean {
  return pattern.length <= argv.length && pattern.every((choice, at) => choice.includes(argv[at] ?? ""))
}

function patternIn(args: Arguments, value: Value): PrefixRule["pattern"] {
  const pattern = args.items("pattern", value).map((element): readonly string[] => {
    if (typeof element === "string") return [element]
    const choice = args.items("pattern", element).map((word) => args.textIn("pattern", word))
    if (choice.length === 0) throw args.wrong("invalid pattern element: pattern alternatives cannot be empty")
    return choice
  })
  if (pattern.length === 0) throw args.wrong("invalid pattern element: pattern cannot be empty")
  return pattern
}

/** `prompt` and `deny` are taken where Codex takes them. */
function decisionIn(args: Arguments, text: string): ExecDecision {
  const decision = DECISIONS.find((each) => each === text)
  if (decision === undefined) throw args.wrong(`invalid decision: ${text}`)
  return decision
}

function justificationIn(args: Arguments): string | undefined {
  const text = args.optionalText("justification")
  if (text !== undefined && text.trim() === "") throw args.wrong("invalid rule: justification cannot be empty")
  return text
}

function examplesIn(args: Arguments, name: string): readonly (readonly string[])[] {
  const value = args.take(name)
  if (value === undefined || value === null) return []
  return args.items(name, value).map((example) => {
    if (typeof example !== "string") {
      const argv = args.items(name, example).map((word) => args.textIn(name, word))
      if (argv.length === 0) throw args.wrong("invalid example: example cannot be an empty list")
      return argv
    }
    const words = shellWords(example)
    if (words === undefined) throw args.wrong("invalid example: example string has invalid shell syntax")
    if (words.length === 0) throw args.wrong("invalid example: example cannot be an empty string")
    return words
  })
}

function hostExecutable(args: Arguments) {
  const name = args.text("name")
  const paths = args.items("paths", args.needed("paths")).map((path) => args.textIn("paths", path))
  args.end()
  if (name === "" || name.includes("/"))
    throw args.wrong(`invalid rule: host_executable name must be a bare executable name (got ${JSON.stringify(name)})`)
  for (const path of paths) {
    if (!path.startsWith("/")) throw args.wrong(`invalid rule: host_executable paths must be absolute (got ${path})`)
    if (path.split("/").at(-1) !== name) {
      throw args.wrong(`invalid rule: host_executable path \`${path}\` must have basename \`${name}\``)
    }
  }
  return { name, paths }
}

const PROTOCOLS = ["http", "https", "https_connect", "http-connect", "socks5_tcp", "socks5_udp"]

function networkRule(args: Arguments): NetworkRule {
  const host = args.text("host")
  const protocol = args.text("protocol")
  const decision = args.text("decision")
  const justification = justificationIn(args)
  args.end()
  if (host.trim() === "" || /[\s/*]/.test(host))
    throw args.wrong(`invalid rule: network_rule host must be one host (got ${JSON.stringify(host)})`)
  if (!PROTOCOLS.includes(protocol)) {
    throw args.wrong(
      `invalid rule: network_rule protocol must be one of http, https, socks5_tcp, socks5_udp (got ${protocol})`,
    )
  }
  const known = decisionIn(args, decision === "deny" ? "forbidden" : decision)
  return { host, protocol, decision: known, ...(justification === undefined ? {} : { justification }) }
}
