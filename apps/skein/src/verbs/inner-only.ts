import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** A verb that does nothing by itself: its words do. */
export const run: Run = async ({ words }) => {
  const said = words[0] === undefined ? "Say what it is to do" : `There is no ${JSON.stringify(words[0])} here`
  throw new UsageError(`${said}; --help behind the verb lists what there is.`)
}
