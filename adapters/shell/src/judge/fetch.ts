import type { Word } from "../syntax/nodes.ts"
import { hostIn, isLocal } from "./hosts.ts"
import { operandsOf } from "./program.ts"
import { type Verdict, verdict } from "./verdict.ts"

const CURL_SENDS =
  /^(?:-[a-zA-Z]*[dFT]|--data|--form|--upload-file|--json|--post|--body-file|--method=(?:POST|PUT|PATCH|DELETE)|--url-query)/
const CURL_POWERS =
  /^(?:-[a-zA-Z]*[oOKcJTxEDi]|--(?:output|remote-name|config|cookie-jar|proxy|preproxy|socks|unix-socket|abstract-unix-socket|resolve|connect-to|dump-header|upload-file|trace|engine|netrc|cert|key|libcurl|stderr|hsts|alt-svc|etag-save|execute|use-askpass|input-file|directory-prefix|post-file|body-file|save-cookies|append-output|mirror|recursive|interface|doh|dns|time-cond|warc|rejected-log))/

/** What is asked of an address, or sent there: curl, wget. */
export function judgeFetch(rest: readonly Word[], name: string): Verdict {
  const texts = rest.map(({ value, head }) => value ?? head)
  const hosts = operandsOf(rest).flatMap(({ value }) =>
    value === undefined
      ? []
      : (hostIn(value) ??
        (/^(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:[/?]|$)/.test(value) ? hostIn(value, "http") : undefined) ??
        []),
  )
  const method = texts.flatMap((text, at) =>
    /^(?:-X|--request)$/.test(text) ? [texts[at + 1] ?? ""] : (/^(?:-X|--request=)(\w+)/.exec(text)?.slice(1) ?? []),
  )
  const isSending =
    texts.some((text) => CURL_SENDS.test(text)) || method.some((one) => !/^(?:GET|HEAD|OPTIONS)$/.test(one))
  const powerful = rest.filter(({ value, head }) => CURL_POWERS.test(value ?? head)).map(({ text }) => text)
  const writes =
    name === "wget"
      ? []
      : rest.flatMap(({ value }, at) => (/^(?:-[a-zA-Z]*o|--output)$/.test(value ?? "") ? (rest[at + 1] ?? []) : []))
  const savesByName = name === "wget" || texts.some((text) => /^(?:-[a-zA-Z]*O|--remote-name)/.test(text))
  const isNear = hosts.length > 0 && hosts.every(isLocal) && rest.every(({ value }) => value !== undefined)
  const risks = [
    "network" as const,
    ...(isSending && !isNear ? ["publish" as const] : []),
    ...(writes.length > 0 || savesByName ? ["write" as const] : []),
  ]
  const where = hosts.length > 0 ? hosts.join(", ") : "an address that is only known when it runs"
  return verdict(risks, `${name} ${isSending ? "sends to" : "asks"} ${where}`, { hosts, powerful, writes })
}

/** Another machine, and programs that reach it by its name: ssh, nc. */
export function judgeRemote(rest: readonly Word[], name: string): Verdict {
  const hosts = operandsOf(rest).flatMap(
    ({ value }) =>
      hostIn(value ?? "") ??
      (name === "ssh" && value !== undefined && /^[\w.@-]+$/.test(value) ? [`${value.split("@").at(-1)}:22`] : []),
  )
  const more = name === "ping" ? [] : (["publish"] as const)
  return verdict(["network", ...more], `${name} reaches another machine`, {
    hosts: name === "ssh" ? hosts.slice(0, 1) : hosts,
  })
}
