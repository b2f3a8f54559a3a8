/** Cookies by their names. */
export type Cookies = Readonly<Record<string, string>>

/** The only ones that are sent to Gemini; a browser's file holds those of every site. */
const DOMAINS = [".google.com", "google.com", ".gemini.google.com", "gemini.google.com"]
const COOKIES_MAX = 200
/** RFC 6265 §4.1.1: what may stand in a name, and in a value. */
const NAME = /^[\w!#$%&'*+.^`|~-]{1,128}$/
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,4096}$/

/**
 * Google's cookies out of a Netscape file: seven fields with tabs between them; a line of a cookie that scripts cannot see
 * begins with `#HttpOnly_`. Others, those that are over, and what is no cookie are left out. `now` in milliseconds.
 */
export function cookiesOf(text: string, now: number): Cookies {
  const cookies: Record<string, string> = Object.create(null)
  for (const line of text.split(/\r?\n/)) {
    const [domain = "", , path, , expires = "", name = "", value = ""] = line.replace(/^#HttpOnly_/, "").split("\t")
    if (!DOMAINS.includes(domain.toLowerCase()) || path !== "/") continue
    const isOver = Number(expires) > 0 && Number(expires) * 1000 <= now
    if (isOver || !NAME.test(name) || !VALUE.test(value) || Object.keys(cookies).length >= COOKIES_MAX) continue
    cookies[name] = value
  }
  return cookies
}

export function cookieHeader(cookies: Cookies): string {
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ")
}

/** With what a server set in the place of those that are known. One that it takes away stays: the next answer tells. */
export function rotatedCookies(cookies: Cookies, set: readonly string[]): Cookies {
  const changed = set.flatMap((line) => {
    const [, name = "", value = ""] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
    return Object.hasOwn(cookies, name) || name.startsWith("__Secure-")
      ? VALUE.test(value)
        ? [[name, value] as const]
        : []
      : []
  })
  return { ...cookies, ...Object.fromEntries(changed.filter(([name]) => NAME.test(name))) }
}
