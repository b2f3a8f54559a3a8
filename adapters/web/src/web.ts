import type { DocumentsPort, WebCaller, WebPort } from "@skein/core/ports"
import { addressOf, hostOf } from "./request/address.ts"
import type { Way } from "./request/request.ts"
import { chosenEngines, type EngineChoice, hostsOf } from "./search/engines.ts"

export interface WebOptions {
  /** A way out for one call: every host decided by its gate, connected to at the address that was checked. */
  readonly open: (caller: WebCaller) => Promise<Way>
  readonly documents: DocumentsPort
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** What servers are told of who asks. */
  readonly userAgent: string
  /** Where found things are kept for a while; absolute. Without it nothing is kept. */
  readonly cacheDir?: string | undefined
  /** Who is asked when something is searched for. */
  readonly search?: (() => EngineChoice) | undefined
}

/** The web for tools. Loads what does the work when it is first asked for. */
export function web(options: WebOptions): WebPort {
  const request: WebPort["request"] = async (asked, caller) => {
    const { requested } = await import("./request/request.ts")
    return await requested(asked, caller, options)
  }
  const engines = () => chosenEngines(options.search?.() ?? {})
  return {
    target(text) {
      const url = addressOf(text)
      return { url: url.href, host: hostOf(url) }
    },
    request,
    async page(answer, format, signal) {
      const { pageOf } = await import("./page/page.ts")
      return await pageOf(answer, format, options.documents, signal)
    },
    searchHosts: (asked) => hostsOf(asked, engines()),
    async search(asked, caller) {
      const [{ searched }, { foundFile }] = await Promise.all([
        import("./search/search.ts"),
        import("./search/found.ts"),
      ])
      const { cacheDir, now } = options
      const found = cacheDir === undefined ? undefined : foundFile(cacheDir, now)
      return await searched(asked, caller, { request, engines: engines(), found })
    },
  }
}
