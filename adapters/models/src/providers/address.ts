import { SkeinError } from "@skein/protocol"
import type { LoginPlace } from "../logins.ts"
import type { WireName } from "../wire/wire.ts"
import { filled, unsetIn } from "./places.ts"
import type { WireRow } from "./row.ts"
import type { OwnRow } from "./user.ts"

/** The environment as the host hands it over. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where a provider is asked, without a slash at the end. The user's configuration wins over the environment, which wins
 * over the login, which wins over the row. Throws SkeinError `config.invalid` for what is no http address, and where
 * something that the address is made of is not set.
 */
export function baseUrlOf(row: OwnRow, env: Environment, login?: LoginPlace): string {
  const { given, source } = writtenOf(row, env, login)
  if (given === "") return ""
  const url = checked(filled(given, row, { env, login }), source).replace(/\/+$/, "")
  // Written for its Chat API, as other programs want it.
  return "wire" in row && row.wire === "ollama-chat" ? url.replace(/\/v1$/, "") : url
}

/** Whether everything that a provider's address is made of is known. */
export function hasAddress(row: OwnRow, env: Environment, login?: LoginPlace): boolean {
  const { given } = writtenOf(row, env, login)
  return given !== "" && unsetIn(given, row, { env, login }) === undefined
}

/** The address as it is written, and by whom. */
function writtenOf(row: OwnRow, env: Environment, login: LoginPlace | undefined) {
  const named = row.isMoved === true ? undefined : row.baseUrlEnv.find((name) => (env[name] ?? "").trim() !== "")
  const source = named ?? `the base URL of provider "${row.id}"`
  if (named === undefined) {
    const given = row.isMoved === true ? withPath(row.baseUrl, row) : (login?.baseUrl ?? row.baseUrl)
    return { given, source }
  }
  const given = (env[named] ?? "").trim()
  return { given: row.isHostNamed === true ? ollamaUrl(given, source) : withPath(checked(given, source), row), source }
}

/** Some people's variables name the host alone. */
function withPath(url: string, { baseUrlPath }: OwnRow): string {
  if (baseUrlPath === undefined || !URL.canParse(url) || new URL(url).pathname !== "/") return url
  return `${url.replace(/\/+$/, "")}${baseUrlPath}`
}

/** The wire of a row. `SKEIN_OPENAI_WIRE=chat` moves `openai` to Chat, for servers that speak nothing else. */
export function wireOf(row: OwnRow & WireRow, env: Environment): WireName {
  const asked = row.wireEnv === undefined ? "" : (env[row.wireEnv] ?? "").trim()
  if (asked === "") return row.wire
  if (asked === "chat" || asked === "openai-chat") return "openai-chat"
  if (asked === "responses" || asked === "openai-responses") return "openai-responses"
  throw new SkeinError("config.invalid", `${row.wireEnv} is "${asked}"; it can be "chat" or "responses".`)
}

/**
 * OLLAMA_HOST as Ollama reads it: `host`, `host:port`, `:port`, or with a scheme and a path; without a port 11434, or the
 * scheme's own when there is one. `0.0.0.0` is where a server listens and no place to call, so it becomes 127.0.0.1.
 */
export function ollamaUrl(host: string, source = "OLLAMA_HOST"): string {
  const hasScheme = /^https?:\/\//i.test(host)
  const url = new URL(checked(hasScheme ? host : `http://${host.startsWith(":") ? `127.0.0.1${host}` : host}`, source))
  const isPortGiven = hasScheme || /:\d+$/.test(host.split("/")[0] ?? "")
  if (!isPortGiven) url.port = "11434"
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1"
  if (url.hostname === "[::]") url.hostname = "[::1]"
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, "").replace(/\/v1$/, "")}`
}

/** Bedrock's own address: its region is part of the host. */
export function bedrockUrl(region: string): string {
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
  return `https://bedrock-runtime.${region}.${suffix}`
}

function checked(address: string, source: string): string {
  const isHttp = /^https?:\/\//i.test(address) && URL.canParse(address)
  if (isHttp) return address
  throw new SkeinError("config.invalid", `${source} is "${address}", which is no http:// or https:// address.`)
}
