import { withHost } from "../../session/host.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { hasAccounts, logIn } from "./account.ts"

/** `skein auth`: other programs' words for `skein login` with an account. */
export const run: Run = async () => {
  throw new UsageError(
    "Whose login? There are skein auth codex and skein auth copilot; every other is skein login <provider>.",
  )
}

export const codex: Run = (call) => into("openai-codex", call)

export const copilot: Run = (call) => into("github-copilot", call)

function into(id: string, call: Parameters<Run>[0]): Promise<number> {
  if (call.words.length > 0)
    throw new UsageError("It takes no words: whatever is secret is asked for, or comes by itself.")
  return withHost(call, async ({ host, call }) => {
    const owner = host.models.ownerOf(id)
    if (owner === undefined || !hasAccounts(owner)) throw new Error(`${id} is no provider with a login`)
    return await logIn(host, owner, call)
  })
}
