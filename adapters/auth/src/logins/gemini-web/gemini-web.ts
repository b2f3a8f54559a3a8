import { SkeinError } from "@skein/protocol"
import { keyFileReader } from "../../key-file.ts"
import { type Fields, fieldsOf, numberIn } from "../fields.ts"
import { type Ground, said } from "../ground.ts"
import { keptName } from "../kept.ts"
import type { Channel } from "../login.ts"
import { again } from "../refusals.ts"
import { renewing, textOf } from "../renewing.ts"
import { ask, isPassing, refusalText } from "../request.ts"
import { type Cookies, cookieHeader, cookiesOf, rotatedCookies } from "./cookies.ts"

const NAME = "Gemini on the web"
const ROTATE_URL = "https://accounts.google.com/RotateCookies"
/** As long as the session's short cookie is good. */
const FRESH_MS = 20 * 60_000
const FILE_BYTES_MAX = 1024 * 1024
/** Without it nobody is logged in. */
const SESSION_COOKIE = "__Secure-1PSID"

interface WebSession {
  readonly cookies: Cookies
  /** Milliseconds since 1970. */
  readonly freshAt: number
}

/** The session of a browser at gemini.google.com, from a file of its cookies; its short cookie is renewed after 20 minutes. */
export function geminiWeb({ env, now, fetch, kept }: Ground): Channel {
  const rotateUrl = () => said(env, "SKEIN_GEMINI_WEB_ROTATE_URL") ?? ROTATE_URL
  const renewable = renewing<WebSession>(
    {
      ...{ kept, name: NAME, read, write: (record) => ({ ...record }) },
      secretOf: ({ cookies }) => cookieHeader(cookies),
      staleAt: ({ freshAt }) => freshAt + FRESH_MS,
      async renew({ cookies }, id, signal) {
        const answer = await ask(fetch, {
          ...{
            url: rotateUrl(),
            what: `renew the login of ${NAME}`,
            signal,
          },
          headers: { cookie: cookieHeader(cookies), origin: "https://accounts.google.com" },
          json: [0, "-0000000000000000000"],
        })
        if (answer.status === 200)
          return { cookies: rotatedCookies(cookies, answer.headers.getSetCookie()), freshAt: now() }
        const why = `${answer.host} answered ${refusalText(answer)}`
        if (isPassing(answer))
          throw new SkeinError(
            "login.unavailable",
            `The login of ${NAME} cannot be renewed now: ${why}. Try again later.`,
          )
        throw new SkeinError("login.expired", `The login of ${NAME} is over: ${why}. ${again(id)} --cookies <file>`)
      },
      issued: ({ cookies, freshAt }, secret) => ({
        credential: { secret },
        ...{ expiresAt: freshAt + FRESH_MS, isRenewable: true, secrets: [secret, ...Object.values(cookies)] },
      }),
      state: () => ({ account: undefined, isRenewable: true, servers: [rotateUrl()] }),
    },
    now,
  )
  return {
    ...renewable,
    unofficial:
      "This login is not official: it takes the session of your browser, which opens your whole Google account. Google can end it at any time, and its terms may not allow it. An API key is what it offers: skein login google",
    async login(id, wish, _, place) {
      if (wish.cookies === undefined)
        throw new SkeinError(
          "login.refused",
          `${NAME} is logged in to with the cookies of a browser: export those of gemini.google.com as a Netscape cookies.txt, and say --cookies <file>.`,
        )
      const cookies = cookiesOf(keyFileReader(wish.cookies, FILE_BYTES_MAX, "file of cookies")().text, now())
      if (cookies[SESSION_COOKIE] === undefined)
        throw new SkeinError(
          "login.refused",
          `${wish.cookies} holds no cookie ${SESSION_COOKIE} of google.com that is still good. Log in at gemini.google.com and export its cookies again, as a Netscape cookies.txt.`,
        )
      const store = await place()
      return { account: undefined, place: await store.set(keptName(id), textOf({ cookies, freshAt: now() })) }
    },
    async logout(id) {
      const removed = await kept.remove(id)
      const note = "The session of the browser goes on: log out there to end it."
      return { removed, notes: removed.length === 0 ? [] : [note] }
    },
  }
}

function read(fields: Fields): WebSession | undefined {
  const cookies = Object.entries(fieldsOf(fields.cookies) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  )
  return cookies.length === 0
    ? undefined
    : { cookies: Object.fromEntries(cookies), freshAt: numberIn(fields, "freshAt") ?? 0 }
}
