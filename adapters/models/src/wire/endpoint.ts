import type { ModelRequest } from "@skein/core/ports"
import { imagesOf } from "./content.ts"
import type { Target } from "./wire.ts"

/** The whole address. A query in the base URL stays at its end. */
export function endpoint(baseUrl: string, path: string): string {
  const [base = "", baseQuery] = baseUrl.split("?", 2)
  const url = base.replace(/\/+$/, "") + path
  if (baseQuery === undefined || baseQuery === "") return url
  return `${url}${url.includes("?") ? "&" : "?"}${baseQuery}`
}

/** `version` before `path`, unless the base URL names an API version already. */
export function versioned(baseUrl: string, version: string, path: string): string {
  const [base = ""] = baseUrl.split("?", 2)
  return /\/v\d+[a-z0-9]*(\/|$)/.test(base) ? path : version + path
}

/** The wire's own path, or the dialect's in its place. */
export function pathOf(target: Target, own: string): string {
  const path = target.provider.dialect?.path
  return path === undefined ? own : path.replace("{model}", () => encodeURIComponent(target.modelId))
}

/** What a dialect wants said of a request in its headers. */
export function requestHeaders(request: ModelRequest, target: Target): Record<string, string> {
  const { initiatorHeader, picturesHeader, sessionHeader } = target.provider.dialect ?? {}
  const last = request.messages.at(-1)
  const isAgent = last?.content.some(({ type }) => type === "result") === true
  return {
    ...(initiatorHeader === undefined ? {} : { [initiatorHeader]: isAgent ? "agent" : "user" }),
    ...(picturesHeader === undefined || !request.messages.some(hasPicture) ? {} : { [picturesHeader]: "true" }),
    ...(sessionHeader === undefined ? {} : { [sessionHeader]: request.cacheKey }),
  }
}

function hasPicture({ content }: ModelRequest["messages"][number]): boolean {
  return content.some(
    (block) => block.type === "image" || (block.type === "result" && imagesOf(block.content).length > 0),
  )
}

/** The headers of every request: the key in its header, and the provider's own. */
export function headersFor(
  target: Target,
  keyHeader: "authorization" | "x-api-key" | "x-goog-api-key" | "cookie",
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const dialect = target.provider.dialect
  const headers: Record<string, string> = { "content-type": "application/json", accept: "text/event-stream", ...extra }
  if (target.key !== undefined && target.key !== "") {
    const name = dialect?.keyHeader ?? keyHeader
    headers[name] = name === "authorization" ? `Bearer ${target.key}` : target.key
  }
  return withOwn(withOwn(headers, target.loginHeaders ?? {}), dialect?.headers ?? {})
}

/**
 * Names of headers have no case, and `fetch` joins two of one name with a comma: a key twice is no key. So a person's own
 * replaces ours; but for the betas, which are a list, and of which ours are needed.
 */
function withOwn(headers: Record<string, string>, own: Readonly<Record<string, string>>): Record<string, string> {
  const all = { ...headers }
  for (const [given, value] of Object.entries(own)) {
    const name = given.toLowerCase()
    const ours = all[name]
    all[name] = name === "anthropic-beta" && ours !== undefined ? `${ours},${value}` : value
  }
  return all
}
