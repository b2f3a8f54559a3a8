import { asText, type Json } from "@skein/protocol/json"
import { sessionIdOf } from "../words.ts"
import { type Context, needed, personalOf, type Reply } from "./method.ts"
import { METHOD_NOT_FOUND, RpcError } from "./peer.ts"

const PROVIDER = "openai"

/** `account/login/start`: a key, which is kept where programs cannot just read it. Logins by a page are the person's own. */
export async function startLogin(params: Json, context: Context): Promise<Reply> {
  const { keys } = personalOf("account/login/start", context)
  const type = needed(params, "type")
  if (type !== "apiKey") {
    throw new RpcError(
      `account/login/start of type ${type} is not available: log in with skein login, which opens the page and keeps the login`,
      METHOD_NOT_FOUND,
    )
  }
  await keys.keep(PROVIDER, needed(params, "apiKey"))
  context.threads.forgetModels()
  return {
    result: { type: "apiKey" },
    after: () => {
      const done = { loginId: null, success: true, error: null, onboardingEntrypoint: null }
      context.audience.tell("account/login/completed", done)
      context.audience.tell("account/updated", { authMode: "apikey", planType: null })
    },
  }
}

export async function logOut(_params: Json, context: Context): Promise<Reply> {
  const { keys } = personalOf("account/logout", context)
  await keys.drop(PROVIDER)
  context.threads.forgetModels()
  return { result: {}, after: () => context.audience.tell("account/updated", { authMode: null, planType: null }) }
}

/** What an account with its provider alone could tell. */
export function noAccount(what: string): () => Reply {
  return () => {
    throw new RpcError(`codex account authentication required to read ${what}`)
  }
}

/** `account/usage/read`: what this machine's own sessions took, by day. */
export async function readUsage(params: Json, { engine, threads }: Context): Promise<Reply> {
  const threadId = asText(params.threadId)
  if (threadId !== undefined) await threads.read(threadId)
  const of = threadId === undefined ? {} : { sessionId: sessionIdOf(threadId) }
  const { total, days, turns } = await engine.ask({ type: "usage.report", ...of })
  const tokensOf = ({ usage }: (typeof days)[number] | typeof total) =>
    usage.input + usage.cacheRead + usage.cacheWrite + usage.output
  const dailyUsageBuckets = days.map((day) => ({ startDate: day.day, tokens: tokensOf(day) }))
  const peak = dailyUsageBuckets.reduce((most, { tokens }) => Math.max(most, tokens), 0)
  const longest = turns.reduce((most, { modelMs }) => Math.max(most, modelMs), 0)
  return {
    result: {
      summary: {
        lifetimeTokens: tokensOf(total),
        peakDailyTokens: peak,
        longestRunningTurnSec: turns.length === 0 ? null : Math.round(longest / 1_000),
        ...{ currentStreakDays: null, longestStreakDays: null },
      },
      dailyUsageBuckets,
      threadUsage: null,
    },
  }
}
