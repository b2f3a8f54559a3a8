import { asList, asObject, type Json } from "@skein/protocol/json"
import { fingerprintOf } from "../files/fingerprint.ts"
import { objectIn } from "../files/json.ts"
import type { SessionStore } from "./store.ts"

/** What `opencode export` writes: `{info, messages: [{info, parts}]}`. */
export function exported(path: string): SessionStore {
  const read = () => objectIn(path)
  return {
    async sessions() {
      const info = asObject((await read())?.info)
      return info === undefined ? [] : [info]
    },
    async *messages(_id, onBroken) {
      for (const entry of asList((await read())?.messages)) {
        const message = asObject(asObject(entry)?.info)
        if (message === undefined) onBroken()
        else yield { message, parts: partsOf(asObject(entry)) }
      }
    },
    fingerprint: () => fingerprintOf(path),
  }
}

function partsOf(entry: Json | undefined): readonly Json[] {
  return asList(entry?.parts).map((part) => asObject(part) ?? {})
}
