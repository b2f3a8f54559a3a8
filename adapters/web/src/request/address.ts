import { ToolFailure } from "@skein/core/ports"

const CHARS_MAX = 8_000

/** An address that may be asked: http or https, of a host, without a name and password in it. Throws ToolFailure. */
export function addressOf(text: string, base?: string): URL {
  const shown = JSON.stringify(text.slice(0, 200))
  if (text.length > CHARS_MAX) throw new ToolFailure(`An address of ${text.length} characters is not asked for.`)
  if (!URL.canParse(text, base))
    throw new ToolFailure(`${shown} is no address. It takes one like https://example.com/a.`)
  const url = new URL(text, base)
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new ToolFailure(`Only http and https are asked for, not ${url.protocol}//.`)
  if (url.username !== "" || url.password !== "")
    throw new ToolFailure("An address with a name and password in it is not asked for: those would stand in records.")
  url.hash = ""
  return url
}

/** `example.com:443`: what is decided about. */
export function hostOf(url: URL): string {
  const host = url.hostname.replace(/\.$/, "")
  return `${host}:${url.port === "" ? (url.protocol === "http:" ? 80 : 443) : url.port}`
}
