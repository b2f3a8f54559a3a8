import { parsedFields, tokenIn } from "../fields.ts"
import type { Ground } from "../ground.ts"
import { keptName } from "../kept.ts"
import type { Channel } from "../login.ts"
import { away, expired, refused, unusable } from "../refusals.ts"
import { renewing, textOf } from "../renewing.ts"
import { type Answer, isPassing } from "../request.ts"
import { revoked } from "../revoke.ts"
import { grantedPlan, type Plan, readPlan } from "./plan.ts"
import { chatGptServer, NAME } from "./server.ts"

/** Renewed this long before its end, so that none ends on its way. */
const MARGIN_MS = 5 * 60_000

const UNOFFICIAL =
  "This login is not official: OpenAI made it for its own program. It can end it at any time, and its terms may not allow it. An API key is what it offers to others: skein login openai"

/** The login of a ChatGPT plan. */
export function codex(ground: Ground): Channel {
  const { now, kept } = ground
  const server = chatGptServer(ground)

  const renewable = renewing<Plan>(
    {
      ...{ kept, name: NAME, read: readPlan, write: (plan) => ({ ...plan }) },
      secretOf: ({ access }) => access,
      staleAt: ({ expiresAt }) => expiresAt - MARGIN_MS,
      async renew(before, id, signal) {
        const answer = await server.renew(before.refresh, signal)
        const next = answer.status === 200 ? grantedPlan(answer.fields, now(), before) : undefined
        if (next !== undefined && next !== "no_account") return next
        throw isPassing(answer) ? away(NAME, answer) : expired(NAME, id, answer)
      },
      issued: ({ accountId, account, expiresAt, access, refresh }, secret) => ({
        credential: { secret, headers: { "chatgpt-account-id": accountId } },
        ...{ account, expiresAt: expiresAt - MARGIN_MS, isRenewable: true, secrets: [access, refresh] },
      }),
      state: ({ account, accountId, expiresAt }) => ({
        ...{ account: account ?? accountId, expiresAt, isRenewable: true },
        servers: [server.issuer()],
      }),
    },
    now,
  )

  function planOf(answer: Answer): Plan {
    const plan = answer.status === 200 ? grantedPlan(answer.fields, now()) : undefined
    if (plan === "no_account") throw refused(NAME, "the account has no ChatGPT workspace")
    if (plan === undefined) throw unusable(NAME, answer)
    return plan
  }

  return {
    ...renewable,
    unofficial: UNOFFICIAL,
    async login(id, { way }, person, place) {
      const store = await place()
      const plan = planOf(await (way === "device" ? server.byCode(person) : server.byBrowser(person)))
      return { account: plan.account ?? plan.accountId, place: await store.set(keptName(id), textOf({ ...plan })) }
    },
    async logout(id) {
      const found = await kept.read(id)
      const removed = await kept.remove(id)
      const refresh = tokenIn(parsedFields(found?.text ?? ""), "refresh")
      return { removed, notes: refresh === undefined ? [] : await revoked(() => server.revoke(refresh)) }
    },
  }
}
