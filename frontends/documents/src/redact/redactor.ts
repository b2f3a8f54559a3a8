import { isSecretVariable, secretShapes } from "@skein/protocol/secrets"
import type { RedactionReport, SecretKind } from "./kinds.ts"

/** What the host knows of this machine and person. Everything absent is not looked for. */
export interface RedactionFacts {
  /** Secrets by their value, as `secretValues` gives them. */
  readonly values?: readonly string[] | undefined
  /** Absolute. */
  readonly home?: string | undefined
  readonly userName?: string | undefined
  readonly hostName?: string | undefined
  /** Also e-mail addresses; they are often wanted. */
  readonly withEmails?: boolean | undefined
}

export interface Redactor {
  text(text: string): string
  report(): RedactionReport
}

/** Stands where something was. */
const REDACTED = "[redacted]"

/** Values of variables whose names say that they are secret. Shorter ones are words: taking them out would tear text. */
export function secretValues(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value.length >= VALUE_CHARS_MIN && isSecretVariable(name, value) && !/^[./~]/.test(value)
      ? [value]
      : [],
  )
}
const VALUE_CHARS_MIN = 8

/** Takes secrets out of texts, and counts them. */
export function redactor(facts: RedactionFacts): Redactor {
  const counts = new Map<SecretKind, number>()
  const rules = [...exact(facts), ...secretShapes().map(asRule), ...homes(facts), ...names(facts)]
  if (facts.withEmails === true) rules.push(asRule(EMAIL))
  return {
    text: (text) => rules.reduce((left, rule) => applied(left, rule, counts), text),
    report: () => Object.fromEntries(counts),
  }
}

const EMAIL: Pattern = {
  kind: "email",
  // The user that all clone as is nobody.
  pattern: /(?<![\w.+-])(?!git@)[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,6}\.[A-Za-z]{2,24}\b/g,
}

interface Rule extends Pattern {
  readonly instead: string
}

/** Named groups `before` and `after` stay, the rest is taken out. */
interface Pattern {
  readonly kind: SecretKind
  readonly pattern: RegExp
}

function asRule({ kind, pattern }: Pattern): Rule {
  return { kind, pattern, instead: REDACTED }
}

function applied(text: string, { kind, pattern, instead }: Rule, counts: Map<SecretKind, number>): string {
  return text.replace(pattern, (...match: unknown[]) => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    const groups = match.at(-1)
    const named = typeof groups === "object" && groups !== null ? (groups as Partial<Record<string, string>>) : {}
    return `${named.before ?? ""}${instead}${named.after ?? ""}`
  })
}

/** Longest first, so that none is torn by another that it holds; also as an address, JSON or base64 writes them. */
function exact({ values = [] }: RedactionFacts): Rule[] {
  const spelled = values
    .filter((value) => value.length >= VALUE_CHARS_MIN)
    .flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), base64Of(value)])
  return [...new Set(spelled)]
    .sort((a, b) => b.length - a.length)
    .map((value) => ({ kind: "secret_value", pattern: new RegExp(quoted(value), "g"), instead: REDACTED }))
}

function base64Of(value: string): string {
  return Buffer.from(value).toString("base64").replace(/=+$/, "")
}

function homes({ home }: RedactionFacts): Rule[] {
  const own = home === undefined || home === "/" || home === "" ? [] : [home.replace(/\/+$/, "")]
  return [
    ...own.flatMap((path): Rule[] => [
      { kind: "home", pattern: new RegExp(`${quoted(path)}(?![\\w.-])`, "g"), instead: "~" },
      // As folders named after a path spell it, and as addresses do.
      { kind: "home", pattern: new RegExp(`${quoted(path.replace(/[/.]/g, "-"))}(?!\\w)`, "g"), instead: "~" },
      { kind: "home", pattern: new RegExp(quoted(encodeURIComponent(path)), "gi"), instead: "~" },
    ]),
    // Other people's homes hold their names.
    { kind: "home", pattern: /(?<before>(?<![\w.~])\/(?:home|Users)\/)(?!\[)[^/\s"'`:;,<>()\\]+/g, instead: "[user]" },
    { kind: "home", pattern: /(?<before>\b[A-Za-z]:\\+Users\\+)(?!\[)[^\\\s"'`:;,<>()]+/g, instead: "[user]" },
  ]
}

/** Names that are words too, or everybody's: in a path they were taken out already. */
const COMMON_NAMES: ReadonlySet<string> = new Set(
  "root user admin administrator home dev test guest ubuntu debian node runner app code work localhost host local main".split(
    " ",
  ),
)

function names({ userName, hostName }: RedactionFacts): Rule[] {
  const rule = (kind: SecretKind, name: string | undefined, instead: string): Rule[] => {
    if (name === undefined || name.length < 3 || COMMON_NAMES.has(name.toLowerCase())) return []
    return [{ kind, pattern: new RegExp(`(?<![A-Za-z0-9])${quoted(name)}(?![A-Za-z0-9])`, "gi"), instead }]
  }
  const [shortHost] = (hostName ?? "").split(".")
  return [
    ...rule("host_name", hostName, "[host]"),
    ...(shortHost === hostName ? [] : rule("host_name", shortHost, "[host]")),
    ...rule("user_name", userName, "[user]"),
  ]
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")
}
