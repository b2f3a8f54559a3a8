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

/** The headers of every request: the key in its header, and the provider's own. */
export function headersFor(
  target: Target,
  keyHeader: "authorization" | "x-api-key" | "x-goog-api-key",
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const dialect = target.provider.dialect
  const headers: Record<string, string> = { "content-type": "application/json", accept: "text/event-stream", ...extra }
  if (target.key !== undefined && target.key !== "") {
    const name = dialect?.keyHeader ?? keyHeader
    headers[name] = name === "authorization" ? `Bearer ${target.key}` : target.key
  }
  return withOwn(headers, dialect?.headers ?? {})
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
