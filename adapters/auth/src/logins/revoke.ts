import { SkeinError } from "@skein/protocol"
import { type Answer, refusalText } from "./request.ts"

/** Ends a token at its server; what a person should know when that could not be done. */
export async function revoked(end: () => Promise<Answer>): Promise<readonly string[]> {
  const why = await end().then(
    (answer) => (answer.status < 300 ? undefined : `${answer.host} answered ${refusalText(answer)}`),
    (error: unknown) => {
      if (error instanceof SkeinError) return error.message.replace(/\.$/, "")
      throw error
    },
  )
  return why === undefined ? [] : [`The token was removed here, and could not be ended at its server: ${why}.`]
}
