import { REQUESTS } from "../surface/requests.ts"

/** Methods that Codex answers only to a client which said in its first request that it wants what is experimental. */
export const EXPERIMENTAL_METHODS: ReadonlySet<string> = new Set(
  REQUESTS.filter(({ isExperimental }) => isExperimental === true).map(({ id }) => id),
)

/** What of other methods is for such clients alone. */
export const EXPERIMENTAL_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "thread/start": ["dynamicTools"],
}
