import { SkeinError } from "@skein/protocol"
import type { Asked } from "./ask.ts"
import { isOwnMachine } from "./network.ts"
import { baseUrlOf } from "./providers/address.ts"

/**
 * An error that a machine without any network gives is told as that, and at once: another try would change nothing. What
 * runs on this machine is said instead.
 * @param isOffline whether this machine has no network at all; asked only when a provider could not be reached
 */
export function toldOffline(
  error: unknown,
  { row, env, credential }: Asked,
  isOffline: (() => boolean) | undefined,
): unknown {
  if (!(error instanceof SkeinError) || error.code !== "provider.unavailable" || error.httpStatus !== undefined)
    return error
  const baseUrl = baseUrlOf(row, env, credential)
  if (row.isOwnProcess === true || isOwnMachine(baseUrl) || isOffline?.() !== true) return error
  const text = `This machine has no network, so ${row.name} cannot be reached. Models of this machine can be asked: "skein models local" lists model files, and an Ollama's are ollama/….`
  return new SkeinError("op.unsupported", text, { cause: error })
}
