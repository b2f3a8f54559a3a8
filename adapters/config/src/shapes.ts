import { hostPattern } from "@skein/protocol"
import { isTree } from "./toml.ts"

export const text = { accepts: isText, expects: "a text" }
export const texts = {
  accepts: (value: unknown) => Array.isArray(value) && value.every(isText),
  expects: "a list of texts",
}
export const truth = { accepts: (value: unknown) => typeof value === "boolean", expects: "true or false" }
export const truthOrAuto = {
  accepts: (value: unknown) => typeof value === "boolean" || value === "auto",
  expects: 'true, false or "auto"',
}
export const count = { accepts: isCount, expects: "a whole number of at least 1" }
export const countOrNone = {
  accepts: (value: unknown) => value === 0 || isCount(value),
  expects: "a whole number of at least 0",
}
export const amount = { accepts: (value: unknown) => isNumber(value) && value >= 0, expects: "a number of at least 0" }
export const share = { accepts: isShare, expects: "a share of the model's window from 0.2 to 0.95" }
export const url = { accepts: isUrl, expects: "a URL that starts with http:// or https://" }
export const header = { accepts: (value: unknown) => typeof value === "string", expects: "a text" }
export const dollars = { accepts: (value: unknown) => isNumber(value) && value > 0, expects: "a number above 0" }
export const hosts = {
  accepts: (value: unknown) =>
    Array.isArray(value) && value.every((host) => isText(host) && hostPattern(host) !== undefined),
  expects: 'a list of hosts, as "example.com", "*.example.com" or "example.com:8443"',
}
export const domains = {
  accepts: (value: unknown) => Array.isArray(value) && value.every((name) => isText(name) && DOMAIN.test(name)),
  expects: 'a list of domains, as "example.com", without a scheme',
}
export const textsOrNone = {
  accepts: (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  expects: "a list of texts",
}
export const anyTable = { accepts: (value: unknown) => isTree(value), expects: "a table" }
export const tables = {
  accepts: (value: unknown) => Array.isArray(value) && value.every(isTree),
  expects: "a list of tables",
}
export const names = { accepts: isNames, expects: "the name of an environment variable, as MY_KEY, or a list of names" }

export const imports = {
  accepts: (value: unknown) => Array.isArray(value) && value.every((name) => name === "claude" || name === "codex"),
  expects: 'a list of "claude" and "codex"',
}

export const coauthor = {
  accepts: (value: unknown) => typeof value === "boolean" || (isText(value) && /^[^<>\r\n]+ <[^<>\s]+>$/.test(value)),
  expects: 'true, false, or "Name <mail>"',
}

export const rules = {
  accepts: (value: unknown) => Array.isArray(value) && value.every(isRule),
  expects: 'a list of rules, as {tool = "bash", command = "git status", decision = "allow"}',
}

/** Without a scheme, a port or a path, as providers take it. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i

/** What a value has to be, and how that is said. */
export interface Shape {
  /** By hand: building schemas for the two or three keys of an ordinary start takes longer than all the rest of it. */
  readonly accepts: (value: unknown) => boolean
  /** Completes the sentence "expected …". */
  readonly expects: string
}

/** One of these words. */
export function oneOf(values: readonly string[]): Shape {
  return {
    accepts: (value) => typeof value === "string" && values.includes(value),
    expects: `one of ${values.join(", ")}`,
  }
}

/** Some of these words. */
export function listOf(values: readonly string[]): Shape {
  return {
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((one) => values.includes(one)),
    expects: `a list of ${values.join(", ")}`,
  }
}

/** The same, where none of them is an answer too. */
export function anyOf(values: readonly string[]): Shape {
  return { ...listOf(values), accepts: (value) => Array.isArray(value) && value.every((one) => values.includes(one)) }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== ""
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value)
}

function isShare(value: unknown): boolean {
  return isNumber(value) && value >= 0.2 && value <= 0.95
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1
}

function isUrl(value: unknown): boolean {
  return isText(value) && /^https?:\/\//.test(value) && URL.canParse(value)
}

/** Names and never a key: one that someone pastes here by mistake does not look like this. */
function isNames(value: unknown): boolean {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  return all.length > 0 && all.every((name) => isText(name) && /^[A-Z_][A-Z0-9_]*$/.test(name))
}

/** What the protocol's Rule is without its scope, which follows from the layer. A misspelt condition would widen it. */
function isRule(value: unknown): boolean {
  if (!isTree(value) || !isText(value.tool)) return false
  if (value.decision !== "allow" && value.decision !== "ask" && value.decision !== "deny") return false
  const { tool: _, decision: __, ...rest } = value
  return Object.entries(rest).every(([name, part]) => {
    if (name === "prefix") return Array.isArray(part) && part.length > 0 && part.every(isChoice)
    if (name === "access") return part === "read" || part === "write"
    if (name === "expires") return part instanceof Date || (isText(part) && !Number.isNaN(Date.parse(part)))
    return ["command", "path", "host", "agent", "reason"].includes(name) && isText(part)
  })
}

/** One word, or a choice of words. */
function isChoice(value: unknown): boolean {
  return isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText))
}
