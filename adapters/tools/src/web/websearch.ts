import { type PlanContext, type SearchAsked, type SearchFindings, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { asksHosts, callerOf, webOf } from "./caller.ts"

interface Input {
  readonly query: string
  readonly limit: number
  readonly domains: readonly string[]
}

/** Asks several search engines of the web at once. Held to the setting `web_search`. */
export const websearch = defineTool<Input, SearchAsked>({
  name: "websearch",
  description:
    "Search the web: several engines at once, one ranked list of titles, addresses and snippets. Read a page with webfetch.",
  summary: "search the web",
  input: () =>
    z.strictObject({
      query: z.string().trim().min(1).max(400),
      limit: z.int().min(1).max(30).default(10),
      domains: z
        .array(z.string().regex(DOMAIN, "is a domain, as docs.rs"))
        .max(10)
        .default([])
        .describe("only these, as docs.rs"),
    }),
  kind: "search",
  effects: ["network"],
  isConcurrent: true,
  timeoutMs: 60_000,
  title: ({ query }) => `websearch ${query}`,
  async plan(input, world, context) {
    const asked = askedOf(input, context)
    const hosts = webOf(world).searchHosts(asked)
    return asksHosts(hosts, `search for ${JSON.stringify(input.query)}`, asked)
  },
  async run({ query }, world, context, asked) {
    const caller = asked.isCachedOnly ? { ...context, network: refusing } : callerOf(context)
    const findings = await webOf(world).search(asked, caller)
    const text = textOf(findings)
    return {
      forModel: [{ type: "text", text }],
      forHuman: { kind: "matches", body: text, summary: countOf(findings) },
      network: findings.network,
      provenance: { source: `what a search for ${JSON.stringify(query)} found`, isTrusted: false },
    }
  },
})

const DOMAIN = /^(?=.{1,253}$)[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)+$/

/** Nobody is asked when only what was found before is wanted. */
const refusing = async () => ({ isAllowed: false, reason: "web_search is cached" })

/** What is asked for, held to what the person allows. Throws ToolFailure. */
function askedOf({ query, limit, domains }: Input, { webSearch }: PlanContext): SearchAsked {
  const access = webSearch?.access ?? "disabled"
  if (access === "disabled") {
    throw new ToolFailure(
      'Searching the web is off. A person turns it on with /web-search live, or web_search = "live".',
    )
  }
  const allowed = webSearch?.allowedDomains ?? []
  const wanted = domains.map((domain) => domain.toLowerCase())
  const isAllowed = (domain: string) => allowed.some((each) => domain === each || domain.endsWith(`.${each}`))
  const kept = allowed.length === 0 ? wanted : wanted.length === 0 ? allowed : wanted.filter(isAllowed)
  if (wanted.length > 0 && kept.length === 0)
    throw new ToolFailure(`Only ${allowed.join(", ")} may be searched: tools.web_search.allowed_domains says so.`)
  return { query, limit, domains: kept, isCachedOnly: access === "cached" }
}

function countOf({ results, answered }: SearchFindings): string {
  return `${results.length} result${results.length === 1 ? "" : "s"}, ${answered.length} engine${answered.length === 1 ? "" : "s"}`
}

function textOf({ results, answered, failed }: SearchFindings): string {
  const list = results.map(({ title, url, snippet, engines }, at) => {
    const said = snippet === "" ? [] : [`   ${snippet}`]
    return [`${at + 1}. ${title}`, `   ${url}`, ...said, `   (${engines.join(", ")})`].join("\n")
  })
  const without = failed.map(({ engine, reason }) => `${engine} did not answer: ${reason}.`)
  const nothing = results.length === 0 ? [`Nothing was found by ${answered.join(", ")}.`] : []
  return [...list, ...nothing, ...(without.length > 0 ? [`(${without.join(" ")})`] : [])].join("\n")
}
